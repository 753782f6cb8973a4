"""A plant, a carrier and a petrol trip between them, in rows, clean but for what a test changes."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts
from waybill.codec import sha256
from waybill.document import LastCargo
from waybill.registry.access import Actor
from waybill.registry.kinds import (
    CertificateKind,
    PersonRole,
    PlateColour,
    Provenance,
    SubjectKind,
    TankKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)
from waybill.rules.facts import CarriageMode, PhysicalState
from waybill.services.waybills.draft import Destination, Draft, DraftGoods
from waybill.storage.base import Base
from waybill.storage.identity import UserRow
from waybill.storage.registry import (
    BayRow,
    CertificateRow,
    FacilityRow,
    PersonRow,
    TankRow,
    VehiclePositionRow,
    VehicleRow,
)

PLANNED: Final = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
"""15:00 in Shanghai on the day the tests live in."""
SCOPE: Final = "危险货物运输(2类1项,3类,8类)(剧毒化学品除外)"
TRACTOR_PLATE: Final = "苏H12345"
TRAILER_PLATE: Final = "苏H1234挂"
TANK_NUMBER: Final = "T-2022-0001"
DRIVER: Final = "8f3a9c27b1"
ESCORT: Final = "1b2c3d4e90"
SUPERVISOR: Final = "5a5a5a5a01"
LICENCE_NUMBER: Final = "320800001234"
VALID_UNTIL: Final = date(2027, 5, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """What was registered for a trip: ids, under the names that a draft uses."""

    accounts: Accounts
    facility_id: UUID
    bay_id: UUID
    vehicle_id: UUID
    trailer_id: UUID
    tank_id: UUID
    driver_id: UUID
    escort_id: UUID
    supervisor_id: UUID

    def actor(self, name: str) -> Actor:
        """Return who an account is; the supervisor is on record as a person."""
        found = self.accounts.actor(name)
        return replace(found, person_id=self.supervisor_id) if name == "supervisor" else found

    def draft(self, **changes: object) -> Draft:
        """Return a draft of 28 t of petrol in the trailer's tank."""
        fields: dict[str, object] = {
            "consignor_id": self.accounts.organisations["plant"],
            "consignee_id": self.accounts.organisations["plant"],
            "facility_id": self.facility_id,
            "vehicle_id": self.vehicle_id,
            "trailer_id": self.trailer_id,
            "tank_id": self.tank_id,
            "driver_id": self.driver_id,
            "escort_id": self.escort_id,
            "planned_loading_at": PLANNED,
            "destination": Destination(area_code="320100", address="南京市江北新区油库路 1 号"),
            "goods": (petrol(),),
            "emergency_phone": "0517-83331234",
            "last_cargoes": (LastCargo(compartment=1, entry_key="1203", un_number="1203"),),
        }
        return Draft(**(fields | changes))  # type: ignore[arg-type]  # the test's own changes


def petrol(quantity_kg: str = "28000") -> DraftGoods:
    """Return a goods line of petrol in the first compartment."""
    return DraftGoods(
        entry_key="1203",
        quantity_kg=Decimal(quantity_kg),
        mode=CarriageMode.TANK,
        compartment=1,
        physical_state=PhysicalState.LIQUID,
        density_kg_l=Decimal("0.72"),
        density_50_kg_l=Decimal("0.685"),
        filling_temperature_c=Decimal(20),
    )


