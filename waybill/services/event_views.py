"""Single events and the time line of a waybill, for those who may see them."""

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
from waybill.services.event_search import MAX_BODY_BYTES, FoundEvent
from waybill.services.waybills.queries import get_waybill
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.log import EventRow, EventSubjectRow

MAX_TIME_LINE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetail:
    """An event whole. `commitment` is what the log's tree commits to: SHA-256(salt ‖ body)."""

    event: FoundEvent
    commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One thing that happened to a waybill; `role` is empty where nobody was signed in."""

    event_id: UUID
    recorded_at: datetime
    kind: str
    role: str


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
    found = session.scalars(
        select(EventSubjectRow)
        .where(EventSubjectRow.event_id == event_id)
        .order_by(EventSubjectRow.subject_kind, EventSubjectRow.subject_key)
    )
    event = FoundEvent(
        id=row.id,
        recorded_at=row.recorded_at,
        kind=row.kind,
        body=parse_json(row.body, max_bytes=MAX_BODY_BYTES),
        subjects=tuple(Subject(SubjectKey(s.subject_kind), s.subject_key) for s in found),
    )
    data: dict[str, JsonValue] = {"filters": {"event": str(event_id)}, "shown": 1}
    record_event(
        session, Event(kind=EventKind.EVENTS_SEARCHED, at=clock.now(), actor=actor, data=data)
    )
    return EventDetail(event=event, commitment=sha256(row.salt + row.body).hex())


def waybill_time_line(session: Session, actor: Actor, waybill_id: UUID) -> tuple[Occurrence, ...]:
    """Return what happened to a waybill that the account may see, oldest first; at most 500.

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
        )
        .order_by(EventRow.id)
        .limit(MAX_TIME_LINE)
    )
    return tuple(
        Occurrence(
            event_id=row.id, recorded_at=row.recorded_at, kind=row.kind, role=_role(row.body)
        )
        for row in rows
    )


def _role(body: bytes) -> str:
    parsed = parse_json(body, max_bytes=MAX_BODY_BYTES)
    actor = parsed.get("actor") if isinstance(parsed, dict) else None
    return str(actor.get("role", "")) if isinstance(actor, dict) else ""
