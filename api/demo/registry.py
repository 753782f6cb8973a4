"""Writing the demonstration's registry through the services."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from api.demo import fleet, staff
from api.demo.figures import id_number, uscc, vin
from api.demo.register import OPERATOR, Register, acting
from waybill.clock import Clock, local_date
from waybill.registry.access import ROLE_PERMISSIONS, Actor, Role
from waybill.registry.kinds import (
    CertificateKind,
    OrganisationRole,
    PersonRole,
    PlateColour,
    Provenance,
    SubjectKind,
    UnitKind,
    VehicleApproval,
)
from waybill.registry.records import (
    ApprovedSubstance,
    BayParticulars,
    CertificateParticulars,
    Compartment,
    FacilityParticulars,
    OrganisationParticulars,
    PersonParticulars,
    TankParticulars,
    VehicleParticulars,
)
from waybill.services.identity import NewUser, create_user
from waybill.services.registry.bays import create_bay
from waybill.services.registry.certificates import create_certificate
from waybill.services.registry.facilities import create_facility
from waybill.services.registry.organisations import create_organisation
from waybill.services.registry.people import create_person
from waybill.services.registry.positions import Position, report_position
from waybill.services.registry.tanks import create_tank
from waybill.services.registry.vehicles import create_vehicle
from waybill.storage.personal import PersonalVault

ISSUER: Final = "示例市交通运输局"
POLICE: Final = "示例市公安局交通警察支队"
TEST_HOUSE: Final = "示例省特种设备检验研究院"


class Registrar:
    """Registers the demonstration's fleet, in one transaction of its caller."""

    def __init__(self, session: Session, vault: PersonalVault, clock: Clock, password: str) -> None:
        self._session = session
        self._vault = vault
        self._clock = clock
        self._password = password
        self._today: date = local_date(clock.now())
        self.register = Register()

    def write(self) -> Register:
        """Register everything and return it by name."""
        for key, company in fleet.COMPANIES.items():
            self._organisation(key, company)
        self._facility()
        for number, truck in enumerate(fleet.TRUCKS, start=1):
            self._vehicle(number, truck)
        for vessel in fleet.VESSELS:
            self._tank(vessel)
        for person in staff.PEOPLE:
            self._person(person)
        for account in staff.ACCOUNTS:
            self._account(account)
        return self.register

    def _organisation(self, key: str, company: fleet.Company) -> None:
        made = create_organisation(
            self._session,
            acting(Role.ADMIN, OPERATOR),
            OrganisationParticulars(
                uscc=uscc(company.number),
                name=company.name,
                roles=company.roles,
                address=company.address,
                phone=company.phone,
            ),
            clock=self._clock,
        )
        self.register.organisations[key] = made.id
        if OrganisationRole.CARRIER in company.roles:
            about = (SubjectKind.ORGANISATION, made.id)
            self._certify(
                key,
                about,
                CertificateKind.CARRIER_LICENCE,
                f"3208{company.number:08}",
                scope=company.scope,
            )
            self._certify(
                key, about, CertificateKind.LIABILITY_INSURANCE, f"PICC-{company.number:06}"
            )

    def _facility(self) -> None:
        name, area_code, address = fleet.FACILITY
        actor = acting(Role.SUPERVISOR, self.register.organisations["plant"])
        made = create_facility(
            self._session,
            actor,
            FacilityParticulars(name=name, area_code=area_code, address=address),
            clock=self._clock,
        )
        self.register.facility = made.id
        for bay in fleet.BAYS:
            created = create_bay(
                self._session, actor, made.id, BayParticulars(name=bay), clock=self._clock
            )
            self.register.bays.append(created.id)

    def _vehicle(self, number: int, truck: fleet.Truck) -> None:
        tractor = truck.kind is UnitKind.TRACTOR
        mass = Decimal(truck.kg)
        made = create_vehicle(
            self._session,
            self._carrier(truck.owner),
            VehicleParticulars(
                plate=truck.plate,
                plate_colour=PlateColour.YELLOW,
                kind=truck.kind,
                approval=VehicleApproval(truck.approval),
                vin=vin(number),
                first_registered_on=self._today - timedelta(days=900 + number),
                rated_load_kg=None if tractor else mass,
                tare_kg=Decimal(truck.tare_kg),
                max_trailer_mass_kg=mass if tractor else None,
                body=truck.body,
                provenance=Provenance.DOCUMENT,
            ),
            clock=self._clock,
        )
        self.register.vehicles[truck.plate] = made.id
        self._position(truck, made.id)
        about = (SubjectKind.VEHICLE, made.id)
        scope = fleet.COMPANIES[truck.owner].scope
        self._certify(
            truck.owner, about, CertificateKind.VEHICLE_LICENCE, truck.plate, issuer=POLICE
        )
        self._certify(
            truck.owner,
            about,
            CertificateKind.ROAD_TRANSPORT_CERTIFICATE,
            f"3208{number:08}",
            scope=scope,
        )
        self._certify(truck.owner, about, CertificateKind.TECHNICAL_INSPECTION, f"JP-{number:06}")

    def _position(self, truck: fleet.Truck, vehicle_id: UUID) -> None:
        """Let a vehicle that drives by itself report from the plant's gate."""
        if truck.kind is UnitKind.TRAILER:
            return
        latitude, longitude = fleet.GATE
        report_position(
            self._session,
            self._carrier(truck.owner),
            vehicle_id,
            Position(
                reported_at=self._clock.now(), online=True, latitude=latitude, longitude=longitude
            ),
        )

    def _tank(self, vessel: fleet.Vessel) -> None:
        capacity = Decimal(vessel.capacity_l)
        made = create_tank(
            self._session,
            self._carrier(vessel.owner),
            TankParticulars(
                number=vessel.number,
                kind=vessel.kind,
                capacity_l=capacity,
                compartments=(
                    Compartment(
                        number=1,
                        capacity_l=capacity,
                        largest_section_l=Decimal(vessel.largest_section_l or 7_500),
                    ),
                ),
                approved_substances=tuple(
                    ApprovedSubstance(un_number=un_number) for un_number in vessel.approved
                ),
                tank_code=vessel.code,
                tare_kg=Decimal(vessel.tare_kg) if vessel.tare_kg else None,
                test_pressure_bar=_figure(vessel.test_pressure_bar),
                max_filling_kg=_figure(vessel.max_filling_kg),
                insulated=False,
                heated=False,
                mounted_on_id=self.register.vehicles[vessel.on] if vessel.on else None,
                provenance=Provenance.DOCUMENT,
            ),
            clock=self._clock,
        )
        self.register.tanks[vessel.key or vessel.number] = made.id
        self._certify(
            vessel.owner,
            (SubjectKind.TANK, made.id),
            CertificateKind.TANK_INSPECTION,
            f"GJ-{vessel.number}",
            days=vessel.next_test_in_days,
            issuer=TEST_HOUSE,
        )

    def _person(self, person: staff.Person) -> None:
        loader = PersonRole.LOADING_SUPERVISOR in person.roles
        organisation = self.register.organisations[person.owner]
        made = create_person(
            self._session,
            acting(Role.SUPERVISOR if loader else Role.CARRIER, organisation),
            PersonParticulars(
                name=person.name,
                id_number=id_number(person.number),
                roles=person.roles,
                phone=person.phone,
                provenance=Provenance.DOCUMENT,
            ),
            vault=self._vault,
            clock=self._clock,
        )
        self.register.people[person.key] = made.id
        self.register.references[person.key] = made.reference
        about = (SubjectKind.PERSON, made.id)
        for role in person.roles:
            kind = _QUALIFICATION[role]
            self._certify(
                person.owner,
                about,
                kind,
                id_number(person.number),
                days=person.qualified_for_days,
                categories=person.endorsements,
            )
        if PersonRole.DRIVER in person.roles:
            self._certify(
                person.owner,
                about,
                CertificateKind.DRIVING_LICENCE,
                id_number(person.number),
                categories=("A2",),
                issuer=POLICE,
            )

    def _certify(
        self,
        owner: str,
        about: tuple[SubjectKind, UUID],
        kind: CertificateKind,
        number: str,
        *,
        scope: str = "",
        days: int = fleet.IN_A_YEAR,
        categories: tuple[str, ...] = (),
        issuer: str = ISSUER,
    ) -> None:
        role = Role.SUPERVISOR if owner == "plant" else Role.CARRIER
        create_certificate(
            self._session,
            acting(role, self.register.organisations[owner]),
            about,
            CertificateParticulars(
                kind=kind,
                number=number,
                issuer=issuer,
                valid_from=self._today - timedelta(days=400),
                valid_until=self._today + timedelta(days=days),
                scope=scope,
                categories=categories,
                provenance=Provenance.DOCUMENT,
            ),
            vault=self._vault,
            clock=self._clock,
        )

    def _account(self, account: staff.Account) -> None:
        role = Role(account.role)
        organisation = self.register.organisations[account.company]
        person = self.register.people[account.person] if account.person else None
        made = create_user(
            self._session,
            None,
            NewUser(
                username=account.username,
                password=self._password,
                role=role,
                organisation_id=organisation,
                person_id=person,
            ),
            vault=self._vault,
            clock=self._clock,
        )
        self.register.users[account.username] = Actor(
            user_id=made.id,
            organisation_id=organisation,
            role=role,
            permissions=ROLE_PERMISSIONS[role],
            person_id=person,
        )

    def _carrier(self, key: str) -> Actor:
        return acting(Role.CARRIER, self.register.organisations[key])


_QUALIFICATION: Final = {
    PersonRole.DRIVER: CertificateKind.DRIVER_QUALIFICATION,
    PersonRole.ESCORT: CertificateKind.ESCORT_QUALIFICATION,
    PersonRole.LOADING_SUPERVISOR: CertificateKind.SUPERVISOR_QUALIFICATION,
}


def _figure(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
