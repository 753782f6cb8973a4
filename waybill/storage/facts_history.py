"""Parts of the read behind a verdict about what went before: where a vehicle was, what a tank held.

Each is a select over the waybill of the read (`facts_query`).
"""

from typing import Final

from sqlalchemy import CTE, Select, select
from sqlalchemy.orm import aliased

from waybill.storage import records as shape
from waybill.storage.gather import Part
from waybill.storage.registry import TankRow, VehiclePositionRow
from waybill.storage.waybills import ReleaseRow, WaybillRow

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
    own = select(TankRow.number).where(TankRow.id == select(waybill.c.tank_id).scalar_subquery())
    statement: Select[*tuple[object, ...]] = (
        select(ReleaseRow.released_at, _OLD.draft)
        .join(_OLD, _OLD.id == ReleaseRow.waybill_id)
        .join(_SAME_TANK, _SAME_TANK.id == _OLD.tank_id)
        .where(
            _SAME_TANK.number == own.scalar_subquery(),
            ReleaseRow.waybill_id != select(waybill.c.id).scalar_subquery(),
        )
        .order_by(ReleaseRow.released_at.desc())
        .limit(LAST_TRIPS)
    )
    return Part("last_trip", shape.LastTripRecord, statement)
