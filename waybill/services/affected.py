"""Which open waybills a change of the register concerns."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from waybill.registry.kinds import SubjectKind
from waybill.rules.lifecycle import WaybillStatus
from waybill.storage.registry import PersonRow, TankRow, VehicleRow
from waybill.storage.waybills import WaybillRow

AHEAD_OF_LOADING: Final = timedelta(days=3)
"""From how long before the planned loading a waybill is watched."""
LATE: Final = timedelta(days=1)
"""For how long after the planned loading a vehicle that has not come is still expected."""
MOST_AT_ONCE: Final = 200
"""How many waybills one change judges again by itself; the others wait for the worker."""

_OTHER_VEHICLE: Final = aliased(VehicleRow)
_OTHER_TANK: Final = aliased(TankRow)
_OTHER_PERSON: Final = aliased(PersonRow)


def is_watched(now: datetime) -> ColumnElement[bool]:
    """Return the condition under which a waybill is judged again: open, and soon to be loaded."""
    planned = WaybillRow.planned_loading_at
    return (
        (WaybillRow.status == WaybillStatus.ISSUED)
        & (planned > now - LATE)
        & (planned <= now + AHEAD_OF_LOADING)
    )


def affected_waybills(
    session: Session, kind: SubjectKind, subject_id: UUID, *, now: datetime
) -> Sequence[UUID]:
    """Return the watched waybills that a record is part of, the soonest to be loaded first.

    A vehicle is one by plate or VIN, a tank by number, a person by ID number, whoever's record it
    is: a decision about one record is judged against all of them. Certificates are asked for by
    whom they are about; places are judged at the bay alone.
    """
    named = _NAMED.get(kind)
    if named is None:
        return ()
    statement = (
        select(WaybillRow.id)
        .where(is_watched(now), named(subject_id))
        .order_by(WaybillRow.planned_loading_at, WaybillRow.id)
        .limit(MOST_AT_ONCE)
    )
    return session.scalars(statement).all()


def _organisation(subject_id: UUID) -> ColumnElement[bool]:
    parties = (
        WaybillRow.carrier_id,
        WaybillRow.consignor_id,
        WaybillRow.consignee_id,
        WaybillRow.loader_id,
    )
    return or_(*(party == subject_id for party in parties))


def _vehicle(subject_id: UUID) -> ColumnElement[bool]:
    plate = (VehicleRow.plate == _OTHER_VEHICLE.plate) & (
        VehicleRow.plate_colour == _OTHER_VEHICLE.plate_colour
    )
    same = (
        select(VehicleRow.id)
        .join(_OTHER_VEHICLE, or_(plate, VehicleRow.vin == _OTHER_VEHICLE.vin))
        .where(_OTHER_VEHICLE.id == subject_id)
    )
    return _is_unit(same)


def _tank(subject_id: UUID) -> ColumnElement[bool]:
    same = (
        select(TankRow.id)
        .join(_OTHER_TANK, TankRow.number == _OTHER_TANK.number)
        .where(_OTHER_TANK.id == subject_id)
    )
    bearing = select(TankRow.mounted_on_id).where(TankRow.id == subject_id)
    return or_(WaybillRow.tank_id.in_(same), _is_unit(bearing))


def _person(subject_id: UUID) -> ColumnElement[bool]:
    same = (
        select(PersonRow.id)
        .join(_OTHER_PERSON, PersonRow.id_number_index == _OTHER_PERSON.id_number_index)
        .where(_OTHER_PERSON.id == subject_id)
    )
    return or_(WaybillRow.driver_id.in_(same), WaybillRow.escort_id.in_(same))


def _is_unit(ids: Select[UUID] | Select[UUID | None]) -> ColumnElement[bool]:
    return or_(WaybillRow.vehicle_id.in_(ids), WaybillRow.trailer_id.in_(ids))


_NAMED: Final[Mapping[SubjectKind, Callable[[UUID], ColumnElement[bool]]]] = {
    SubjectKind.ORGANISATION: _organisation,
    SubjectKind.VEHICLE: _vehicle,
    SubjectKind.TANK: _tank,
    SubjectKind.PERSON: _person,
}
