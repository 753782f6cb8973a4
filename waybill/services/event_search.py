"""Searching the log, for those who watch over it. Each search is itself an entry in the log.

The keys of events are UUIDv7 and grow with time, so every search walks one index in the order of
the answer: by subject, by kind, or over all events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, parse_json
from waybill.registry.access import Actor
from waybill.registry.kinds import PlateColour
from waybill.services.paging import Page, PageRequest, page_of
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    plate_subject,
    record_event,
)
from waybill.storage.log import EventRow, EventSubjectRow

MAX_BODY_BYTES: Final = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """What is looked for; everything that is given must hold. `from_at` counts, `to_at` does not.

    A plate without its colour means that plate in any colour.
    """

    waybill_id: UUID | None = None
    plate: str | None = None
    plate_colour: PlateColour | None = None
    facility_id: UUID | None = None
    organisation_id: UUID | None = None
    user_id: UUID | None = None
    kind: EventKind | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEvent:
    """An event as the log holds it. Personal values in its body are commitments."""

    id: UUID
    recorded_at: datetime
    kind: str
    body: JsonValue
    subjects: tuple[Subject, ...]


def search_events(
    session: Session, actor: Actor, query: EventQuery, request: PageRequest, *, clock: Clock
) -> Page[FoundEvent]:
    """Return matching events, newest first, and record that they were looked at.

    The record is written after the search, so it is not part of its own answer.
    """
    statement = select(EventRow).where(*(_about(*keys) for keys in _subject_keys(query)))
    if query.kind is not None:
        statement = statement.where(EventRow.kind == query.kind.value)
    if query.from_at is not None:
        statement = statement.where(EventRow.recorded_at >= query.from_at)
    if query.to_at is not None:
        statement = statement.where(EventRow.recorded_at < query.to_at)
    if request.after is not None:
        statement = statement.where(EventRow.id < request.after)
    rows = session.scalars(statement.order_by(EventRow.id.desc()).limit(request.limit + 1)).all()
    subjects = _subjects_of(session, rows)
    page = page_of(
        rows,
        request,
        item=lambda row: _found(row, subjects.get(row.id, ())),
        key=lambda row: row.id,
    )
    _record_search(session, actor, query, len(page.items), clock.now())
    return page


def _subject_keys(query: EventQuery) -> list[tuple[SubjectKey, list[str]]]:
    """Return per filter the kind of subject and the keys of which one must be the event's."""
    wanted: list[tuple[SubjectKey, list[str]]] = []
    for kind, identity in (
        (SubjectKey.WAYBILL, query.waybill_id),
        (SubjectKey.FACILITY, query.facility_id),
        (SubjectKey.ORGANISATION, query.organisation_id),
        (SubjectKey.USER, query.user_id),
    ):
        if identity is not None:
            wanted.append((kind, [str(identity)]))
    if query.plate is not None:
        colours = PlateColour if query.plate_colour is None else [query.plate_colour]
        keys = [plate_subject(query.plate, colour.value).key for colour in colours]
        wanted.append((SubjectKey.PLATE, keys))
    return wanted


def _about(kind: SubjectKey, keys: list[str]) -> ColumnElement[bool]:
    return EventRow.id.in_(
        select(EventSubjectRow.event_id).where(
            EventSubjectRow.subject_kind == kind.value, EventSubjectRow.subject_key.in_(keys)
        )
    )


def _subjects_of(session: Session, rows: Sequence[EventRow]) -> dict[UUID, tuple[Subject, ...]]:
    found: dict[UUID, tuple[Subject, ...]] = {}
    statement = (
        select(EventSubjectRow)
        .where(EventSubjectRow.event_id.in_([row.id for row in rows]))
        .order_by(EventSubjectRow.subject_kind, EventSubjectRow.subject_key)
    )
    for row in session.scalars(statement):
        subject = Subject(SubjectKey(row.subject_kind), row.subject_key)
        found[row.event_id] = (*found.get(row.event_id, ()), subject)
    return found


def _found(row: EventRow, subjects: tuple[Subject, ...]) -> FoundEvent:
    return FoundEvent(
        id=row.id,
        recorded_at=row.recorded_at,
        kind=row.kind,
        body=parse_json(row.body, max_bytes=MAX_BODY_BYTES),
        subjects=subjects,
    )


def _record_search(
    session: Session, actor: Actor, query: EventQuery, shown: int, now: datetime
) -> None:
    filters: dict[str, JsonValue] = {
        name: _text(value)
        for name in EventQuery.__dataclass_fields__
        if (value := getattr(query, name)) is not None
    }
    data: dict[str, JsonValue] = {"filters": filters, "shown": shown}
    record_event(session, Event(kind=EventKind.EVENTS_SEARCHED, at=now, actor=actor, data=data))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
