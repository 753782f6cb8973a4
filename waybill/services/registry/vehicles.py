"""Vehicles and trailers of a carrier."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.errors import DuplicateError, NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import (
    OrganisationRole,
    RecordStatus,
    SubjectKind,
    UnitKind,
)
from waybill.registry.records import StatusChange, Vehicle, VehicleParticulars
from waybill.services.paging import Page, PageRequest
from waybill.services.registry.changes import (
    Trace,
    change_status,
    organisation_subject,
    record_changed,
    record_new,
    take_for_change,
)
from waybill.services.registry.listing import FIRST_PAGE, fetch_page, visible_to
from waybill.services.registry.standing import require_role
from waybill.services.registry.vehicle_fields import settle_vehicle
from waybill.storage.events import EventKind, Subject, SubjectKey, plate_subject
from waybill.storage.registry import VehicleRow
from waybill.units import plain_decimal


def create_vehicle(
    session: Session, actor: Actor, particulars: VehicleParticulars, *, clock: Clock
) -> Vehicle:
    """Register a tractor, rigid vehicle or trailer of the caller's carrier.

    Raises:
        StateError: the caller's organisation is no active carrier.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: plate and colour are registered already, by whomever.
    """
    actor.require(Permission.WRITE_REGISTRY)
    require_role(session, actor, OrganisationRole.CARRIER)
    stated = settle_vehicle(particulars, local_date(clock.now()))
    row = VehicleRow(
        organisation_id=actor.organisation_id,
        created_at=clock.now(),
        plate=stated.plate,
        plate_colour=stated.plate_colour,
        kind=stated.kind,
        approval=stated.approval,
        vin=stated.vin,
        first_registered_on=stated.first_registered_on,
        rated_load_kg=stated.rated_load_kg,
        tare_kg=stated.tare_kg,
        max_trailer_mass_kg=stated.max_trailer_mass_kg,
        body=stated.body,
        provenance=stated.provenance,
    )
    record_new(session, row, _trace(row, EventKind.VEHICLE_REGISTERED), actor=actor, clock=clock)
    return vehicle_of(row)


def update_vehicle(
    session: Session,
    actor: Actor,
    vehicle_id: UUID,
    particulars: VehicleParticulars,
    *,
    expected_version: int,
    clock: Clock,
) -> Vehicle:
    """Replace what the registry says of a vehicle of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such vehicle.
        PreconditionFailedError: it was changed since.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: another vehicle has this plate and colour.
    """
    actor.require(Permission.WRITE_REGISTRY)
    row = _take(session, actor, vehicle_id, expected_version)
    before = _trace(row, EventKind.VEHICLE_CHANGED)
    stated = settle_vehicle(particulars, local_date(clock.now()))
    row.plate = stated.plate
    row.plate_colour = stated.plate_colour
    row.kind = stated.kind
    row.approval = stated.approval
    row.vin = stated.vin
    row.first_registered_on = stated.first_registered_on
    row.rated_load_kg = stated.rated_load_kg
    row.tare_kg = stated.tare_kg
    row.max_trailer_mass_kg = stated.max_trailer_mass_kg
    row.body = stated.body
    row.provenance = stated.provenance
    record_changed(
        session, row, _trace(row, before.kind, before.subjects), actor=actor, clock=clock
    )
    return vehicle_of(row)


def set_vehicle_status(
    session: Session,
    actor: Actor,
    vehicle_id: UUID,
    change: StatusChange,
    *,
    expected_version: int,
    clock: Clock,
) -> Vehicle:
    """Suspend, resume or retire a vehicle of one's own; a retired one does not come back.

    Raises:
        NotFoundError: the caller's organisation has no such vehicle.
        PreconditionFailedError: it was changed since.
        StateError: its status does not lead there.
    """
    actor.require(Permission.WRITE_REGISTRY)
    row = _take(session, actor, vehicle_id, expected_version)
    change_status(
        session, row, _trace(row, EventKind.VEHICLE_CHANGED), change, actor=actor, clock=clock
    )
    return vehicle_of(row)


def get_vehicle(session: Session, actor: Actor, vehicle_id: UUID) -> Vehicle:
    """Return a vehicle: one's own, or any for those who oversee.

    Raises:
        NotFoundError: there is none, or it is another carrier's.
    """
    actor.require(Permission.READ_REGISTRY)
    row = session.scalar(
        select(VehicleRow).where(
            VehicleRow.id == vehicle_id, visible_to(actor, VehicleRow.organisation_id)
        )
    )
    if row is None:
        raise NotFoundError(SubjectKind.VEHICLE.value, vehicle_id)
    return vehicle_of(row)


def list_vehicles(
    session: Session,
    actor: Actor,
    *,
    q: str = "",
    kind: UnitKind | None = None,
    status: RecordStatus | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[Vehicle]:
    """Return a page of the vehicles that the caller may see.

    Args:
        session: the caller's.
        actor: who asks.
        q: part of the plate as it is written anywhere, or the beginning of the VIN.
        kind: only this kind of unit.
        status: only vehicles in this status.
        page: which page.
    """
    actor.require(Permission.READ_REGISTRY)
    statement = select(VehicleRow).where(visible_to(actor, VehicleRow.organisation_id))
    if wanted := q.replace("·", "").replace(" ", "").upper():
        plate = VehicleRow.plate.contains(wanted, autoescape=True)
        statement = statement.where(or_(plate, VehicleRow.vin.startswith(wanted, autoescape=True)))
    if kind is not None:
        statement = statement.where(VehicleRow.kind == kind)
    if status is not None:
        statement = statement.where(VehicleRow.status == status)
    return fetch_page(session, statement, VehicleRow.id, page, _vehicles)


def _take(session: Session, actor: Actor, vehicle_id: UUID, expected_version: int) -> VehicleRow:
    return take_for_change(
        session,
        select(VehicleRow).where(
            VehicleRow.id == vehicle_id, VehicleRow.organisation_id == actor.organisation_id
        ),
        (SubjectKind.VEHICLE, vehicle_id),
        expected_version=expected_version,
    )


def _trace(row: VehicleRow, kind: EventKind, before: tuple[Subject, ...] = ()) -> Trace:
    """Say by what a change is found: also by the plate the vehicle had `before` it."""
    return Trace(
        kind=kind,
        subject_kind=SubjectKind.VEHICLE,
        subjects=(
            organisation_subject(row.organisation_id),
            Subject(SubjectKey.VEHICLE, str(row.id)),
            plate_subject(row.plate, row.plate_colour.value),
            *before,
        ),
        taken=DuplicateError(
            "该号牌（含颜色）已登记。",
            "A vehicle with this plate and colour is registered already.",
            pointer="/plate",
        ),
    )


def vehicle_of(row: VehicleRow) -> Vehicle:
    """Return the record of a row."""
    return Vehicle(
        id=row.id,
        organisation_id=row.organisation_id,
        created_at=row.created_at,
        status=row.status,
        card_version=row.card_version,
        version=row.version,
        plate=row.plate,
        plate_colour=row.plate_colour,
        kind=row.kind,
        approval=row.approval,
        vin=row.vin,
        first_registered_on=row.first_registered_on,
        rated_load_kg=plain_decimal(row.rated_load_kg),
        tare_kg=plain_decimal(row.tare_kg),
        max_trailer_mass_kg=plain_decimal(row.max_trailer_mass_kg),
        body=row.body,
        provenance=row.provenance,
    )


def _vehicles(rows: Sequence[VehicleRow]) -> list[Vehicle]:
    return [vehicle_of(row) for row in rows]
