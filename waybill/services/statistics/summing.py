"""Keeping sums of the tallies by day, and showing that they are what counting gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from waybill.clock import SHANGHAI
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.tally import Face, ProjectionRow, TallyRow, TallySumRow
from waybill.storage.tally_sums import SUMMED, SUMS, add_up, differing

BATCH: Final = 5000
"""The tallies of how many entries are added up at a time."""
_DAYS_AT_ONCE: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class SumDifference:
    """A sum that is not that of its tallies; `parts` names what is wrong."""

    day: date
    face: Face
    key: str
    act: str
    outcome: str
    parts: tuple[str, ...]


def sum_entries(session: Session, *, limit: int = BATCH) -> int:
    """Add to the sums what was carried over since, and return how many entries that were.

    The cursor's row stays locked until the caller's transaction ends and moves with the sums, so
    no tally is added twice or left out, however often this is begun anew.
    """
    row = ProjectionRow
    cursor = session.scalar(select(row).where(row.name == SUMS).with_for_update())
    if cursor is None:
        cursor = ProjectionRow(name=SUMS, next_index=0)
        session.add(cursor)
        session.flush()
    start = cursor.next_index
    end = min(start + limit, tallied_size(session))
    if end <= start:
        return 0
    add_up(session, start, end)
    cursor.next_index = end
    session.flush()
    return end - start


def sums_waiting(session: Session) -> bool:
    """Return whether something was carried over that is in no sum yet; nothing is locked."""
    row = ProjectionRow
    summed = session.scalar(select(row.next_index).where(row.name == SUMS)) or 0
    return summed < tallied_size(session)


def compare_sums(session: Session) -> Iterator[SumDifference]:
    """Count the tallies of every day anew and tell which sums are not so."""
    first, last = _days(session)
    while first is not None and first <= last:
        end = min(first + _DAYS_AT_ONCE, last + timedelta(days=1))
        yield from differing_sums(session, first, end)
        first = end


def differing_sums(session: Session, first: date, end: date) -> Iterator[SumDifference]:
    """Tell which sums of the days from `first` to before `end` are not those of their tallies."""
    begins_at, ends_at = (datetime.combine(day, time.min, SHANGHAI) for day in (first, end))
    at = TallyRow.recorded_at
    for row in session.execute(differing(first, end, at >= begins_at, at < ends_at)):
        yield SumDifference(
            day=row.day,
            face=row.face,
            key=row.key,
            act=row.act.value,
            outcome=row.outcome.value,
            parts=tuple(name for name in SUMMED if getattr(row, name)),
        )


def _days(session: Session) -> tuple[date | None, date]:
    """Return the first and the last day of which there are sums or tallies."""
    edges = [
        session.scalar(select(edge(day)))
        for edge in (func.min, func.max)
        for day in (TallySumRow.day, TallyRow.day)
    ]
    known = [day for day in edges if day is not None]
    return (min(known), max(known)) if known else (None, date.min)
