"""Finding events by several of their properties at once, quickly from the first page to the last.

Each property that is asked for is a list of event ids in the order of time, which an index holds:
by subject, by kind, or all of them. An answer is where the lists meet. The list that reaches
farthest back within `STRIDE` entries is the sparsest here; it leads, and each of its entries is
looked up in the others. So no page costs more than `STRIDES` times `STRIDE` look-ups: where the
lists hardly ever meet, a page is short, and still names the place from which to go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select, true, tuple_, union
from sqlalchemy.orm import Session

from waybill.codec import least_id_at
from waybill.storage.events import EventKind, SubjectKey
from waybill.storage.log import EventRow, EventSubjectRow

STRIDE: Final = 2000
"""How many entries of the leading list are looked at in one step."""
STRIDES: Final = 4
"""How many steps one page takes at most."""
LAG: Final = timedelta(minutes=1)
"""How much later than its event an id may say; older ones were made when they were written."""

FIRST: Final = UUID(int=0)
LAST: Final = UUID(int=(1 << 128) - 1)
"""Before and behind every id."""

Ids = Select[UUID]


@dataclass(frozen=True, slots=True)
class AboutOne:
    """Events about any one of some things of a kind; without keys, no events.

    Several keys are one plate in several colours, or one person's records with several employers.
    """

    kind: SubjectKey
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfKind:
    """Events of a kind."""

    kind: EventKind


@dataclass(frozen=True, slots=True)
class Every:
    """All events."""


EventList = AboutOne | OfKind | Every


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when, which counts, to when, which does not; `None` is without end."""

    from_at: datetime | None = None
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FoundIds:
    """Ids of events, newest first, and behind which id to go on; `None` where nothing is left."""

    ids: tuple[UUID, ...]
    next_after: UUID | None


def find_ids(
    session: Session, lists: Sequence[EventList], span: Span, after: UUID | None, limit: int
) -> FoundIds:
    """Return at most `limit` ids of events that are on all lists, recorded within a span.

    Fewer than `limit`, or none, with a `next_after`: nothing more within reach of this page.
    """
    wanted = [_present(session, each) for each in lists] or [Every()]
    found: list[UUID] = []
    if any(isinstance(each, AboutOne) and not each.keys for each in wanted):
        return FoundIds((), None)
    for _ in range(STRIDES):
        lead, floor = _sparsest(session, wanted, span, after)
        others = [each for each in wanted if each is not lead]
        found += session.scalars(
            _meeting(lead, others, span, after=after, limit=limit - len(found) + 1)
        )
        if len(found) > limit:
            return FoundIds(tuple(found[:limit]), found[limit - 1])
        if floor is None:
            return FoundIds(tuple(found), None)
        after = floor
    return FoundIds(tuple(found), after)


def _present(session: Session, wanted: EventList) -> EventList:
    """Leave out the keys under which there is nothing, so that most lists are one."""
    if not isinstance(wanted, AboutOne):
        return wanted
    there = [key for key in wanted.keys if _anything(session, wanted.kind, key)]
    return AboutOne(wanted.kind, tuple(there))


def _anything(session: Session, kind: SubjectKey, key: str) -> bool:
    row = EventSubjectRow
    first = select(literal(1)).where(row.subject_kind == kind.value, row.subject_key == key)
    return session.scalar(first.limit(1)) is not None


def _sparsest(
    session: Session, wanted: Sequence[EventList], span: Span, after: UUID | None
) -> tuple[EventList, UUID | None]:
    """Return the list to lead, and the last of its next `STRIDE` ids; `None` if it ends before."""
    floors: list[tuple[UUID, EventList]] = []
    for each in wanted:
        ids = _stride(each, span, after).subquery()
        floor = session.scalar(
            select(ids.c.event_id).order_by(ids.c.event_id.desc()).offset(STRIDE - 1).limit(1)
        )
        if floor is None:
            return each, None
        floors.append((floor, each))
    floor, lead = min(floors, key=lambda found: found[0])
    return lead, floor


