"""The log, for those who watch over it."""

from http import HTTPStatus

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.paging import page_schema
from api.runtime import runtime
from api.schemas.events import EventPageQuery, EventQuerySchema, EventSchema
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
    """Search the log, newest first. Each search is itself recorded."""
    request = PageRequest(limit=wanted.page.limit, after=wanted.page.after_id)
    with transaction() as session:
        return search_events(session, actor(), wanted.query, request, clock=runtime().clock)
