"""Carrying the log over into the tables for counting, and showing that they say what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from operator import attrgetter
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from waybill.services.statistics.tally import GoodsTally, RuleTally, Tally, tally_of
from waybill.storage.log import EventRow, LogEntryRow
from waybill.storage.tally import (
    ProjectionRow,
    TallyGoodsRow,
    TallyRow,
    TallyRuleRow,
    TallySumRow,
)
from waybill.storage.tally_sums import SUMS

TALLIES: Final = "tally"
"""The name of this projection."""
BATCH: Final = 500
"""How many entries are read at a time."""

_PARTS: Final = ("rules", "goods")
_COLUMNS: Final = tuple(f.name for f in fields(Tally) if f.name not in _PARTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyDifference:
    """An entry of which the tables say something else than its event; `parts` names what."""

    log_index: int
    parts: tuple[str, ...]


class _Entry(NamedTuple):
    number: int
    event_id: UUID
    kind: str
    body: bytes

    def tally(self) -> Tally | None:
        return tally_of(self.number, self.event_id, self.kind, self.body)


def tallied_size(session: Session) -> int:
    """Return the size of the tree that the tables for counting speak of."""
    name = ProjectionRow.name
    return session.scalar(select(ProjectionRow.next_index).where(name == TALLIES)) or 0


def waiting_entries(session: Session) -> bool:
    """Return whether the log has entries that were not carried over yet; nothing is locked."""
    newest = session.scalar(select(func.max(LogEntryRow.index)))
    return newest is not None and newest >= tallied_size(session)


def project_entries(session: Session, *, limit: int = BATCH) -> int:
    """Carry over the next entries of the log and return how many were read.

    The cursor's row stays locked until the caller's transaction ends and moves with the rows, so
    no entry is counted twice or left out, however often this is begun anew.
    """
    cursor = session.scalar(
        select(ProjectionRow).where(ProjectionRow.name == TALLIES).with_for_update()
    )
    if cursor is None:
        cursor = ProjectionRow(name=TALLIES, next_index=0)
        session.add(cursor)
        session.flush()
    entries = _entries(session, cursor.next_index, limit)
    _write(session, [tally for entry in entries if (tally := entry.tally()) is not None])
    if entries:
        cursor.next_index = entries[-1].number + 1
        session.flush()
    return len(entries)


def compare_tallies(session: Session) -> Iterator[TallyDifference]:
    """Recompute every entry that was counted and tell where the tables say something else."""
    size, start = tallied_size(session), 0
    while start < size:
        entries = [e for e in _entries(session, start, BATCH) if e.number < size]
        end = entries[-1].number + 1 if entries else size
        stored = stored_tallies(session, start, end)
        wanted = {t.log_index: t for entry in entries if (t := entry.tally()) is not None}
        for index in sorted({*stored, *wanted}):
            parts = _differing(stored.get(index), wanted.get(index))
            if parts:
                yield TallyDifference(log_index=index, parts=parts)
        start = end
    beyond = select(TallyRow.log_index).where(TallyRow.log_index >= size)
    for index in session.scalars(beyond.order_by(TallyRow.log_index)):
        yield TallyDifference(log_index=index, parts=("tally",))


def forget_tallies(session: Session) -> None:
    """Empty the tables for counting and their sums, and begin with entry 0.

    No figure is lost, only made anew.
    """
    # The cursors first: whoever is carrying on holds them, and has then written all of it.
    session.execute(delete(ProjectionRow).where(ProjectionRow.name.in_((TALLIES, SUMS))))
    for table in (TallySumRow, TallyRuleRow, TallyGoodsRow, TallyRow):
        session.execute(delete(table))
    session.expire_all()


def stored_tallies(session: Session, start: int, end: int) -> dict[int, Tally]:
    """Return the tallies as the tables say them, of entries from `start` up to before `end`."""
    rules: dict[int, list[RuleTally]] = {}
    rule = TallyRuleRow
    for row in session.execute(
        select(rule.log_index, rule.code, rule.outcome, rule.severity).where(
            rule.log_index >= start, rule.log_index < end
        )
    ):
        found = RuleTally(code=row.code, outcome=row.outcome, severity=row.severity)
        rules.setdefault(row.log_index, []).append(found)
    goods: dict[int, list[GoodsTally]] = {}
    line = TallyGoodsRow
    names = [f.name for f in fields(GoodsTally)]
    for row in session.execute(
        select(line.log_index, *(getattr(line, name) for name in names))
        .where(line.log_index >= start, line.log_index < end)
        .order_by(line.log_index, line.position)
    ):
        found_line = GoodsTally(**{name: getattr(row, name) for name in names})
        goods.setdefault(row.log_index, []).append(found_line)
    columns = [getattr(TallyRow, name) for name in _COLUMNS]
    within = (TallyRow.log_index >= start, TallyRow.log_index < end)
    return {
        row.log_index: Tally(
            **row._mapping,  # noqa: SLF001  SQLAlchemy's documented way to a row's names
            # Sorted here: a database sorts text by its own alphabet.
            rules=tuple(sorted(rules.get(row.log_index, ()), key=attrgetter("code"))),
            goods=tuple(goods.get(row.log_index, ())),
        )
        for row in session.execute(select(*columns).where(*within))
    }


def _entries(session: Session, start: int, limit: int) -> list[_Entry]:
    """Return entries in the order of the tree, up to the first that is not there yet."""
    rows = session.execute(
        select(LogEntryRow.index, EventRow.id, EventRow.kind, EventRow.body)
        .join(EventRow, EventRow.id == LogEntryRow.event_id)
        .where(LogEntryRow.index >= start)
        .order_by(LogEntryRow.index)
        .limit(limit)
    ).all()
    entries = [_Entry(*row) for row in rows]
    if entries and entries[0].number != start:
        return []
    gap = (n for n, (a, b) in enumerate(pairwise(entries), 1) if b.number != a.number + 1)
    return entries[: next(gap, len(entries))]


def _write(session: Session, tallies: Sequence[Tally]) -> None:
    if not tallies:
        return
    rows = [{name: getattr(tally, name) for name in _COLUMNS} for tally in tallies]
    session.execute(insert(TallyRow), rows)
    rules = [_child(tally, rule) for tally in tallies for rule in tally.rules]
    if rules:
        session.execute(insert(TallyRuleRow), rules)
    goods = [_child(tally, line) for tally in tallies for line in tally.goods]
    if goods:
        session.execute(insert(TallyGoodsRow), goods)


def _child(tally: Tally, part: RuleTally | GoodsTally) -> dict[str, object]:
    values = {f.name: getattr(part, f.name) for f in fields(part)}
    return {"log_index": tally.log_index, **values}


def _differing(stored: Tally | None, wanted: Tally | None) -> tuple[str, ...]:
    if stored is None or wanted is None:
        return ("tally",)
    return tuple(
        f.name for f in fields(Tally) if getattr(stored, f.name) != getattr(wanted, f.name)
    )
