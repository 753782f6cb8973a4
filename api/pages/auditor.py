"""The auditor's search of the log. Personal values stand as commitments and are never shown."""

import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.auth import actor, requires
from api.desk import desk_reading
from api.language import language
from api.page_forms import FormReader, messages_of
from api.pages.event_forms import PERSON, asked, carried, read_choices, read_query
from api.pages.showing import findings_shown
from api.runtime import runtime
from api.transactions import transaction
from waybill.codec import JsonValue, time_of_id
from waybill.errors import InvalidFieldError
from waybill.registry.access import Permission
from waybill.rules.finding import Finding
from waybill.services.desk.exports import ExportFormat
from waybill.services.event_search import FoundEvent, search_events
from waybill.services.event_views import event_outcome, get_event, waybill_numbers
from waybill.services.paging import Page, PageRequest
from waybill.services.personal.holdings import commitments_in, known_values
from waybill.services.replay import Replayed, audit_event, names_verdict

ROWS: Final = 50
NOTHING: Final[Page[FoundEvent]] = Page(items=(), next_after=None)

blueprint = Blueprint("auditor", __name__, url_prefix="/events")


@blueprint.get("")
@requires(Permission.READ_EVENTS)
def index() -> ResponseReturnValue:
    """Search the log; the search itself is an entry of it."""
    return _results()


@blueprint.post("")
@requires(Permission.READ_EVENTS)
def search() -> ResponseReturnValue:
    """Search the log by a person too: an identity number is sent in the body, never in a link."""
    return _results()


def _results() -> str:
    form, found = asked(), NOTHING
    numbers: Mapping[str, str] = {}
    messages: dict[str, str] = {}
    with transaction() as session:
        try:
            query = read_query(session, actor(), form)
            page = PageRequest(limit=ROWS, after=_after(form))
        except InvalidFieldError as error:
            messages = dict(messages_of(error.problems, language()))
        else:
            with desk_reading(after=page.after) as source:
                found = search_events(
                    session, actor(), query, page, source=source, clock=runtime().clock
                )
                numbers = waybill_numbers(source, found.items)
        choices = read_choices(session, actor())
    return render_template(
        "auditor/index.html",
        events=[(event, event_outcome(event.kind, event.body)) for event in found.items],
        numbers=numbers,
        next_after=found.next_after,
        looked_back_to=time_of_id(found.next_after) if found.next_after else None,
        full=len(found.items) == ROWS,
        choices=choices,
        values=form,
        messages=messages,
        carried=carried(form),
        person=form.get(PERSON, "") if request.method == "POST" else "",
        formats=tuple(ExportFormat),
    )


def _after(form: MultiDict[str, str]) -> UUID | None:
    reader = FormReader(form=form)
    after = reader.identity("after")
    reader.settle()
    return after


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
