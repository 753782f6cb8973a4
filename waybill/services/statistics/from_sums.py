"""Figures from the sums by day, exactly as counting every tally gives them.

Sums answer what is asked by at most one of `Face`, for the whole days of a period, and for whole
hours where nothing else is asked. The edges of the period are counted. Sums are of the log as far
as they have come; what the wanted size of the tree has more is counted and added, what it has less
is counted and taken away. All of it is one statement, so it sees sums and tallies of one moment.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Label, Row, and_, func, select, union_all
from sqlalchemy.orm import Session, aliased

from waybill.services.statistics.covering import Cover, cover_of
from waybill.services.statistics.dimensions import (
    Dimension,
    Key,
    Where,
    conditions,
    line_conditions,
    month_of,
)
from waybill.services.statistics.projecting import TALLIES
from waybill.storage.tally import Face, ProjectionRow, TallyRow, TallySumRow
from waybill.storage.tally_query import Column
from waybill.storage.tally_sums import (
    STEPS_S,
    SUMMED,
    SUMS,
    Statement,
    after_loading,
    hour_key,
    hour_of,
    id_key,
    key_of,
    summed_size,
    sums,
)

REACH: Final = 20_000
"""Beyond so many entries between the sums and the wanted size every tally is counted instead."""
_FACES: Final[Mapping[Dimension, Face]] = {
    Dimension.HOUR: Face.HOUR,
    Dimension.CARRIER: Face.CARRIER,
    Dimension.FACILITY: Face.FACILITY,
    Dimension.DISTRICT: Face.DISTRICT,
    Dimension.UN_NUMBER: Face.UN_NUMBER,
    Dimension.HAZARD_CLASS: Face.HAZARD_CLASS,
    Dimension.RULE: Face.RULE,
}
_OF_DAYS: Final = frozenset(
    {
        *(Dimension.DAY, Dimension.MONTH, Dimension.ACT, Dimension.OUTCOME),
        *(Dimension.OFFLINE, Dimension.ISSUED_AFTER_LOADING),
    }
)
_SAID: Final[Mapping[int, bool | None]] = {-1: None, 0: False, 1: True}
_BY_GOODS: Final = frozenset({Face.UN_NUMBER, Face.HAZARD_CLASS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """What is counted of tallies with some keys in common."""

    keys: tuple[Key, ...]
    count: int
    planned_kg: Decimal | None
    loaded_kg: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; `by_class` asks by the classes of `STEPS_S` too, as the last key."""

    from_at: datetime
    to_at: datetime
    by: tuple[Dimension, ...]
    where: Where
    size: int
    by_class: bool = False


def answer(session: Session, question: Question) -> list[Summed] | None:
    """Return the figures, in no order, or `None` where the sums cannot give them."""
    face = face_of(question)
    if face is None or not _is_near(session, question.size):
        return None
    cover = cover_of(question.from_at, question.to_at, by_hours=face in {Face.ALL, Face.HOUR})
    if cover is None:
        return None
    parts = union_all(*_parts(session, question, face, cover)).subquery()
    keys = [parts.c[name] for name in _names(question)]
    added = (func.sum(parts.c[name]).label(name) for name in SUMMED)
    statement = select(*keys, *added)
    rows = session.execute(statement.group_by(*keys) if keys else statement)
    return [_summed(row, question) for row in rows]