def _meeting(
    lead: EventList,
    others: Sequence[EventList],
    span: Span,
    *,
    after: UUID | None,
    limit: int,
) -> Ids:
    ids = _stride(lead, span, after).subquery()
    column = ids.c.event_id
    conditions = [_is_on(each, column) for each in others if not isinstance(each, Every)]
    if span.from_at is not None or span.to_at is not None:
        conditions.append(_is_within(span, column))
    return select(column).where(*conditions).order_by(column.desc()).limit(limit)


def _stride(wanted: EventList, span: Span, after: UUID | None) -> Ids:
    """Return the next `STRIDE` ids of a list, newest first."""
    if isinstance(wanted, AboutOne):
        walks = [_walk_about(wanted.kind.value, key, span, after) for key in wanted.keys]
        if len(walks) == 1:
            return walks[0]
        # One event may be about several of them; SQLite wants each limit in a query of its own.
        together = union(*(select(walk.subquery()) for walk in walks)).subquery()
        return select(together.c.event_id).order_by(together.c.event_id.desc()).limit(STRIDE)
    of_kind = EventRow.kind == wanted.kind.value if isinstance(wanted, OfKind) else true()
    least, end = _bounds(span, after)
    row = EventRow.id
    query = select(row.label("event_id")).where(of_kind)
    if least is not None:
        query = query.where(row >= least)
    if end is not None:
        query = query.where(row < end)
    return query.order_by(row.desc()).limit(STRIDE)


def _walk_about(kind: str, key: str, span: Span, after: UUID | None) -> Ids:
    """Walk along the primary key between two of its values.

    Compared column by column, a short span looks to the planner as if its events of all kinds were
    few, and it reads them all.
    """
    row = EventSubjectRow
    place = tuple_(row.subject_kind, row.subject_key, row.event_id)
    least, end = _bounds(span, after)

    def at(event_id: UUID) -> ColumnElement[tuple[str, str, UUID]]:
        return tuple_(literal(kind), literal(key), literal(event_id, row.event_id.type))

    return (
        select(row.event_id.label("event_id"))
        .where(place >= at(least or FIRST), place < at(end or LAST))
        .order_by(row.subject_kind.desc(), row.subject_key.desc(), row.event_id.desc())
        .limit(STRIDE)
    )


def _bounds(span: Span, after: UUID | None) -> tuple[UUID | None, UUID | None]:
    """Return the least id that counts, and the first that is too late."""
    least = None if span.from_at is None else least_id_at(span.from_at)
    ends = [] if span.to_at is None else [least_id_at(span.to_at, later=LAG)]
    return least, min([*ends, after] if after else ends, default=None)


def _about(kind: SubjectKey, key: str) -> ColumnElement[bool]:
    return and_(EventSubjectRow.subject_kind == kind.value, EventSubjectRow.subject_key == key)


def _is_on(wanted: AboutOne | OfKind, column: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Look one id up in a list.

    A scalar query is asked once per id; of `EXISTS` the planner could make a join that reads the
    whole list.
    """
    if isinstance(wanted, AboutOne):
        row = EventSubjectRow
        keys = or_(*(_about(wanted.kind, key) for key in wanted.keys))
        found = select(literal(1)).where(row.event_id == column, keys)
    else:
        found = select(literal(1)).where(EventRow.id == column, EventRow.kind == wanted.kind.value)
    return found.limit(1).scalar_subquery() == 1


def _is_within(span: Span, column: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Ask the event itself only near the edges of the span: elsewhere its id is proof enough."""
    sure: list[ColumnElement[bool]] = []
    asked: list[ColumnElement[bool]] = []
    if span.from_at is not None:
        sure.append(column >= least_id_at(span.from_at, later=LAG))
        asked.append(EventRow.recorded_at >= span.from_at)
    if span.to_at is not None:
        sure.append(column < least_id_at(span.to_at))
        asked.append(EventRow.recorded_at < span.to_at)
    found = select(literal(1)).where(EventRow.id == column, *asked).limit(1)
    return or_(and_(*sure), found.scalar_subquery() == 1)