def seed_yard(session: Session, accounts: Accounts, now: datetime) -> Yard:
    """Register a plant with a bay, and a carrier whose papers allow a petrol trip."""
    plant, carrier = accounts.organisations["plant"], accounts.organisations["carrier"]
    facility = FacilityRow(
        organisation_id=plant,
        created_at=now,
        name="一号装车台",
        area_code="320800",
        address="淮安市盐化工园区 1 号",
    )
    session.add(facility)
    session.flush()
    bay = BayRow(facility_id=facility.id, created_at=now, name="1 号位")
    vehicle, trailer = _units(carrier, now)
    driver = _person(carrier, DRIVER, [PersonRole.DRIVER], now)
    escort = _person(carrier, ESCORT, [PersonRole.ESCORT], now)
    supervisor = _person(plant, SUPERVISOR, [PersonRole.LOADING_SUPERVISOR], now)
    session.add_all([bay, vehicle, trailer, driver, escort, supervisor])
    session.flush()
    tank = _tank(carrier, trailer.id, now)
    session.add_all(
        [
            tank,
            VehiclePositionRow(
                vehicle_id=vehicle.id,
                reported_at=now,
                online=True,
                latitude=Decimal("33.605"),
                longitude=Decimal("119.14"),
            ),
        ]
    )
    session.flush()
    kinds = CertificateKind
    papers: list[tuple[Base, UUID, SubjectKind, CertificateKind, str]] = [
        *(
            (unit, carrier, SubjectKind.VEHICLE, kind, scope)
            for unit in (vehicle, trailer)
            for kind, scope in (
                (kinds.VEHICLE_LICENCE, ""),
                (kinds.ROAD_TRANSPORT_CERTIFICATE, SCOPE),
                (kinds.TECHNICAL_INSPECTION, ""),
                (kinds.LIABILITY_INSURANCE, ""),
            )
        ),
        (tank, carrier, SubjectKind.TANK, kinds.TANK_INSPECTION, ""),
        (driver, carrier, SubjectKind.PERSON, kinds.DRIVING_LICENCE, ""),
        (driver, carrier, SubjectKind.PERSON, kinds.DRIVER_QUALIFICATION, ""),
        (escort, carrier, SubjectKind.PERSON, kinds.ESCORT_QUALIFICATION, ""),
        (supervisor, plant, SubjectKind.PERSON, kinds.SUPERVISOR_QUALIFICATION, ""),
    ]
    session.add_all(
        _certificate(_id(subject), owner, subject_kind, kind, now, scope=scope)
        for subject, owner, subject_kind, kind, scope in papers
    )
    session.add(
        _certificate(
            carrier, carrier, SubjectKind.ORGANISATION, kinds.CARRIER_LICENCE, now, scope=SCOPE
        )
    )
    change_row(session, UserRow, accounts.users["supervisor"].id, person_id=supervisor.id)
    session.flush()
    return Yard(
        accounts=accounts,
        facility_id=facility.id,
        bay_id=bay.id,
        vehicle_id=vehicle.id,
        trailer_id=trailer.id,
        tank_id=tank.id,
        driver_id=driver.id,
        escort_id=escort.id,
        supervisor_id=supervisor.id,
    )


def find_yard(session: Session) -> Yard:
    """Return the yard that was seeded in a database before."""
    people = {row.reference: row.id for row in session.query(PersonRow)}
    units = {row.plate: row.id for row in session.query(VehicleRow)}
    users = {row.username: row for row in session.query(UserRow)}
    homes = {name: users[name].organisation_id for name in ("carrier", "other-carrier")}
    homes |= {"plant": users["loader"].organisation_id}
    homes |= {"authority": users["auditor"].organisation_id}
    return Yard(
        accounts=Accounts(organisations=homes, users=users),
        facility_id=session.query(FacilityRow).one().id,
        bay_id=session.query(BayRow).one().id,
        vehicle_id=units[TRACTOR_PLATE],
        trailer_id=units[TRAILER_PLATE],
        tank_id=session.query(TankRow).one().id,
        driver_id=people[DRIVER],
        escort_id=people[ESCORT],
        supervisor_id=people[SUPERVISOR],
    )


def change_row(session: Session, row: type[Base], identity: UUID, **changes: object) -> None:
    """Change columns of one row, past every service: a trap for a test to fall into."""
    found = session.get_one(row, identity)
    for name, value in changes.items():
        setattr(found, name, value)
    session.flush()


