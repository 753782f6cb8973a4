"""The auditor's search of the log. Personal values stand as commitments and are never shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader, Words, messages_of
from api.pages.showing import findings_shown
from api.runtime import runtime
from api.transactions import transaction
from waybill.codec import JsonValue
from waybill.errors import InvalidFieldError
from waybill.identifiers import IdentifierError, parse_plate
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import OrganisationRole, PlateColour
from waybill.registry.records import Facility
from waybill.rules.finding import Finding
from waybill.services.event_search import EventQuery, FoundEvent, search_events
from waybill.services.event_views import event_outcome, get_event, waybill_numbers
from waybill.services.paging import MAX_PAGE_ITEMS, Page, PageRequest
from waybill.services.personal.holdings import commitments_in, known_values
from waybill.services.registry.organisations import list_directory
from waybill.services.replay import Replayed, audit_event, names_verdict
from waybill.services.waybills.queries import WaybillFilter, list_waybills
from waybill.storage.events import EventKind

NO_SUCH_WAYBILL: Final[Words] = (
    "no-such-waybill",
    "没有此编号的运单。",
    "There is no waybill with this number.",
)
ROWS: Final = 50
ONE: Final = PageRequest(limit=1)

blueprint = Blueprint("auditor", __name__, url_prefix="/events")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for, as services take it, and behind which event the page begins."""

    query: EventQuery
    page: PageRequest


@blueprint.get("")
@requires(Permission.READ_EVENTS)
def index() -> ResponseReturnValue:
    """Search the log; the search itself is an entry of it."""
    found: Page[FoundEvent] = Page(items=(), next_after=None)
    numbers: Mapping[str, str] = {}
    messages: dict[str, str] = {}
    with transaction() as session:
        try:
            search = _search(session, actor(), FormReader(form=request.args))
        except InvalidFieldError as error:
            messages = dict(messages_of(error.problems, language()))
        else:
            found = search_events(
                session, actor(), search.query, search.page, clock=runtime().clock
            )
            numbers = waybill_numbers(session, found.items)
        facilities = _facilities(session, actor())
    return render_template(
        "auditor/index.html",
        events=[(event, event_outcome(event.kind, event.body)) for event in found.items],
        numbers=numbers,
        next_after=found.next_after,
        facilities=facilities,
        kinds=tuple(EventKind),
        colours=tuple(PlateColour),
        values=request.args,
        messages=messages,
        carried={k: v for k, v in request.args.items() if k != "after"},
    )


@blueprint.get("/<uuid:event_id>")
@requires(Permission.READ_EVENTS)
def show(event_id: UUID) -> ResponseReturnValue:
    """Show one event whole."""
    return _event(event_id)


@blueprint.post("/<uuid:event_id>/replay")
@requires(Permission.READ_EVENTS)
def replay(event_id: UUID) -> ResponseReturnValue:
    """Recompute the verdict that an event names, and show it with what came out."""
    with transaction() as session:
        return _event(event_id, audit_event(session, actor(), event_id, clock=runtime().clock))


def _event(event_id: UUID, replayed: Replayed | None = None) -> str:
    with transaction() as session:
        found = get_event(session, actor(), event_id, clock=runtime().clock)
        numbers = waybill_numbers(session, (found.event,))
        judged = names_verdict(session, event_id)
        personal = known_values(session, actor(), commitments_in(found.event.body))
    body = json.dumps(found.event.body, ensure_ascii=False, indent=2, sort_keys=True)
    return render_template(
        "auditor/event.html",
        found=found,
        event=found.event,
        outcome=event_outcome(found.event.kind, found.event.body),
        numbers=numbers,
        body=body,
        judged=judged,
        personal=personal,
        replayed=replayed,
        differences=[
            (found.code, _words_of(found.stored), _words_of(found.replayed))
            for found in (replayed.differences if replayed else ())
        ],
    )


def _words_of(finding: Finding | None) -> dict[str, JsonValue] | None:
    return findings_shown([finding])[0] if finding else None


def _search(session: Session, who: Actor, reader: FormReader) -> Search:
    plate = reader.text("plate")
    colour = reader.optional_choice("plate_colour", PlateColour)
    query = EventQuery(
        waybill_id=_waybill(session, who, reader),
        plate=_plate(reader, plate) if plate else None,
        plate_colour=colour if plate else None,
        facility_id=reader.identity("facility"),
        kind=reader.optional_choice("kind", EventKind),
        from_at=reader.moment("from"),
        to_at=reader.moment("to"),
    )
    page = PageRequest(limit=ROWS, after=reader.identity("after"))
    reader.settle()
    return Search(query=query, page=page)


def _waybill(session: Session, who: Actor, reader: FormReader) -> UUID | None:
    """Return the waybill of a number; auditors know numbers, the log knows ids."""
    number = reader.text("number").upper()
    if not number:
        return None
    found = list_waybills(session, who, WaybillFilter(number=number), ONE).items
    if not found:
        reader.complain("number", NO_SUCH_WAYBILL)
        return None
    return found[0].id


def _plate(reader: FormReader, text: str) -> str | None:
    try:
        return parse_plate(text).number
    except IdentifierError as error:
        reader.complain("plate", (error.code, error.message_zh, error.message_en))
        return None


def _facilities(session: Session, who: Actor) -> list[tuple[str, Facility]]:
    found = list_directory(
        session, who, role=OrganisationRole.LOADER, page=PageRequest(limit=MAX_PAGE_ITEMS)
    ).items
    return [(entry.name, facility) for entry in found for facility in entry.facilities]
