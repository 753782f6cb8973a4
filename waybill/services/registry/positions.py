"""Where a vehicle was last, as its positioning device or the platform it reports to says."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import SubjectKind
from waybill.services.registry.validation import Complaint, FieldCheck
from waybill.storage.registry import VehiclePositionRow, VehicleRow

_LATITUDE: Final = Decimal(90)
_LONGITUDE: Final = Decimal(180)
OUT_OF_RANGE: Final = Complaint(
    "coordinate-out-of-range", "坐标超出范围。", "No such coordinate exists."
)
HALF: Final = Complaint(
    "coordinate-incomplete", "经度和纬度应同时填写。", "Latitude and longitude belong together."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A report: its moment, whether the device is online, degrees (WGS 84), three decimals."""

    reported_at: datetime
    online: bool
    latitude: Decimal | None = None
    longitude: Decimal | None = None


def report_position(
    session: Session, actor: Actor, vehicle_id: UUID, position: Position
) -> Position:
    """Keep the newest report of a vehicle of one's own and return it; an older one changes nothing.

    Whether it is plausible is for the rule to say (VEH-06): here it is only read. Reports are no
    events of the log: a fleet sends thousands an hour, and the one that was judged is kept with
    its verdict.

    Raises:
        NotFoundError: the caller's organisation has no such vehicle.
        InvalidFieldError: coordinates that do not exist.
    """
    actor.require(Permission.WRITE_REGISTRY)
    check = FieldCheck()
    check_coordinates(check, position.latitude, position.longitude)
    check.settle()
    own = select(VehicleRow.id).where(
        VehicleRow.id == vehicle_id, VehicleRow.organisation_id == actor.organisation_id
    )
    if session.scalar(own.with_for_update()) is None:
        raise NotFoundError(SubjectKind.VEHICLE.value, vehicle_id)
    row = session.get(VehiclePositionRow, vehicle_id)
    if row is None:
        row = VehiclePositionRow(
            vehicle_id=vehicle_id, reported_at=position.reported_at, online=position.online
        )
        session.add(row)
    elif row.reported_at > position.reported_at:
        return _position(row)
    row.reported_at, row.online = position.reported_at, position.online
    row.latitude, row.longitude = position.latitude, position.longitude
    session.flush()
    return _position(row)


def check_coordinates(
    check: FieldCheck, latitude: Decimal | None, longitude: Decimal | None
) -> None:
    """Note coordinates that do not exist, and one that is given without the other."""
    pairs = (("/latitude", latitude, _LATITUDE), ("/longitude", longitude, _LONGITUDE))
    for pointer, value, limit in pairs:
        check.expect(pointer, OUT_OF_RANGE, holds=value is None or abs(value) <= limit)
    check.expect("/longitude", HALF, holds=(latitude is None) == (longitude is None))


def _position(row: VehiclePositionRow) -> Position:
    return Position(
        reported_at=row.reported_at,
        online=row.online,
        latitude=row.latitude,
        longitude=row.longitude,
    )