def face_of(question: Question) -> Face | None:
    """Return the face whose sums answer a question, `None` if those of no single one do."""
    where, by = question.where, question.by
    if not set(by) <= _OF_DAYS | set(_FACES):
        return None
    if any((where.bay_id, where.vehicle, where.user_id, where.rule_outcome, where.rule_severity)):
        return None
    faces = {_FACES[dimension] for dimension in by if dimension in _FACES}
    if question.by_class:
        faces.add(Face.FROM_ISSUE)
    asked = {
        Face.HOUR: where.hour is not None,
        Face.CARRIER: where.carrier_id is not None,
        Face.FACILITY: where.facility_id is not None,
        Face.DISTRICT: bool(where.district),
        Face.UN_NUMBER: bool(where.un_number),
        Face.HAZARD_CLASS: bool(where.hazard_class),
        Face.RULE: bool(where.rule),
        Face.FROM_ISSUE: (where.least_s, where.under_s) != (None, None),
    }
    narrowed = {face for face, is_asked in asked.items() if is_asked}
    if narrowed & _BY_GOODS - faces:
        # Quantities would be those of the lines, and whole loads are asked for.
        return None
    if Face.FROM_ISSUE in narrowed and not {where.least_s, where.under_s} <= {None, *STEPS_S}:
        return None
    faces |= narrowed
    return None if len(faces) > 1 else next(iter(faces), Face.ALL)


def _is_near(session: Session, size: int) -> bool:
    """Say whether the sums are of nearly that size, and of nothing that is not there to count.

    A program of before that makes the tallies anew leaves the sums as they are.
    """
    row = ProjectionRow
    named = select(row.name, row.next_index).where(row.name.in_((TALLIES, SUMS)))
    come: dict[str, int] = {each.name: each.next_index for each in session.execute(named)}
    summed = come.get(SUMS, 0)
    return summed <= come.get(TALLIES, 0) and abs(summed - size) <= REACH


def _parts(session: Session, question: Question, face: Face, cover: Cover) -> Iterator[Statement]:
    """Give what is added up; each has the same columns."""
    kept, at = TallySumRow, TallyRow.recorded_at
    yield _of_sums(session, question, face).where(kept.day >= cover.first, kept.day < cover.end)
    for day, hour, before in cover.hours:
        hours = and_(kept.key >= hour_key(hour), kept.key < hour_key(before))
        yield _of_sums(session, question, face, of=Face.HOUR).where(kept.day == day, hours)
    within = TallyRow.log_index < question.size
    for begins_at, ends_at in (
        (question.from_at, cover.from_at),
        (cover.to_at, question.to_at),
    ):
        if begins_at < ends_at:
            edge = (at >= begins_at, at < ends_at, within)
            yield _of_tallies(session, question, face, TallyRow, *edge)
    for entries, is_taken_away in ((_since_sums(question), False), (_beyond(question), True)):
        of = aliased(TallyRow, entries)
        covered = (of.recorded_at >= cover.from_at, of.recorded_at < cover.to_at)
        found = _of_tallies(session, question, face, of, *covered)
        yield _taken_away(found, question) if is_taken_away else found


def _since_sums(question: Question) -> CTE:
    """Return the tallies that the wanted size has and the sums do not.

    Read for themselves, or the planner might look for them by something else.
    """
    index = TallyRow.log_index
    found = select(TallyRow).where(index >= summed_size(), index < question.size)
    return found.cte("since_sums").prefix_with("MATERIALIZED")


def _beyond(question: Question) -> CTE:
    """Return the tallies that the sums have and the wanted size does not."""
    index = TallyRow.log_index
    found = select(TallyRow).where(index >= question.size, index < summed_size())
    return found.cte("beyond").prefix_with("MATERIALIZED")


def _taken_away(found: Statement, question: Question) -> Statement:
    rows = found.subquery()
    return select(
        *(rows.c[name] for name in _names(question)),
        *((-rows.c[name]).label(name) for name in SUMMED),
    )


def _names(question: Question) -> list[str]:
    many = len(question.by) + question.by_class
    return [f"k{number}" for number in range(many)]


