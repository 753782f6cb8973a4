"""Looking for patterns as the log grows, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from waybill.clock import SHANGHAI, Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.services.paging import Page, PageRequest, page_of
from waybill.services.patterns.pattern import Hit, Pattern, Reach
from waybill.services.patterns.table import PATTERNS
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.log import LogEntryRow
from waybill.storage.patterns import PatternEventRow, PatternFindingRow, PatternSubject
from waybill.storage.tally import ProjectionRow, TallyRow

CURSOR: Final = "patterns"
NAMES: Final = UUID("6ad4a4e2-6c0d-4a5e-9a3f-2f6d0a7c51b4")
"""The namespace of findings' ids; changing it would report everything anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternFinding:
    """What a pattern found: about whom, what was seen, and the events behind it in their order.

    `log_size` is the size of the tree that was looked at.
    """

    id: UUID
    pattern: Pattern
    found_at: datetime
    subject_kind: PatternSubject
    subject_key: str
    detail: dict[str, JsonValue]
    events: tuple[UUID, ...]
    log_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilter:
    """Which findings are wanted; everything that is given must hold."""

    code: str = ""
    subject_kind: PatternSubject | None = None
    subject_key: str = ""


def anything_new(session: Session) -> bool:
    """Return whether more is counted than was looked at; nothing is locked."""
    row = ProjectionRow
    looked = session.scalar(select(row.next_index).where(row.name == CURSOR)) or 0
    return looked < tallied_size(session)


def look_for_patterns(session: Session, *, clock: Clock) -> int:
    """Look at what the log has gained, keep what stands out, and return how much of it is new.

    What was found before is found again under the same id: it gains the events that came since
    and is not reported twice. The cursor's row stays locked until the transaction ends.
    """
    cursor = session.scalar(
        select(ProjectionRow).where(ProjectionRow.name == CURSOR).with_for_update()
    )
    if cursor is None:
        cursor = ProjectionRow(name=CURSOR, next_index=0)
        session.add(cursor)
        session.flush()
    size = tallied_size(session)
    reach = _reach(session, cursor.next_index, size)
    cursor.next_index = size
    if reach is None:
        return 0
    return sum(
        _keep(session, pattern, hit, size, clock.now())
        for pattern in PATTERNS.values()
        for hit in tuple(pattern.find(session, reach))
    )


def list_findings(
    session: Session, actor: Actor, wanted: FindingFilter, request: PageRequest
) -> Page[PatternFinding]:
    """Return a page of what was found, newest first."""
    actor.require(Permission.READ_STATISTICS)
    row = PatternFindingRow
    statement = select(row)
    for column, value in (
        (row.code, wanted.code),
        (row.subject_kind, wanted.subject_kind),
        (row.subject_key, wanted.subject_key),
    ):
        if value:
            statement = statement.where(column == value)
    if request.after is not None:
        last = session.get(row, request.after)
        if last is None:
            raise NotFoundError("pattern-finding", request.after)
        older = (row.found_at < last.found_at) | (
            (row.found_at == last.found_at) & (row.id < last.id)
        )
        statement = statement.where(older)
    ordered = statement.order_by(row.found_at.desc(), row.id.desc()).limit(request.limit + 1)
    rows = session.scalars(ordered).all()
    events = _events(session, [found.id for found in rows])
    return page_of(
        rows, request, item=lambda row: _finding(row, events[row.id]), key=lambda row: row.id
    )


def count_findings(session: Session) -> dict[str, int]:
    """Return how much each pattern has found, by its code."""
    row = PatternFindingRow
    rows = session.execute(select(row.code, func.count().label("many")).group_by(row.code))
    found = {counted.code: counted.many for counted in rows}
    return {code: found.get(code, 0) for code in PATTERNS}


def get_finding(session: Session, actor: Actor, finding_id: UUID) -> PatternFinding:
    """Return one finding with the events behind it.

    Raises:
        NotFoundError: there is none.
    """
    actor.require(Permission.READ_STATISTICS)
    row = session.get(PatternFindingRow, finding_id)
    if row is None:
        raise NotFoundError("pattern-finding", finding_id)
    return _finding(row, _events(session, [finding_id])[finding_id])


def finding_id(code: str, hit: Hit) -> UUID:
    """Return the id under which something is found, each time."""
    parts = (code, hit.subject_kind.value, hit.subject_key, hit.anchor)
    return uuid5(NAMES, "\n".join(parts))


def _reach(session: Session, start: int, size: int) -> Reach | None:
    """Return the whole months that hold what is new, `None` if nothing is."""
    first = session.scalar(
        select(func.min(TallyRow.recorded_at)).where(
            TallyRow.log_index >= start, TallyRow.log_index < size
        )
    )
    newest = session.scalar(select(func.max(TallyRow.recorded_at)))
    if first is None or newest is None:
        return None
    month = first.astimezone(SHANGHAI).date().replace(day=1)
    begin = datetime.combine(month, time.min, SHANGHAI).astimezone(UTC)
    return Reach(from_at=begin, to_at=newest + datetime.resolution, size=size)


def _keep(session: Session, pattern: Pattern, hit: Hit, size: int, now: datetime) -> bool:
    """Keep a hit and return whether it is new."""
    known = finding_id(pattern.code, hit)
    row = session.get(PatternFindingRow, known)
    entries = dict(
        session.execute(
            select(LogEntryRow.index, LogEntryRow.event_id).where(LogEntryRow.index.in_(hit.events))
        ).all()
    )
    last = entries[hit.events[-1]]
    if row is not None and row.last_event == last:
        return False
    if row is None:
        session.add(
            PatternFindingRow(
                id=known,
                code=pattern.code,
                found_at=now,
                subject_kind=hit.subject_kind,
                subject_key=hit.subject_key,
                detail=dict(hit.detail),
                first_event=entries[hit.events[0]],
                last_event=last,
                log_size=size,
            )
        )
        session.flush()
    else:
        row.detail, row.last_event, row.log_size = dict(hit.detail), last, size
    there = set(
        session.scalars(
            select(PatternEventRow.log_index).where(PatternEventRow.finding_id == known)
        )
    )
    added = [{"finding_id": known, "log_index": i} for i in hit.events if i not in there]
    if added:
        session.execute(insert(PatternEventRow), added)
    return row is None


def _events(session: Session, finding_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, tuple[UUID, ...]] = dict.fromkeys(finding_ids, ())
    row = PatternEventRow
    for finding, event_id in session.execute(
        select(row.finding_id, LogEntryRow.event_id)
        .join(LogEntryRow, LogEntryRow.index == row.log_index)
        .where(row.finding_id.in_(finding_ids))
        .order_by(row.finding_id, row.log_index)
    ):
        found[finding] = (*found[finding], event_id)
    return found


def _finding(row: PatternFindingRow, events: tuple[UUID, ...]) -> PatternFinding:
    return PatternFinding(
        id=row.id,
        pattern=PATTERNS[row.code],
        found_at=row.found_at,
        subject_kind=row.subject_kind,
        subject_key=row.subject_key,
        detail=row.detail,
        events=events,
        log_size=row.log_size,
    )
