"""The log, for those who watch over it."""

from http import HTTPStatus

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.desk import desk_reading
from api.paging import page_schema
from api.runtime import runtime
from api.schemas.events import EventPageQuery, EventQuerySchema, EventSchema, EventSearchSchema
from api.transactions import transaction
from waybill.registry.access import Permission
from waybill.services.event_search import FoundEvent, search_events
from waybill.services.paging import Page, PageRequest

blueprint = Blueprint("events", __name__, url_prefix="/api/v1/events", description="The log (留痕)")


@blueprint.get("")
@requires(Permission.READ_EVENTS)
@blueprint.arguments(EventQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(EventSchema))
def list_events(wanted: EventPageQuery) -> Page[FoundEvent]:
    """Search the log, newest first. Each search is itself recorded.

    A page may be shorter than its limit, or empty, and still have one that follows: where events
    that fit are few, it says how far was looked.
    """
    return _search(wanted)


@blueprint.post("/searches")
@requires(Permission.READ_EVENTS)
@blueprint.arguments(EventSearchSchema)
@blueprint.response(HTTPStatus.OK, page_schema(EventSchema))
def search_log(wanted: EventPageQuery) -> Page[FoundEvent]:
    """Search the log by anything, a person included. Each search is itself recorded.

    A person is looked for by identity number, and only by accounts with `personal:read`.
    """
    return _search(wanted)


def _search(wanted: EventPageQuery) -> Page[FoundEvent]:
    request = PageRequest(limit=wanted.page.limit, after=wanted.page.after_id)
    query = wanted.settled(runtime().vault)
    with transaction() as session, desk_reading(after=request.after) as source:
        return search_events(session, actor(), query, request, source=source, clock=runtime().clock)
