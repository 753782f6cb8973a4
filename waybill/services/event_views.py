"""Single events and the time line of a waybill, for those who may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, parse_json, sha256
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.services.event_search import (
    MAX_BODY_BYTES,
    FoundEvent,
    found_event,
    subjects_of,
)
from waybill.services.waybills.queries import get_waybill
from waybill.storage.events import Event, EventKind, SubjectKey, record_event
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.waybills import WaybillRow

MAX_TIME_LINE: Final = 500
SAID_BY: Final[Mapping[str, str]] = {
    EventKind.CHECK_DECIDED: "cleared",
    EventKind.LOAD_RELEASED: "released",
    EventKind.RELEASE_REFUSED: "released",
}
"""Under which key of its data an event says whether it went well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetail:
    """An event whole. `commitment` is what the log's tree commits to: SHA-256(salt ‖ body)."""

    event: FoundEvent
    commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOutcome:
    """How the thing went that an event tells of.

    `standing` are the codes of the stops that stood against it, `problem` is why a code was
    refused; both are empty where nothing stood in the way.
    """

    passed: bool
    standing: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One thing that happened to a waybill; `role` is empty where nobody was signed in."""

    event_id: UUID
    recorded_at: datetime
    kind: str
    role: str
    outcome: EventOutcome | None = None


def event_outcome(kind: str, body: JsonValue) -> EventOutcome | None:
    """Return how a decision, a release or a scan went; `None` for events that only happened.

    A decision that does not say that it cleared did not clear.
    """
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        return None
    if kind == EventKind.CODE_SCANNED:
        problem = _scan_problem(data)
        return EventOutcome(passed=False, problem=problem) if problem else None
    key = SAID_BY.get(kind)
    if key is None:
        return None
    standing = data.get("standing")
    codes = tuple(map(str, standing)) if isinstance(standing, list) else ()
    return EventOutcome(passed=data.get(key) is True, standing=codes)


def _scan_problem(data: Mapping[str, JsonValue]) -> str:
    """Return why a scanned code was refused: said of the whole scan or of what it read as."""
    items = data.get("items")
    found = [data, *(items if isinstance(items, list) else [])]
    problems = (str(item.get("problem") or "") for item in found if isinstance(item, dict))
    return next(filter(None, problems), "")


def waybill_numbers(session: Session, events: Iterable[FoundEvent]) -> Mapping[str, str]:
    """Return the numbers of the waybills that events are about, by the subject's key.

    Drafts have none. The numbers are read for those who have already been given the events.
    """
    keys = {s.key for e in events for s in e.subjects if s.kind is SubjectKey.WAYBILL}
    return numbers_of(session, map(UUID, keys)) if keys else {}


def numbers_of(session: Session, waybill_ids: Iterable[UUID]) -> Mapping[str, str]:
    """Return the numbers of waybills by their ids."""
    rows = session.execute(
        select(WaybillRow.id, WaybillRow.number).where(
            WaybillRow.id.in_(waybill_ids), WaybillRow.number.is_not(None)
        )
    )
    return {str(row.id): row.number for row in rows}


def get_event(session: Session, actor: Actor, event_id: UUID, *, clock: Clock) -> EventDetail:
    """Return one event to those who watch over the log, and record that it was looked at.

    Raises:
        ForbiddenError: the account does not read the log.
        NotFoundError: there is no such event.
    """
    actor.require(Permission.READ_EVENTS)
    row = session.get(EventRow, event_id)
    if row is None:
        raise NotFoundError("event", event_id)
    event = found_event(row, subjects_of(session, (event_id,)).get(event_id, ()))
    data: dict[str, JsonValue] = {"filters": {"event": str(event_id)}, "shown": 1}
    record_event(
        session, Event(kind=EventKind.EVENTS_SEARCHED, at=clock.now(), actor=actor, data=data)
    )
    return EventDetail(event=event, commitment=sha256(row.salt + row.body).hex())


def waybill_time_line(session: Session, actor: Actor, waybill_id: UUID) -> tuple[Occurrence, ...]:
    """Return what happened to a waybill that the account may see, oldest first; at most 500.

    Who of the authority looked at it in the log is not for the parties to know.

    Raises:
        NotFoundError: there is none that it may see.
    """
    get_waybill(session, actor, waybill_id)
    rows = session.scalars(
        select(EventRow)
        .join(EventSubjectRow, EventSubjectRow.event_id == EventRow.id)
        .where(
            EventSubjectRow.subject_kind == SubjectKey.WAYBILL.value,
            EventSubjectRow.subject_key == str(waybill_id),
            EventRow.kind != EventKind.EVENTS_SEARCHED.value,
        )
        .order_by(EventRow.id)
        .limit(MAX_TIME_LINE)
    )
    return tuple(map(_occurrence, rows))


def _occurrence(row: EventRow) -> Occurrence:
    body = parse_json(row.body, max_bytes=MAX_BODY_BYTES)
    actor = body.get("actor") if isinstance(body, dict) else None
    return Occurrence(
        event_id=row.id,
        recorded_at=row.recorded_at,
        kind=row.kind,
        role=str(actor.get("role", "")) if isinstance(actor, dict) else "",
        outcome=event_outcome(row.kind, body),
    )
