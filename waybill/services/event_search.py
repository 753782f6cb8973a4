"""Searching the log, for those who watch over it. Each search is itself an entry in the log.

How an answer is found, quickly whatever is combined, stands in `waybill.storage.event_lists`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, parse_json
from waybill.identifiers import validate_id_number
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import PlateColour
from waybill.services.paging import Page, PageRequest
from waybill.services.registry.person_fields import ID_NUMBER
from waybill.services.registry.validation import FieldCheck
from waybill.storage.event_lists import AboutOne, EventList, OfKind, Span, find_ids
from waybill.storage.events import (
    Event,
    EventKind,
    EventResult,
    Subject,
    SubjectKey,
    plate_subject,
    record_event,
)
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import PersonRow

MAX_BODY_BYTES: Final = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """What is looked for; everything that is given must hold. `from_at` counts, `to_at` does not.

    A plate without its colour means that plate in any colour. `person_index` is the keyed hash
    under which a person's identity number is found, never the number; see `person_index`.
    """

    waybill_id: UUID | None = None
    plate: str | None = None
    plate_colour: PlateColour | None = None
    facility_id: UUID | None = None
    bay_id: UUID | None = None
    organisation_id: UUID | None = None
    user_id: UUID | None = None
    un_number: str | None = None
    rule: str | None = None
    outcome: EventResult | None = None
    person_index: str | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A search as the database takes it, and how the log tells of it."""

    lists: tuple[EventList, ...]
    span: Span
    filters: dict[str, JsonValue]
    subjects: tuple[Subject, ...]


def person_index(id_number: str, vault: PersonalVault) -> str:
    """Return the keyed hash by which events of a person are searched.

    Raises:
        InvalidFieldError: this is no identity number.
    """
    check = FieldCheck()
    number = check.identifier("/id_number", validate_id_number, id_number)
    check.settle()
    return vault.index(ID_NUMBER, number)


def search_events(
    session: Session,
    actor: Actor,
    query: EventQuery,
    request: PageRequest,
    *,
    source: Session,
    clock: Clock,
) -> Page[FoundEvent]:
    """Return matching events, newest first, and record that they were looked at.

    `source` is what is searched, which may be a replica; the record is written to `session`.

    Where events that fit are few and far between, a page may be short or empty and still have one
    that follows: it names how far back was looked. The record is written after the search, so it
    is not part of its own answer.

    Raises:
        ForbiddenError: the account does not read the log, or may not look for a person.
    """
    actor.require(Permission.READ_EVENTS)
    wanted = wanted_of(source, actor, query)
    found = find_ids(source, wanted.lists, wanted.span, request.after, request.limit)
    events = read_events(source, found.ids)
    _record_search(session, actor, wanted, len(events), clock.now())
    return Page(items=events, next_after=found.next_after)


def wanted_of(session: Session, actor: Actor, query: EventQuery) -> Wanted:
    """Return an account's search as lists of events.

    Raises:
        ForbiddenError: a person is looked for, and the account may not.
    """
    if query.person_index is not None:
        actor.require(Permission.READ_PERSONAL)
    return wanted_by(session, query)


def wanted_by(session: Session, query: EventQuery) -> Wanted:
    """Return a search that was allowed; a person becomes the records that are held of them."""
    lists: list[EventList] = []
    for kind, key in (
        (SubjectKey.WAYBILL, query.waybill_id),
        (SubjectKey.FACILITY, query.facility_id),
        (SubjectKey.BAY, query.bay_id),
        (SubjectKey.ORGANISATION, query.organisation_id),
        (SubjectKey.USER, query.user_id),
        (SubjectKey.UN_NUMBER, query.un_number),
        (SubjectKey.RULE, query.rule),
        (SubjectKey.OUTCOME, query.outcome),
    ):
        if key is not None:
            lists.append(AboutOne(kind, (str(key),)))
    if query.plate is not None:
        colours = PlateColour if query.plate_colour is None else [query.plate_colour]
        keys = [plate_subject(query.plate, colour.value).key for colour in colours]
        lists.append(AboutOne(SubjectKey.PLATE, tuple(keys)))
    if query.kind is not None:
        lists.append(OfKind(query.kind))
    people: tuple[str, ...] = ()
    if query.person_index is not None:
        people = _records_of(session, query.person_index)
        lists.append(AboutOne(SubjectKey.PERSON, people))
    return Wanted(
        lists=tuple(lists),
        span=Span(from_at=query.from_at, to_at=query.to_at),
        filters=_filters(query, people),
        subjects=_looked_at(query, people),
    )


def _looked_at(query: EventQuery, people: Sequence[str]) -> tuple[Subject, ...]:
    """Return whom and which waybill a search is about, so that looks at them are found."""
    subjects = [Subject(SubjectKey.PERSON, person) for person in people]
    if query.waybill_id is not None:
        subjects.append(Subject(SubjectKey.WAYBILL, str(query.waybill_id)))
    return tuple(subjects)


def read_events(session: Session, ids: Sequence[UUID]) -> tuple[FoundEvent, ...]:
    """Return events with what they are about, in the order of their ids as given."""
    rows = {row.id: row for row in session.scalars(select(EventRow).where(EventRow.id.in_(ids)))}
    subjects = subjects_of(session, ids)
    return tuple(found_event(rows[each], subjects.get(each, ())) for each in ids)


def found_event(row: EventRow, subjects: tuple[Subject, ...]) -> FoundEvent:
    """Return a row of the log as its readers get it."""
    return FoundEvent(
        id=row.id,
        recorded_at=row.recorded_at,
        kind=row.kind,
        body=parse_json(row.body, max_bytes=MAX_BODY_BYTES),
        subjects=subjects,
    )


def _records_of(session: Session, index: str) -> tuple[str, ...]:
    found = select(PersonRow.id).where(PersonRow.id_number_index == index).order_by(PersonRow.id)
    return tuple(map(str, session.scalars(found)))


def subjects_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[Subject, ...]]:
    """Return by what each of some events is found."""
    row = EventSubjectRow
    # Columns, not rows of the ORM: an export reads several for each of a million events.
    statement = (
        select(row.event_id, row.subject_kind, row.subject_key)
        .where(row.event_id.in_(ids))
        .order_by(row.subject_kind, row.subject_key)
    )
    found: defaultdict[UUID, list[Subject]] = defaultdict(list)
    for event_id, kind, key in session.execute(statement):
        found[event_id].append(Subject(SubjectKey(kind), key))
    return {event_id: tuple(subjects) for event_id, subjects in found.items()}


def _record_search(
    session: Session, actor: Actor, wanted: Wanted, shown: int, now: datetime
) -> None:
    record_event(
        session,
        Event(
            kind=EventKind.EVENTS_SEARCHED,
            at=now,
            actor=actor,
            data={"filters": wanted.filters, "shown": shown},
            subjects=wanted.subjects,
        ),
    )


def _filters(query: EventQuery, people: Sequence[str]) -> dict[str, JsonValue]:
    """Return what was looked for as the log tells it: of a person, whose records were found."""
    filters: dict[str, JsonValue] = {
        name: _text(value)
        for name in EventQuery.__dataclass_fields__
        if name != "person_index" and (value := getattr(query, name)) is not None
    }
    return filters if query.person_index is None else filters | {"person": list(people)}


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
