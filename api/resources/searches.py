"""Searches of the log that are kept under a name."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.desk import desk_reading
from api.paging import PageQuery, PlainPageSchema, page_schema
from api.runtime import runtime
from api.schemas.desk import NewSearchSchema, SavedSearchSchema, WantedSearch
from api.schemas.events import EventSchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.services.desk import searches
from waybill.services.desk.searches import SavedSearch
from waybill.services.event_search import FoundEvent, search_events
from waybill.services.paging import Page, PageRequest

blueprint = Blueprint(
    "searches", __name__, url_prefix="/api/v1/searches", description="Kept searches (已存查询)"
)


@blueprint.post("")
@requires(Permission.READ_EVENTS)
@blueprint.arguments(NewSearchSchema)
@blueprint.response(HTTPStatus.CREATED, SavedSearchSchema)
def save_search(wanted: WantedSearch) -> SavedSearch:
    """Keep a search. Its id can be passed on: whoever reads the log opens it by `/searches/{id}`.

    Of a person only the keyed hash of the identity number is kept.
    """
    query = wanted.settled(runtime().vault)
    with transaction() as session:
        return searches.save_search(session, actor(), wanted.name, query, clock=runtime().clock)


@blueprint.get("")
@requires(Permission.READ_EVENTS)
@blueprint.arguments(PlainPageSchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(SavedSearchSchema))
def list_searches(page: PageQuery) -> Page[SavedSearch]:
    """List this account's searches, in the order of their making."""
    wanted = PageRequest(limit=page.limit, after=page.after_id)
    with reading() as session:
        return searches.list_searches(session, actor(), page=wanted)


@blueprint.get("/<uuid:search_id>")
@requires(Permission.READ_EVENTS)
@blueprint.response(HTTPStatus.OK, SavedSearchSchema)
def get_search(search_id: UUID) -> SavedSearch:
    """Show a kept search; for one of a person the account needs `personal:read`."""
    with reading() as session:
        return searches.get_search(session, actor(), search_id)


@blueprint.get("/<uuid:search_id>/events")
@requires(Permission.READ_EVENTS)
@blueprint.arguments(PlainPageSchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(EventSchema))
def list_found(page: PageQuery, search_id: UUID) -> Page[FoundEvent]:
    """Search the log by a kept search, newest first. Each search is itself recorded."""
    request = PageRequest(limit=page.limit, after=page.after_id)
    with transaction() as session, desk_reading(after=page.after_id) as source:
        saved = searches.get_search(session, actor(), search_id)
        return search_events(
            session, actor(), saved.query, request, source=source, clock=runtime().clock
        )


@blueprint.delete("/<uuid:search_id>")
@requires(Permission.READ_EVENTS)
@blueprint.response(HTTPStatus.NO_CONTENT)
def remove_search(search_id: UUID) -> None:
    """Remove a search of one's own; its link then leads nowhere."""
    with transaction() as session:
        searches.remove_search(session, actor(), search_id, clock=runtime().clock)
