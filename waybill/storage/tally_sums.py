"""Sums of tallies by day: how they are made of tallies, added up, and held against them.

What a sum counts is written once (`summed`): sums are carried on by it, and compared with it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    case,
    cast,
    distinct,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from waybill.storage.tally import (
    Face,
    ProjectionRow,
    TallyGoodsRow,
    TallyRow,
    TallyRuleRow,
    TallySumRow,
)

SUMS: Final = "tally_sum"
"""The name of this projection."""
STEPS_S: Final = (1800, 3600, 7200, 14400, 28800, 86400)
"""Upper bounds of the classes of seconds since the signature; the last class has none."""
KEY: Final = ("face", "key", "day", "act", "outcome", "offline", "after_loading")
"""What the tallies of a sum have in common, in the order of the primary key."""
SUMMED: Final = ("many", "with_planned", "planned_kg", "with_loaded", "loaded_kg")
"""What is added up."""

Statement = Select[*tuple[Any, ...]]

_HOURS: Final = 100
"""Added to an hour, so that hours as text are in their order."""
_NOTHING: Final = literal(Decimal(0), TallySumRow.planned_kg.type)


def hour_key(hour: int) -> str:
    """Return the key of an hour."""
    return str(hour + _HOURS)


def hour_of(key: str) -> int:
    """Return the hour that a key means."""
    return int(key) - _HOURS


def id_key(found: UUID | None) -> ColumnElement[str] | None:
    """Return the key of an id, as the database writes ids."""
    return None if found is None else cast(literal(found, TallyRow.event_id.type), String(60))


def key_of(face: Face, of: type[TallyRow] = TallyRow) -> Any:  # noqa: ANN401  a column of text
    """Return what a tally's sum in a face has as its key; by goods and rule, that of a line."""
    # Each is made when it is asked for: to make all of them costs more than to count.
    return _KEYS[face](of)


def after_loading(of: type[TallyRow] = TallyRow) -> ColumnElement[int]:
    """Return `issued_after_loading` as a sum has it."""
    said = of.issued_after_loading
    return case((said.is_(None), -1), (said.is_(true()), 1), else_=0)


def sums(
    face: Face,
    keys: Sequence[Any],
    conditions: Sequence[ColumnElement[bool]],
    of: type[TallyRow] = TallyRow,
) -> Statement:
    """Return the statement that adds tallies up by some keys, as a face counts them.

    Keys are labelled. Columns are the keys, and behind them those of `SUMMED`.
    """
    by_goods = face in {Face.UN_NUMBER, Face.HAZARD_CLASS}
    row = TallyGoodsRow if by_goods else of
    place, planned, loaded = of.log_index, row.planned_kg, row.loaded_kg
    each = select(*keys, place.label("place"), planned.label("planned"), loaded.label("loaded"))
    each = each.select_from(of).where(*conditions)
    if by_goods:
        each = each.join(TallyGoodsRow, TallyGoodsRow.log_index == of.log_index)
    elif face is Face.RULE:
        each = each.join(TallyRuleRow, TallyRuleRow.log_index == of.log_index)
    elif face is Face.FROM_ISSUE:
        each = each.where(of.seconds_from_issue.is_not(None))
    rows = each.subquery()
    grouped = [rows.c[key.name] for key in keys]
    # A load stands once in its table, but has perhaps several lines of the same goods.
    many = func.count(distinct(rows.c.place)) if by_goods else func.count()
    statement = select(
        *grouped,
        many.label("many"),
        func.count(rows.c.planned).label("with_planned"),
        func.coalesce(func.sum(rows.c.planned), _NOTHING).label("planned_kg"),
        func.count(rows.c.loaded).label("with_loaded"),
        func.coalesce(func.sum(rows.c.loaded), _NOTHING).label("loaded_kg"),
    ).select_from(rows)
    return statement.group_by(*grouped) if keys else statement


def summed(*conditions: ColumnElement[bool]) -> CompoundSelect[*tuple[Any, ...]]:
    """Return the statement that makes the sums of some tallies, in every face."""
    row = TallyRow
    common: list[Any] = [c.label(c.key) for c in (row.day, row.act, row.outcome, row.offline)]
    common.append(after_loading().label("after_loading"))
    return union_all(
        *(
            sums(
                face,
                [
                    literal(face, TallySumRow.face.type).label("face"),
                    key_of(face).label("key"),
                    *common,
                ],
                conditions,
            )
            for face in Face
        )
    )


def _step(of: type[TallyRow]) -> ColumnElement[int]:
    steps = ((of.seconds_from_issue < bound, n) for n, bound in enumerate(STEPS_S))
    return case(*steps, else_=len(STEPS_S))


_KEYS: Final[Mapping[Face, Callable[[type[TallyRow]], Any]]] = {
    Face.ALL: lambda _: literal(""),
    Face.HOUR: lambda of: cast(of.hour + _HOURS, String(60)),
    Face.CARRIER: lambda of: func.coalesce(cast(of.carrier_id, String(60)), ""),
    Face.FACILITY: lambda of: func.coalesce(cast(of.facility_id, String(60)), ""),
    Face.DISTRICT: lambda of: of.area_code,
    Face.UN_NUMBER: lambda _: TallyGoodsRow.un_number,
    Face.HAZARD_CLASS: lambda _: TallyGoodsRow.hazard_class,
    Face.RULE: lambda _: TallyRuleRow.code,
    Face.FROM_ISSUE: lambda of: cast(_step(of), String(60)),
}


def add_up(session: Session, start: int, end: int) -> None:
    """Add the tallies of the entries from `start` up to before `end` to the sums."""
    row = TallySumRow
    new = summed(TallyRow.log_index >= start, TallyRow.log_index < end).subquery()
    # SQLite asks for a condition, or takes `ON CONFLICT` for one of a join.
    rows = select(*(new.c[name] for name in (*KEY, *SUMMED))).where(new.c.many > 0)
    sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (insert_sqlite if sqlite else insert_postgresql)(row)
    added = insert.from_select([*KEY, *SUMMED], rows)
    session.execute(
        added.on_conflict_do_update(
            index_elements=list(KEY),
            set_={name: getattr(row, name) + added.excluded[name] for name in SUMMED},
        )
    )


def differing(first: date, end: date, *within: ColumnElement[bool]) -> Statement:
    """Return the statement that finds sums of some days that are not those of their tallies.

    `within` is when those days are. All is one statement, so it sees one state of the tables.
    Columns are those of `KEY`, and the sums less what they should be.
    """
    row, day = TallySumRow, TallySumRow.day
    stored = select(*(getattr(row, name).label(name) for name in (*KEY, *SUMMED)))
    made = summed(*within, TallyRow.log_index < summed_size()).subquery()
    less = select(*(made.c[name] for name in KEY), *(-made.c[name] for name in SUMMED))
    both = union_all(stored.where(day >= first, day < end), less).subquery()
    columns = [both.c[name] for name in KEY]
    over = [func.sum(both.c[name]) for name in SUMMED]
    return (
        select(*columns, *(column.label(name) for column, name in zip(over, SUMMED, strict=True)))
        .group_by(*columns)
        .having(or_(*(column != literal(0) for column in over)))
        .order_by(both.c.day, both.c.face, both.c.key)
    )


def summed_size() -> ColumnElement[int]:
    """Return up to which entry sums are made, as a statement reads it in the same moment."""
    row = ProjectionRow
    found = select(row.next_index).where(row.name == SUMS).scalar_subquery()
    return func.coalesce(found, 0)
