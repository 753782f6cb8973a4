"""A plant, a carrier and a petrol trip between them, in rows, clean but for what a test changes."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts
from tests.harness.yard_rows import (
    DRIVER,
    ESCORT,
    SCOPE,
    SUPERVISOR,
    TRACTOR_PLATE,
    TRAILER_PLATE,
    certificate_row,
    person_row,
    tank_row,
    unit_rows,
)
from waybill.document import LastCargo
from waybill.registry.access import Actor
from waybill.registry.kinds import (
    CertificateKind,
    PersonRole,
    SubjectKind,
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
    vehicle, trailer = unit_rows(carrier, now)
    driver = person_row(carrier, DRIVER, [PersonRole.DRIVER], now)
    escort = person_row(carrier, ESCORT, [PersonRole.ESCORT], now)
    supervisor = person_row(plant, SUPERVISOR, [PersonRole.LOADING_SUPERVISOR], now)
    session.add_all([bay, vehicle, trailer, driver, escort, supervisor])
    session.flush()
    tank = tank_row(carrier, trailer.id, now)
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
    session.add_all(_papers(carrier, (vehicle, trailer), tank, (driver, escort), now))
    kind = CertificateKind.SUPERVISOR_QUALIFICATION
    session.add(certificate_row(supervisor.id, plant, SubjectKind.PERSON, kind, now, scope=""))
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


def _papers(
    carrier: UUID,
    units: tuple[VehicleRow, VehicleRow],
    tank: TankRow,
    crew: tuple[PersonRow, PersonRow],
    now: datetime,
) -> list[CertificateRow]:
    """Return every paper that a trip asks of carrier, units, tank, driver and escort."""
    kinds = CertificateKind
    driver, escort = crew
    papers: list[tuple[UUID, SubjectKind, CertificateKind, str]] = [
        *(
            (unit.id, SubjectKind.VEHICLE, kind, scope)
            for unit in units
            for kind, scope in (
                (kinds.VEHICLE_LICENCE, ""),
                (kinds.ROAD_TRANSPORT_CERTIFICATE, SCOPE),
                (kinds.TECHNICAL_INSPECTION, ""),
                (kinds.LIABILITY_INSURANCE, ""),
            )
        ),
        (tank.id, SubjectKind.TANK, kinds.TANK_INSPECTION, ""),
        (driver.id, SubjectKind.PERSON, kinds.DRIVING_LICENCE, ""),
        (driver.id, SubjectKind.PERSON, kinds.DRIVER_QUALIFICATION, ""),
        (escort.id, SubjectKind.PERSON, kinds.ESCORT_QUALIFICATION, ""),
        (carrier, SubjectKind.ORGANISATION, kinds.CARRIER_LICENCE, SCOPE),
    ]
    return [
        certificate_row(subject, carrier, subject_kind, kind, now, scope=scope)
        for subject, subject_kind, kind, scope in papers
    ]


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
