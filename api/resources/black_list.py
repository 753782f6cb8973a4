"""The black list: the authority's alone."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.paging import page_schema
from api.schemas.black_list import (
    BlackListingSchema,
    BlackListQuery,
    BlackListQuerySchema,
)
from api.transactions import reading
from waybill.registry.access import Permission
from waybill.registry.black_listing import BlackListing
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


@blueprint.get("/<uuid:black_listing_id>")
@requires(Permission.READ_BLACK_LIST)
@blueprint.response(HTTPStatus.OK, BlackListingSchema)
def get_black_listing(black_listing_id: UUID) -> BlackListing:
    """Show an entry."""
    with reading() as session:
        return black_list.get_black_listing(session, actor(), black_listing_id)