def _labelled(
    session: Session,
    question: Question,
    row: type[TallyRow | TallySumRow],
    key: Callable[[Face], Column],
    late: Column,
) -> list[Label[object]]:
    """Return what is asked by, of sums or tallies; `key` gives what stands for a face."""

    def column(dimension: Dimension) -> Column:
        if dimension in _FACES:
            return key(_FACES[dimension])
        if dimension is Dimension.MONTH:
            return month_of(session, row.day)
        if dimension is Dimension.ISSUED_AFTER_LOADING:
            return late
        plain: Column = getattr(row, dimension.value)
        return plain

    keys = [column(dimension) for dimension in question.by]
    keys += [key(Face.FROM_ISSUE)] * question.by_class
    return [each.label(name) for each, name in zip(keys, _names(question), strict=True)]


def _of_sums(
    session: Session, question: Question, face: Face, *, of: Face | None = None
) -> Statement:
    """Return the sums of a face, or of the hours at an edge, that have what is asked for."""
    row, where = TallySumRow, question.where
    keys = _labelled(session, question, row, lambda _: row.key, row.after_loading)
    statement = select(*keys, *(getattr(row, name).label(name) for name in SUMMED))
    plain = ((row.act, where.act), (row.offline, where.offline))
    statement = statement.where(
        row.face == (of or face),
        *(column == wanted for column, wanted in plain if wanted is not None),
        *_key_conditions(of or face, where),
    )
    if where.outcomes:
        statement = statement.where(row.outcome.in_(where.outcomes))
    if where.issued_after_loading is not None:
        statement = statement.where(row.after_loading == int(where.issued_after_loading))
    return statement


def _key_conditions(face: Face, where: Where) -> Iterator[ColumnElement[bool]]:
    key = TallySumRow.key
    if face is Face.DISTRICT and where.district:
        yield key.startswith(where.district, autoescape=True)
    elif face is Face.FROM_ISSUE:
        if where.least_s is not None:
            yield key > str(STEPS_S.index(where.least_s))
        if where.under_s is not None:
            yield key <= str(STEPS_S.index(where.under_s))
    elif (wanted := _wanted_key(face, where)) is not None:
        yield key == wanted


def _wanted_key(face: Face, where: Where) -> ColumnElement[str] | str | None:
    if face is Face.ALL:
        return ""
    if face is Face.HOUR:
        return None if where.hour is None else hour_key(where.hour)
    if face in {Face.CARRIER, Face.FACILITY}:
        return id_key(where.carrier_id or where.facility_id)
    named = {
        Face.UN_NUMBER: where.un_number,
        Face.HAZARD_CLASS: where.hazard_class,
        Face.RULE: where.rule,
    }
    return named.get(face) or None


def _of_tallies(
    session: Session,
    question: Question,
    face: Face,
    of: type[TallyRow],
    *within: ColumnElement[bool],
) -> Statement:
    """Return the sums of tallies that have what is asked for."""
    late = after_loading(of)
    keys = _labelled(session, question, of, lambda its_face: key_of(its_face, of), late)
    lines = (*question.by, Dimension.RULE) if face is Face.RULE else question.by
    where = (*conditions(question.where, of), *line_conditions(question.where, lines))
    return sums(face, keys, [*within, *where], of)


def _summed(row: Row[*tuple[object, ...]], question: Question) -> Summed:
    asked = len(question.by)
    keys = [_value(dimension, key) for dimension, key in zip(question.by, row, strict=False)]
    classes = [int(str(key)) for key in row[asked : len(_names(question))]]
    return Summed(
        keys=(*keys, *classes),
        count=int(row.many or 0),
        planned_kg=row.planned_kg if row.with_planned else None,
        loaded_kg=row.loaded_kg if row.with_loaded else None,
    )


def _value(dimension: Dimension, key: object) -> Key:
    """Return a key as counting gives it."""
    if dimension in {Dimension.CARRIER, Dimension.FACILITY}:
        return UUID(str(key)) if key else None
    if dimension is Dimension.HOUR:
        return hour_of(str(key))
    if dimension is Dimension.ISSUED_AFTER_LOADING:
        return _SAID[int(str(key))]
    if not isinstance(key, date | bool | str):
        raise TypeError(f"no figure stands for a {type(key).__name__}")
    return key
