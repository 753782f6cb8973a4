"""Tanks of a carrier: what they may hold, and the unit they are fixed to."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.codec import JsonValue
from waybill.errors import DuplicateError, NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import (
    OrganisationRole,
    RecordStatus,
    SubjectKind,
    TankKind,
    UnitKind,
)
from waybill.registry.records import (
    ApprovedSubstance,
    Compartment,
    StatusChange,
    Tank,
    TankParticulars,
)
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
from waybill.services.registry.tank_fields import settle_tank
from waybill.services.registry.validation import Complaint, FieldCheck
from waybill.storage.events import EventKind, Subject, SubjectKey
from waybill.storage.registry import TankRow, VehicleRow
from waybill.units import plain_decimal

NO_SUCH_UNIT: Final = Complaint(
    "no-such-unit",
    "本单位没有可安装该罐体的车辆（半挂车或载货汽车）。",
    "Your organisation has no such trailer or rigid vehicle in use.",
)


def create_tank(
    session: Session, actor: Actor, particulars: TankParticulars, *, clock: Clock
) -> Tank:
    """Register a tank of the caller's carrier.

    Raises:
        StateError: the caller's organisation is no active carrier.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: the number is registered already, by whomever.
    """
    actor.require(Permission.WRITE_REGISTRY)
    require_role(session, actor, OrganisationRole.CARRIER)
    stated = settle_tank(particulars, local_date(clock.now()))
    _check_mounting(session, actor, stated.mounted_on_id)
    row = TankRow(
        organisation_id=actor.organisation_id,
        created_at=clock.now(),
        number=stated.number,
        kind=stated.kind,
        capacity_l=stated.capacity_l,
        compartments=_stored_compartments(stated.compartments),
        approved_substances=_stored_substances(stated.approved_substances),
        tank_code=stated.tank_code,
        portable_tank_instruction=stated.portable_tank_instruction,
        rated_load_kg=stated.rated_load_kg,
        tare_kg=stated.tare_kg,
        mounted_on_id=stated.mounted_on_id,
        test_pressure_bar=stated.test_pressure_bar,
        max_filling_kg=stated.max_filling_kg,
        insulated=stated.insulated,
        heated=stated.heated,
        provenance=stated.provenance,
    )
    record_new(session, row, _trace(row, EventKind.TANK_REGISTERED), actor=actor, clock=clock)
    return _tank(row)


def update_tank(
    session: Session,
    actor: Actor,
    tank_id: UUID,
    particulars: TankParticulars,
    *,
    expected_version: int,
    clock: Clock,
) -> Tank:
    """Replace what the registry says of a tank of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such tank.
        PreconditionFailedError: it was changed since.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: another tank has this number.
    """
    actor.require(Permission.WRITE_REGISTRY)
    row = _take(session, actor, tank_id, expected_version)
    stated = settle_tank(particulars, local_date(clock.now()))
    if stated.mounted_on_id != row.mounted_on_id:
        _check_mounting(session, actor, stated.mounted_on_id)
    row.number = stated.number
    row.kind = stated.kind
    row.capacity_l = stated.capacity_l
    row.compartments = _stored_compartments(stated.compartments)
    row.approved_substances = _stored_substances(stated.approved_substances)
    row.tank_code = stated.tank_code
    row.portable_tank_instruction = stated.portable_tank_instruction
    row.rated_load_kg = stated.rated_load_kg
    row.tare_kg = stated.tare_kg
    row.mounted_on_id = stated.mounted_on_id
    row.test_pressure_bar = stated.test_pressure_bar
    row.max_filling_kg = stated.max_filling_kg
    row.insulated, row.heated = stated.insulated, stated.heated
    row.provenance = stated.provenance
    record_changed(session, row, _trace(row, EventKind.TANK_CHANGED), actor=actor, clock=clock)
    return _tank(row)


def set_tank_status(
    session: Session,
    actor: Actor,
    tank_id: UUID,
    change: StatusChange,
    *,
    expected_version: int,
    clock: Clock,
) -> Tank:
    """Suspend, resume or retire a tank of one's own; a retired one does not come back.

    Raises:
        NotFoundError: the caller's organisation has no such tank.
        PreconditionFailedError: it was changed since.
        StateError: its status does not lead there.
    """
    actor.require(Permission.WRITE_REGISTRY)
    row = _take(session, actor, tank_id, expected_version)
    trace = _trace(row, EventKind.TANK_CHANGED)
    change_status(session, row, trace, change, actor=actor, clock=clock)
    return _tank(row)


def get_tank(session: Session, actor: Actor, tank_id: UUID) -> Tank:
    """Return a tank: one's own, or any for those who oversee.

    Raises:
        NotFoundError: there is none, or it is another carrier's.
    """
    actor.require(Permission.READ_REGISTRY)
    row = session.scalar(
        select(TankRow).where(TankRow.id == tank_id, visible_to(actor, TankRow.organisation_id))
    )
    if row is None:
        raise NotFoundError(SubjectKind.TANK.value, tank_id)
    return _tank(row)


def list_tanks(
    session: Session,
    actor: Actor,
    *,
    q: str = "",
    kind: TankKind | None = None,
    status: RecordStatus | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[Tank]:
    """Return a page of the tanks that the caller may see; `q` is part of the number."""
    actor.require(Permission.READ_REGISTRY)
    statement = select(TankRow).where(visible_to(actor, TankRow.organisation_id))
    if wanted := q.strip().upper():
        statement = statement.where(TankRow.number.contains(wanted, autoescape=True))
    if kind is not None:
        statement = statement.where(TankRow.kind == kind)
    if status is not None:
        statement = statement.where(TankRow.status == status)
    return fetch_page(session, statement, TankRow.id, page, _tanks)


def _take(session: Session, actor: Actor, tank_id: UUID, expected_version: int) -> TankRow:
    return take_for_change(
        session,
        select(TankRow).where(
            TankRow.id == tank_id, TankRow.organisation_id == actor.organisation_id
        ),
        (SubjectKind.TANK, tank_id),
        expected_version=expected_version,
    )


def _check_mounting(session: Session, actor: Actor, vehicle_id: UUID | None) -> None:
    """Refuse a unit that cannot bear the tank: another's, a tractor, a retired one."""
    if vehicle_id is None:
        return
    found = session.scalar(
        select(VehicleRow.id).where(
            VehicleRow.id == vehicle_id,
            VehicleRow.organisation_id == actor.organisation_id,
            VehicleRow.kind != UnitKind.TRACTOR,
            VehicleRow.status != RecordStatus.RETIRED,
        )
    )
    check = FieldCheck()
    check.expect("/mounted_on_id", NO_SUCH_UNIT, holds=found is not None)
    check.settle()


