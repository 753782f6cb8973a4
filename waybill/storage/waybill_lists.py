"""Lists of waybills, newest first: along an index in their order, whatever the planner believes.

Who is concerned by a waybill in one of several ways has an index for each, in the order of the
list. What is not released yet has indexes of its own, by state too: it is a small part of all and
most of what is asked for. A walk goes from one row of such an index to another, compared as rows:
written as conditions on columns, the planner takes any other index that it believes to be short,
and reads a plant's history for the two that are issued. Whatever else narrows a list is looked at
row by row (`_fenced`), for the same reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    case,
    false,
    literal,
    select,
    true,
    tuple_,
    union_all,
)

from waybill.rules.lifecycle import WaybillStatus
from waybill.storage.registry import FacilityRow
from waybill.storage.waybills import WaybillRow

_NAMED: Final = (WaybillRow.consignor_id, WaybillRow.consignee_id)
_FIRST: Final = UUID(int=0)
_LAST: Final = UUID(int=(1 << 128) - 1)
"""Before and behind every id."""

Key = tuple[SQLColumnExpression[Any], SQLColumnExpression[Any]]
"""A column of an index, and what it holds along a walk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillList:
    """Whose list it is and what narrows it.

    `oversees` sees all that is issued. `sought` are conditions of which an index finds the few rows
    there are; `others` are looked at row by row.
    """

    organisation_id: UUID
    oversees: bool
    status: WaybillStatus | None = None
    facility_id: UUID | None = None
    sought: Sequence[ColumnElement[bool]] = ()
    others: Sequence[ColumnElement[bool]] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to be concerned: the first columns of an index, and what else must hold."""

    keys: Sequence[Key]
    conditions: Sequence[ColumnElement[bool]]


def newest(wanted: WaybillList, *, after: UUID | None, many: int) -> Select[UUID]:
    """Return the statement that reads the newest ids behind `after`: so many of each way, or less.

    A waybill that concerns somebody in two ways comes twice.
    """
    walks = (_walk(way, wanted, after).limit(many) for way in _ways(wanted))
    # SQLite wants each limit in a query of its own.
    each = union_all(*(select(walk.subquery().c.id) for walk in walks)).subquery()
    return select(each.c.id)


def _walk(way: _Way, wanted: WaybillList, after: UUID | None) -> Select[UUID]:
    row = WaybillRow.id
    query = select(row).where(*way.conditions, *wanted.sought)
    if wanted.sought:
        behind = [] if after is None else [row < after]
        query = query.where(*(column == value for column, value in way.keys), *behind)
        return query.order_by(row.desc())
    columns, values = [column for column, _ in way.keys], [value for _, value in way.keys]
    first, end = (literal(edge, row.type) for edge in (_FIRST, after or _LAST))
    place = tuple_(*columns, row)
    return query.where(place >= tuple_(*values, first), place < tuple_(*values, end)).order_by(
        *(column.desc() for column in (*columns, row))
    )


def _ways(wanted: WaybillList) -> Iterator[_Way]:
    row, place = WaybillRow, wanted.facility_id
    own = literal(wanted.organisation_id, row.id.type)
    of_status, narrowing = _of_status(wanted.status), _narrowing(wanted)
    unreleased = _unreleased(wanted.status)
    yield _Way([(row.carrier_id, own), *of_status], [*unreleased, *narrowing])
    if wanted.status is WaybillStatus.DRAFT:
        return
    issued = unreleased if of_status else [row.status != WaybillStatus.DRAFT]
    if wanted.oversees:
        if place is None:
            yield _Way(of_status, [*issued, *narrowing])
        else:
            yield from _at(literal(place, row.id.type), wanted)
        return
    for party in _NAMED:
        yield _Way([(party, own), *of_status], [*issued, *narrowing])
    if place is None:
        yield _Way([(row.loader_id, own), *of_status], [*issued, *narrowing])
    else:
        yield from _at(_own_facility(place, wanted.organisation_id), wanted)


def _at(place: ColumnElement[UUID], wanted: WaybillList) -> Iterator[_Way]:
    """Give what is issued for a facility, state by state: in each its index has the order."""
    others = [_fenced(other) for other in wanted.others]
    for status in WaybillStatus if wanted.status is None else (wanted.status,):
        if status is not WaybillStatus.DRAFT:
            yield _Way([(WaybillRow.facility_id, place), *_of_status(status)], others)


def _own_facility(facility_id: UUID, own: UUID) -> ColumnElement[UUID]:
    """Name a facility if it is one's own: the loader of a waybill is who runs its facility."""
    row = FacilityRow
    found = select(row.id).where(row.id == facility_id, row.organisation_id == own)
    return found.scalar_subquery()


def _of_status(status: WaybillStatus | None) -> list[Key]:
    return [] if status is None else [(WaybillRow.status, _written(status))]


def _unreleased(status: WaybillStatus | None) -> list[ColumnElement[bool]]:
    """Say, where it is so, that what is released has not to be looked at: that opens the index."""
    if status in {None, WaybillStatus.RELEASED}:
        return []
    return [WaybillRow.status != _written(WaybillStatus.RELEASED)]


def _written(status: WaybillStatus) -> ColumnElement[WaybillStatus]:
    """Write a status into the statement: of a parameter it is not known what it will be."""
    return literal(status, WaybillRow.status.type, literal_execute=True)


def _narrowing(wanted: WaybillList) -> list[ColumnElement[bool]]:
    place = wanted.facility_id
    of_place = [] if place is None else [WaybillRow.facility_id == place]
    return [_fenced(each) for each in (*of_place, *wanted.others)]


def _fenced(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Write a condition so that no index is sought for it."""
    return case((condition, true()), else_=false()).is_(true())
