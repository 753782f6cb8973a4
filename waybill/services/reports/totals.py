"""Daily totals: each day's entries of the log, counted, signed and closed for ever.

A day is a range of entries, not of clock times: it begins where the day before ended and ends
before the first entry that was recorded on a later day (Asia/Shanghai). Whatever enters the log
after that belongs to the day on which it is closed, so a closed day never changes and all days
together are the whole log.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import SHANGHAI, Clock, local_date
from waybill.codec import JsonValue, canonical_json, sha256
from waybill.registry.access import Actor, Permission
from waybill.sealing import sign_bytes
from waybill.services.keys import KeyRing
from waybill.services.reports.definition import key_text
from waybill.services.reports.tree import is_complete, tree_at
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import EventRow, LogEntryRow
from waybill.storage.reports import DailyTotalRow
from waybill.storage.session import write_session
from waybill.storage.tally import TallyRow

TOTAL_TYPE: Final = "wb-total+jws"
FORMAT: Final = "waybill-daily-total"
GRACE: Final = timedelta(minutes=5)
"""How long after midnight is waited for what was begun before it."""
MOST_DAYS: Final = 366
CHUNK: Final = 50_000
"""How many entries one statement counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyTotal:
    """A closed day: `content` are the canonical bytes, `document_jws` the detached signature."""

    day: date
    closed_at: datetime
    size: int
    digest: str
    content: bytes
    document_jws: str


def close_days(
    sessions: sessionmaker[Session], keys: Callable[[], KeyRing], *, clock: Clock
) -> int:
    """Close every day that is over, each in a transaction of its own; return how many.

    Raises:
        StateError: the installation has no key to sign with.
    """
    closed = 0
    while True:
        with write_session(sessions) as session:
            day = _next_day(session, clock.now())
            if day is None:
                return closed
            _close(session, day, keys(), clock=clock)
        closed += 1


def list_totals(
    session: Session, actor: Actor, *, from_on: date, until_on: date
) -> tuple[DailyTotal, ...]:
    """Return the closed days from one to another, both in, newest first; at most 366."""
    actor.require(Permission.READ_REPORTS)
    rows = session.scalars(
        select(DailyTotalRow)
        .where(DailyTotalRow.day >= from_on, DailyTotalRow.day <= until_on)
        .order_by(DailyTotalRow.day.desc())
        .limit(MOST_DAYS)
    )
    return tuple(
        DailyTotal(
            day=row.day,
            closed_at=row.closed_at,
            size=row.size,
            digest=row.digest,
            content=row.content,
            document_jws=row.document_jws,
        )
        for row in rows
    )


def _next_day(session: Session, now: datetime) -> date | None:
    """Return the day that is to be closed next, `None` while none is over or all counted."""
    last = session.scalar(select(func.max(DailyTotalRow.day)))
    day = _first_day(session) if last is None else last + timedelta(days=1)
    if day is None or day >= local_date(now - GRACE):
        return None
    return day if is_complete(session, tallied_size(session), _midnight_after(day)) else None


def _first_day(session: Session) -> date | None:
    first = session.scalar(
        select(EventRow.recorded_at)
        .join(LogEntryRow, LogEntryRow.event_id == EventRow.id)
        .where(LogEntryRow.index == 0)
    )
    return None if first is None else local_date(first)


def _close(session: Session, day: date, keys: KeyRing, *, clock: Clock) -> None:
    before = session.scalar(select(DailyTotalRow).order_by(DailyTotalRow.day.desc()).limit(1))
    first = 0 if before is None else before.size
    size = _size_after(session, first, day)
    content = canonical_json(
        {
            "format": FORMAT,
            "v": 1,
            "day": day.isoformat(),
            "first": first if size > first else None,
            "last": size - 1 if size > first else None,
            "log": tree_at(session, size).as_json(),
            "counts": _counts(session, first, size),
            "total": size - first,
            "before": None if before is None else before.digest,
        }
    )
    digest, now, key = sha256(content).hex(), clock.now(), keys.signer()
    data: dict[str, JsonValue] = {"day": day.isoformat(), "size": size, "digest": digest}
    event_id = record_event(
        session, Event(kind=EventKind.DAY_CLOSED, at=now, actor=None, data=data)
    )
    session.add(
        DailyTotalRow(
            day=day,
            closed_at=now,
            size=size,
            content=content,
            digest=digest,
            document_jws=sign_bytes(content, key=key, typ=TOTAL_TYPE),
            kid=key.kid,
            event_id=event_id,
        )
    )


def _size_after(session: Session, first: int, day: date) -> int:
    """Return where a day ends: before the first entry of a later day, or at the last counted."""
    later = session.scalars(
        select(LogEntryRow.index)
        .join(EventRow, EventRow.id == LogEntryRow.event_id)
        .where(LogEntryRow.index >= first, EventRow.recorded_at >= _midnight_after(day))
        .order_by(LogEntryRow.index)
        .limit(1)
    ).first()
    return max(first, tallied_size(session)) if later is None else later


def _counts(session: Session, first: int, size: int) -> list[JsonValue]:
    """Return how many entries of each kind there are, and of those that end, how they ended."""
    found: Counter[tuple[str, str | None]] = Counter()
    for start in range(first, size, CHUNK):
        end = min(start + CHUNK, size)
        kinds = session.execute(
            select(EventRow.kind, TallyRow.outcome, func.count())
            .select_from(LogEntryRow)
            .join(EventRow, EventRow.id == LogEntryRow.event_id)
            .outerjoin(TallyRow, TallyRow.log_index == LogEntryRow.index)
            .where(LogEntryRow.index >= start, LogEntryRow.index < end)
            .group_by(EventRow.kind, TallyRow.outcome)
        )
        for kind, outcome, many in kinds:
            found[kind, key_text(outcome)] += many
    return [
        {"kind": kind, "outcome": outcome, "count": many}
        for (kind, outcome), many in sorted(found.items(), key=lambda e: (e[0][0], e[0][1] or ""))
    ]


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)