def certificate_id(session: Session, subject_id: UUID, kind: CertificateKind) -> UUID:
    """Return the certificate of a kind that a subject was seeded with."""
    rows = session.query(CertificateRow).filter_by(subject_id=subject_id, kind=kind)
    return rows.one().id


def _id(row: Base) -> UUID:
    found: UUID = getattr(row, "id")  # noqa: B009  not every table has an id
    return found


def _units(carrier: UUID, now: datetime) -> tuple[VehicleRow, VehicleRow]:
    tractor = VehicleRow(
        organisation_id=carrier,
        created_at=now,
        plate=TRACTOR_PLATE,
        plate_colour=PlateColour.YELLOW,
        kind=UnitKind.TRACTOR,
        approval=VehicleApproval.FL,
        vin="LZZ5ELMC2KA100000",
        first_registered_on=date(2022, 5, 1),
        tare_kg=Decimal(8800),
        body=UnitBody.TRACTOR_ONLY,
        max_trailer_mass_kg=Decimal(40000),
        provenance=Provenance.REGISTER,
    )
    trailer = VehicleRow(
        organisation_id=carrier,
        created_at=now,
        plate=TRAILER_PLATE,
        plate_colour=PlateColour.YELLOW,
        kind=UnitKind.TRAILER,
        approval=VehicleApproval.FL,
        vin="LZZ5ELMC2KA100001",
        first_registered_on=date(2022, 5, 1),
        rated_load_kg=Decimal(28500),
        tare_kg=Decimal(11200),
        body=UnitBody.TANK,
        provenance=Provenance.REGISTER,
    )
    return tractor, trailer


def _tank(carrier: UUID, trailer_id: UUID, now: datetime) -> TankRow:
    return TankRow(
        organisation_id=carrier,
        created_at=now,
        number=TANK_NUMBER,
        kind=TankKind.ATMOSPHERIC_TANK,
        capacity_l=Decimal(45000),
        compartments=[{"number": 1, "capacity_l": "45000", "largest_section_l": "7400"}],
        approved_substances=[
            {
                "un_number": "1203",
                "packing_groups": ["II"],
                "technical_name": "",
                "max_concentration": "",
                "compartment": None,
            }
        ],
        tank_code="LGBF",
        rated_load_kg=Decimal(28500),
        mounted_on_id=trailer_id,
        insulated=False,
        heated=False,
        provenance=Provenance.DOCUMENT,
    )


def _person(
    organisation: UUID, reference: str, roles: list[PersonRole], now: datetime
) -> PersonRow:
    return PersonRow(
        organisation_id=organisation,
        created_at=now,
        reference=reference,
        roles=[role.value for role in roles],
        name_ref=_commitment(f"{reference} name"),
        id_number_ref=_commitment(f"{reference} number"),
        id_number_index=_commitment(f"{reference} index"),
        phone_ref=_commitment(f"{reference} phone"),
        provenance=Provenance.REGISTER,
    )


def _certificate(
    subject_id: UUID,
    organisation_id: UUID,
    subject_kind: SubjectKind,
    kind: CertificateKind,
    now: datetime,
    *,
    scope: str,
) -> CertificateRow:
    personal = subject_kind is SubjectKind.PERSON
    number = LICENCE_NUMBER if kind is CertificateKind.CARRIER_LICENCE else f"N-{kind.value[:40]}"
    return CertificateRow(
        organisation_id=organisation_id,
        created_at=now,
        subject_kind=subject_kind,
        subject_id=subject_id,
        kind=kind,
        issuer="淮安市交通运输局",
        valid_from=date(2024, 1, 1),
        valid_until=VALID_UNTIL,
        number=None if personal else number,
        number_ref=_commitment(f"{subject_id} {kind.value}") if personal else None,
        scope=scope,
        categories=["A2"] if kind is CertificateKind.DRIVING_LICENCE else [],
        provenance=Provenance.REGISTER,
    )


def _commitment(text: str) -> str:
    return sha256(text.encode()).hex()
