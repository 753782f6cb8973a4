"""Counting over the log: how many, by what, of which quantity, and of which size of the tree.

Every figure of a dashboard, a pattern or a report comes from `count` or `spread`. Each answer
names the size of the tree it speaks of; asked again with that `size`, it is the same for ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from waybill.errors import FieldProblem, InvalidFieldError
from waybill.services.statistics.dimensions import (
    EVERYTHING,
    GOODS,
    RULES,
    Dimension,
    Where,
    column_of,
    conditions,
    line_conditions,
)
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.tally import TallyRow
from waybill.storage.tally_query import counted, within

Key = date | int | bool | str | UUID | StrEnum | None
"""What a figure stands for: a day, an id, a code, or `None` where the events did not say."""


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
    rows = counted(
        session,
        [column_of(session, dimension).label(dimension.value) for dimension in asked],
        [
            *within(from_at, to_at, speaks_of),
            *conditions(where),
            *line_conditions(where, asked),
        ],
        by_goods=by_goods,
        by_rules=by_rules,
    )
    found = (
        CountRow(keys=tuple(row[:-3]), count=row[-3], planned_kg=row[-2], loaded_kg=row[-1])
        for row in rows
    )
    return Counted(
        by=asked,
        from_at=from_at,
        to_at=to_at,
        size=speaks_of,
        rows=tuple(sorted((row for row in found if row.count), key=_order)),
    )


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
    column = {
        Duration.FROM_ISSUE: TallyRow.seconds_from_issue,
        Duration.FROM_OPENING: TallyRow.seconds_from_opening,
    }[duration]
    step = case(*((column < bound, n) for n, bound in enumerate(bounds)), else_=len(bounds))
    statement = select(step.label("step"), func.count().label("many")).where(column.is_not(None))
    statement = statement.where(*within(from_at, to_at, speaks_of), *conditions(where))
    found = {row.step: row.many for row in session.execute(statement.group_by("step"))}
    return Spread(
        bounds=tuple(bounds),
        counts=tuple(found.get(n, 0) for n in range(len(bounds) + 1)),
        from_at=from_at,
        to_at=to_at,
        size=speaks_of,
    )


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
