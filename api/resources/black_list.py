"""The black list: whole for the authority, what is published for everybody.

An entry is made and lifted by a measure, which two people decide.
"""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, public, requires
from api.blueprint import Blueprint
from api.paging import page_schema
from api.runtime import runtime
from api.schemas.black_list import (
    BlackListingSchema,
    BlackListQuery,
    BlackListQuerySchema,
)
from api.schemas.public_reports import PublishedBlackList, PublishedBlackListSchema
from api.transactions import reading
from waybill.clock import local_date
from waybill.registry.access import Permission
from waybill.registry.black_listing import BlackListing
from waybill.services.measures.queries import published_black_list
from waybill.services.paging import Page
from waybill.services.registry import black_list

blueprint = Blueprint(
    "black_list", __name__, url_prefix="/api/v1/black-list", description="Black list (黑名单)"
)


@blueprint.get("")
@requires(Permission.READ_BLACK_LIST)
@blueprint.arguments(BlackListQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(BlackListingSchema))
def list_black_listings(wanted: BlackListQuery) -> Page[BlackListing]:
    """List entries in the order of their making."""
    with reading() as session:
        return black_list.list_black_listings(
            session,
            actor(),
            subject_id=wanted.subject_id,
            in_force_on=wanted.in_force_on,
            page=wanted.page,
        )


@blueprint.get("/published")
@public("the published black list is for everybody")
@blueprint.response(HTTPStatus.OK, PublishedBlackListSchema)
def list_published() -> PublishedBlackList:
    """List the published entries that bar now, with the moment of reading; never a person."""
    now = runtime().clock.now()
    with reading() as session:
        return PublishedBlackList(
            read_at=now, items=published_black_list(session, on=local_date(now))
        )


@blueprint.get("/<uuid:black_listing_id>")
@requires(Permission.READ_BLACK_LIST)
@blueprint.response(HTTPStatus.OK, BlackListingSchema)
def get_black_listing(black_listing_id: UUID) -> BlackListing:
    """Show an entry."""
    with reading() as session:
        return black_list.get_black_listing(session, actor(), black_listing_id)
