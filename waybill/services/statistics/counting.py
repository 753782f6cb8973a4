"""Counting over the log: how many, by what, of which quantity, and of which size of the tree.

Every figure of a dashboard, a pattern or a report comes from `count` or `spread`. Each answer
names the size of the tree it speaks of; asked again with that `size`, it is the same for ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from waybill.errors import FieldProblem, InvalidFieldError
from waybill.services.statistics.dimensions import (
    EVERYTHING,
    GOODS,
    RULES,
    Dimension,
    Key,
    Where,
    column_of,
    conditions,
    line_conditions,
)
from waybill.services.statistics.from_sums import Question, answer
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.tally import TallyRow
from waybill.storage.tally_query import counted, within
from waybill.storage.tally_sums import STEPS_S


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """A figure: the keys in the order they were asked by, and how many tallies have them.

    Quantities are kilograms: of the goods lines that have the keys, where it was counted by goods;
    empty where it was counted by rule, because a load stands under several.
    """

    keys: tuple[Key, ...]
    count: int
    planned_kg: Decimal | None
    loaded_kg: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Figures of the time from `from_at` to before `to_at`, sorted by their keys.

    `size` is that of the tree they speak of: entries 0 to `size` - 1.
    """

    by: tuple[Dimension, ...]
    from_at: datetime
    to_at: datetime
    size: int
    rows: tuple[CountRow, ...]

    @property
    def total(self) -> int:
        """The sum of all figures; by goods or rule a tally may stand under several."""
        return sum(row.count for row in self.rows)


class Duration(StrEnum):
    """Which time is spread: seconds since the signature, or since the check was opened."""

    FROM_ISSUE = "seconds_from_issue"
    FROM_OPENING = "seconds_from_opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How many tallies took less than each of `bounds` (seconds), the last without bound."""

    bounds: tuple[int, ...]
    counts: tuple[int, ...]
    from_at: datetime
    to_at: datetime
    size: int


def count(
    session: Session,
    *,
    from_at: datetime,
    to_at: datetime,
    by: Iterable[Dimension] = (),
    where: Where = EVERYTHING,
    size: int | None = None,
) -> Counted:
    """Count the tallies from `from_at` to before `to_at` by some dimensions.

    Args:
        session: any session; nothing is written.
        from_at: first moment that counts, aware.
        to_at: first moment that no longer counts, aware.
        by: dimensions; without any there is one row, or none where nothing happened.
        where: which tallies.
        size: count only what the tree of this size held; else all that was carried over.

    Raises:
        InvalidFieldError: goods and rules are asked for together, of which quantities say nothing;
            or the tables do not reach that far yet.
    """
    asked = tuple(dict.fromkeys(by))
    by_goods, by_rules = bool(set(asked) & set(GOODS)), bool(set(asked) & set(RULES))
    if by_goods and by_rules:
        raise _refused(
            "/by",
            "goods-with-rules",
            "货物与规则不能同时分组：规则针对整车。请分开统计。",
            "Goods and rules are counted apart: a rule stands against a whole load. Ask twice.",
        )
    speaks_of = _size(session, size)
    question = Question(from_at=from_at, to_at=to_at, by=asked, where=where, size=speaks_of)
    found = from_sums(session, question)
    if found is None:
        found = count_each(session, question)
    return Counted(
        by=asked,
        from_at=from_at,
        to_at=to_at,
        size=speaks_of,
        rows=tuple(sorted((row for row in found if row.count), key=_order)),
    )


def from_sums(session: Session, question: Question) -> list[CountRow] | None:
    """Return what the sums give, or `None` where they cannot."""
    summed = answer(session, question)
    if summed is None:
        return None
    by_rules = bool(set(question.by) & set(RULES))
    return [
        CountRow(
            keys=row.keys,
            count=row.count,
            planned_kg=None if by_rules else row.planned_kg,
            loaded_kg=None if by_rules else row.loaded_kg,
        )
        for row in summed
    ]


def count_each(session: Session, question: Question) -> list[CountRow]:
    """Count every tally that is asked for: what sums must agree with."""
    by, where = question.by, question.where
    rows = counted(
        session,
        [column_of(session, dimension).label(dimension.value) for dimension in by],
        [
            *within(question.from_at, question.to_at, question.size),
            *conditions(where),
            *line_conditions(where, by),
        ],
        by_goods=bool(set(by) & set(GOODS)),
        by_rules=bool(set(by) & set(RULES)),
    )
    return [
        CountRow(keys=tuple(row[:-3]), count=row[-3], planned_kg=row[-2], loaded_kg=row[-1])
        for row in rows
    ]


def spread(
    session: Session,
    duration: Duration,
    *,
    bounds: Sequence[int],
    from_at: datetime,
    to_at: datetime,
    where: Where,
    size: int | None = None,
) -> Spread:
    """Count how long it took, in classes of seconds bounded from above by `bounds`, ascending."""
    speaks_of = _size(session, size)
    question = Question(
        from_at=from_at, to_at=to_at, by=(), where=where, size=speaks_of, by_class=True
    )
    found = None
    if duration is Duration.FROM_ISSUE and set(bounds) <= set(STEPS_S):
        found = _classes(session, question, bounds)
    if found is None:
        found = spread_each(session, question, duration, bounds)
    return Spread(
        bounds=tuple(bounds),
        counts=tuple(found.get(n, 0) for n in range(len(bounds) + 1)),
        from_at=from_at,
        to_at=to_at,
        size=speaks_of,
    )


def _classes(session: Session, question: Question, bounds: Sequence[int]) -> dict[int, int] | None:
    """Return how many are in each class, of which each is made of whole classes of the sums."""
    summed = answer(session, question)
    if summed is None:
        return None
    found: dict[int, int] = {}
    for row in summed:
        upper = (*STEPS_S, None)[int(str(row.keys[-1]))]
        step = next((n for n, b in enumerate(bounds) if upper and upper <= b), len(bounds))
        found[step] = found.get(step, 0) + row.count
    return found


def spread_each(
    session: Session, question: Question, duration: Duration, bounds: Sequence[int]
) -> dict[int, int]:
    """Return how many are in each class by looking at every tally."""
    column = {
        Duration.FROM_ISSUE: TallyRow.seconds_from_issue,
        Duration.FROM_OPENING: TallyRow.seconds_from_opening,
    }[duration]
    step = case(*((column < bound, n) for n, bound in enumerate(bounds)), else_=len(bounds))
    statement = select(step.label("step"), func.count().label("many")).where(
        column.is_not(None),
        *within(question.from_at, question.to_at, question.size),
        *conditions(question.where),
    )
    return {row.step: row.many for row in session.execute(statement.group_by("step"))}


def _size(session: Session, wanted: int | None) -> int:
    size = tallied_size(session)
    if wanted is None:
        return size
    if wanted > size:
        raise _refused(
            "/size",
            "not-counted-yet",
            f"统计目前只到留痕第 {size} 条。请改用不大于此数的值。",
            f"Figures reach {size} entries of the log so far. Ask for no more than that.",
        )
    return wanted


def _order(row: CountRow) -> tuple[tuple[bool, str], ...]:
    return tuple((key is None, _text(key)) for key in row.keys)


def _text(key: Key) -> str:
    return f"{key:>12}" if isinstance(key, int) else str(key)


def _refused(pointer: str, code: str, zh: str, en: str) -> InvalidFieldError:
    return InvalidFieldError(
        [FieldProblem(pointer=pointer, code=code, message_zh=zh, message_en=en)]
    )
