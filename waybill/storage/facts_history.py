"""Parts of the read behind a verdict about what went before: where a vehicle was, what a tank held.

Each is a select over the waybill of the read (`facts_query`).
"""

from typing import Final
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    and_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from waybill.registry.offline import RecordState, TabletDecision
from waybill.rules.lifecycle import Aboard, CheckStatus, WaybillStatus
from waybill.storage import records as shape
from waybill.storage.gather import Part
from waybill.storage.offline import OfflineRecordRow
from waybill.storage.registry import TankRow, VehiclePositionRow
from waybill.storage.waybills import CheckAbortRow, LoadingCheckRow, WaybillRow

LAST_TRIPS: Final = 5
"""How many releases of a tank are read: as far back as compartments are loaded by turns."""

_SAME_TANK: Final = aliased(TankRow, name="tank_of_old")
_OLD: Final = aliased(WaybillRow, name="old_waybill")


def position_part(waybill: CTE) -> Part[shape.PositionRecord]:
    """Read what the waybill's vehicle reported last."""
    row = VehiclePositionRow
    statement: Select[*tuple[object, ...]] = select(
        row.vehicle_id, row.reported_at, row.online, row.latitude, row.longitude
    ).where(row.vehicle_id == select(waybill.c.vehicle_id).scalar_subquery())
    return Part("position", shape.PositionRecord, statement)


def last_trips_part(waybill: CTE) -> Part[shape.LastTripRecord]:
    """Read the newest releases of the waybill's tank, under whichever record of its number."""
    own_id = select(waybill.c.tank_id).scalar_subquery()
    number = select(TankRow.number).where(TankRow.id == own_id).scalar_subquery()
    others = select(_SAME_TANK.id).where(_SAME_TANK.number == number, _SAME_TANK.id != own_id)
    this = select(waybill.c.id).scalar_subquery()
    statement = newest_trips(_OLD.tank_id == own_id, _OLD.tank_id.in_(others), but_for=this)
    return Part("last_trip", shape.LastTripRecord, statement)


def newest_trips(
    *ways: ColumnElement[bool], but_for: ScalarSelect[UUID] | None = None
) -> Select[*tuple[object, ...]]:
    """Return the statement that reads the newest releases of tanks found in several ways.

    A tank has nearly always one record, whose newest releases an index gives in their order,
    however many trips it has behind it; all ways in one condition would read every trip.
    """
    own = [] if but_for is None else [_OLD.id != but_for]
    each = (
        select(_OLD.released_at, _OLD.draft)
        .where(way, _OLD.released_at.is_not(None), *own)
        .order_by(_OLD.released_at.desc())
        .limit(LAST_TRIPS)
        .subquery()
        for way in ways
    )
    newest = union_all(*(select(way.c.released_at, way.c.draft) for way in each)).subquery()
    return (
        select(newest.c.released_at, newest.c.draft)
        .order_by(newest.c.released_at.desc())
        .limit(LAST_TRIPS)
    )


def trips_of_number(tank_number: str) -> Select[*tuple[object, ...]]:
    """Return the statement that reads the newest releases of tanks of a number."""
    records = select(_SAME_TANK.id).where(_SAME_TANK.number == tank_number)
    return newest_trips(_OLD.tank_id.in_(records))


def ended_early_part(waybill: CTE) -> Part[shape.EndedTripRecord]:
    """Read the loadings of the waybill's tank that began and were never released."""
    own = select(TankRow.number).where(TankRow.id == select(waybill.c.tank_id).scalar_subquery())
    other = _OLD.id != select(waybill.c.id).scalar_subquery()
    return Part("ended_trip", shape.EndedTripRecord, ended_early(own.scalar_subquery(), other))


def ended_early(
    number: ColumnElement[str] | str, *which: ColumnElement[bool]
) -> CompoundSelect[*tuple[object, ...]]:
    """Select what may have gone into a tank and was never released, with when that ended.

    Aborted, unless nothing was aboard; cancelled by the carrier between clearance and release; let
    in by a tablet without network against the server. Waybills that wait or were cancelled are
    few, however long the history of a tank.
    """
    trips = (
        select(_OLD.id, _OLD.status, _OLD.cancelled_at, _OLD.draft)
        .join(_SAME_TANK, _SAME_TANK.id == _OLD.tank_id)
        .where(
            _SAME_TANK.number == number,
            # The index of a tank's releases has those without one together.
            _OLD.released_at.is_(None),
            _OLD.status.in_((WaybillStatus.ISSUED, WaybillStatus.CANCELLED)),
            *which,
        )
    )
    aborted, cancelled, let_in = (trips.subquery(name) for name in ("aborted", "over", "let_in"))
    return union_all(
        select(CheckAbortRow.aborted_at.label("released_at"), aborted.c.draft.label("draft"))
        .join(aborted, aborted.c.id == CheckAbortRow.waybill_id)
        .where(CheckAbortRow.aboard != Aboard.NOTHING),
        select(cancelled.c.cancelled_at, cancelled.c.draft)
        .join(LoadingCheckRow, LoadingCheckRow.waybill_id == cancelled.c.id)
        .where(
            cancelled.c.status == WaybillStatus.CANCELLED,
            LoadingCheckRow.status == CheckStatus.CLEARED,
        ),
        select(OfflineRecordRow.decided_at, let_in.c.draft)
        .join(let_in, let_in.c.id == OfflineRecordRow.waybill_id)
        .where(was_let_in()),
    )


def was_let_in() -> ColumnElement[bool]:
    """Say which records let somebody load against the server, until it is said what is aboard.

    That is said by whoever aborts the check once the record has come in; who aborted it before did
    not know.
    """
    said = select(CheckAbortRow.check_id).where(
        CheckAbortRow.check_id == OfflineRecordRow.check_id,
        CheckAbortRow.aborted_at >= OfflineRecordRow.received_at,
    )
    return and_(
        OfflineRecordRow.decision == TabletDecision.CLEARED,
        OfflineRecordRow.state != RecordState.ACCEPTED,
        ~said.exists(),
    )
