"""Statements over the tallies whose columns are chosen by whoever asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    distinct,
    func,
    null,
    select,
)
from sqlalchemy.orm import Session

from waybill.storage.tally import (
    TallyAct,
    TallyGoodsRow,
    TallyOutcome,
    TallyRow,
    TallyRuleRow,
)

Column = SQLColumnExpression[object]


def within(from_at: datetime, to_at: datetime, size: int) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of tallies from one moment to before another, in a tree of a size."""
    return (
        TallyRow.recorded_at >= from_at,
        TallyRow.recorded_at < to_at,
        TallyRow.log_index < size,
    )


def tallies_of(
    columns: Sequence[Column], *conditions: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads columns of some tallies, in the order of the log."""
    return select(*columns).where(*conditions).order_by(TallyRow.log_index)


def passed(row: Any, act: TallyAct) -> ColumnElement[bool]:  # noqa: ANN401  an alias has no type
    """Return what holds of a tally, or an alias of it, that ended well."""
    held: ColumnElement[bool] = (row.act == act) & (row.outcome == TallyOutcome.PASSED)
    return held


def counted(
    session: Session,
    keys: Sequence[Column],
    conditions: Sequence[ColumnElement[bool]],
    *,
    by_goods: bool,
    by_rules: bool,
) -> Sequence[tuple[Any, ...]]:
    """Return keys, count of tallies, kilograms planned and loaded, a row per combination of keys.

    Quantities are those of the goods lines where it is counted `by_goods`, and none where it is
    counted `by_rules`: a load stands under several rules.
    """
    of = TallyGoodsRow if by_goods else TallyRow
    planned, loaded = func.sum(of.planned_kg), func.sum(of.loaded_kg)
    quantities = (null(), null()) if by_rules else (planned, loaded)
    # A tally stands once in its own table; only beside its goods or rules does it come repeatedly.
    repeated = by_goods or by_rules
    many = func.count(distinct(TallyRow.log_index)) if repeated else func.count()
    statement = select(*keys, many, *quantities)
    statement = statement.select_from(TallyRow)
    if by_goods:
        statement = statement.join(TallyGoodsRow, TallyGoodsRow.log_index == TallyRow.log_index)
    if by_rules:
        statement = statement.join(TallyRuleRow, TallyRuleRow.log_index == TallyRow.log_index)
    statement = statement.where(*conditions)
    rows = session.execute(statement.group_by(*keys) if keys else statement)
    return [tuple(row) for row in rows]