def _trace(row: TankRow, kind: EventKind) -> Trace:
    return Trace(
        kind=kind,
        subject_kind=SubjectKind.TANK,
        subjects=(
            organisation_subject(row.organisation_id),
            Subject(SubjectKey.TANK, str(row.id)),
        ),
        taken=DuplicateError(
            "该罐体编号已登记。",
            "A tank with this number is registered already.",
            pointer="/number",
        ),
    )


def _stored_compartments(compartments: Sequence[Compartment]) -> list[dict[str, JsonValue]]:
    return [
        {
            "number": compartment.number,
            "capacity_l": str(plain_decimal(compartment.capacity_l)),
            "largest_section_l": None
            if compartment.largest_section_l is None
            else str(plain_decimal(compartment.largest_section_l)),
        }
        for compartment in compartments
    ]


def _stored_substances(substances: Sequence[ApprovedSubstance]) -> list[dict[str, JsonValue]]:
    return [
        {
            "un_number": substance.un_number,
            "packing_groups": list(substance.packing_groups),
            "technical_name": substance.technical_name.strip(),
            "max_concentration": substance.max_concentration.strip(),
            "compartment": substance.compartment,
        }
        for substance in substances
    ]


def _tank(row: TankRow) -> Tank:
    return Tank(
        id=row.id,
        organisation_id=row.organisation_id,
        created_at=row.created_at,
        status=row.status,
        card_version=row.card_version,
        version=row.version,
        number=row.number,
        kind=row.kind,
        capacity_l=plain_decimal(row.capacity_l),
        compartments=msgspec.convert(row.compartments, tuple[Compartment, ...]),
        approved_substances=msgspec.convert(row.approved_substances, tuple[ApprovedSubstance, ...]),
        tank_code=row.tank_code,
        portable_tank_instruction=row.portable_tank_instruction,
        rated_load_kg=plain_decimal(row.rated_load_kg),
        tare_kg=plain_decimal(row.tare_kg),
        mounted_on_id=row.mounted_on_id,
        test_pressure_bar=plain_decimal(row.test_pressure_bar),
        max_filling_kg=plain_decimal(row.max_filling_kg),
        insulated=row.insulated,
        heated=row.heated,
        provenance=row.provenance,
    )


def _tanks(rows: Sequence[TankRow]) -> list[Tank]:
    return [_tank(row) for row in rows]
