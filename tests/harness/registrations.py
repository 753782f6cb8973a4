"""Builders for the registry's tests: particulars that are right but for what a test is about."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import new_id
from waybill.registry.access import ROLE_PERMISSIONS, Actor, Role
from waybill.registry.kinds import (
    CertificateKind,
    OrganisationRole,
    PersonRole,
    PlateColour,
    TankKind,
    UnitKind,
    VehicleApproval,
)
from waybill.registry.records import (
    ApprovedSubstance,
    CertificateParticulars,
    OrganisationParticulars,
    PersonParticulars,
    TankParticulars,
    VehicleParticulars,
)
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import OrganisationRow

T = TypeVar(
    "T",
    OrganisationParticulars,
    VehicleParticulars,
    TankParticulars,
    PersonParticulars,
    CertificateParticulars,
)

VAULT: Final = PersonalVault(b"e" * 32, b"i" * 32)
USCC_OF: Final = {
    Role.CARRIER: "91320800MA1M00007E",
    Role.LOADER: "91320800MA1M00017F",
    Role.SUPERVISOR: "91320800MA1M00017F",
    Role.CONSIGNOR: "91320800MA1M00027G",
    Role.CONSIGNEE: "91320800MA1M00037H",
}
AUTHORITY_USCC: Final = "91320800MA1M00047J"
OTHER_USCC: Final = "91320800MA1M00057K"
FREE_USCC: Final = "91320800MA1M00067L"
ID_NUMBER: Final = "320811198501010105"
OTHER_ID_NUMBER: Final = "320811199003030116"
VIN: Final = "LZZ5ELMC2KA100000"

_ROLES_OF: Final = {
    Role.CARRIER: OrganisationRole.CARRIER,
    Role.LOADER: OrganisationRole.LOADER,
    Role.SUPERVISOR: OrganisationRole.LOADER,
    Role.CONSIGNOR: OrganisationRole.CONSIGNOR,
    Role.CONSIGNEE: OrganisationRole.CONSIGNEE,
}


def actor(session: Session, clock: Clock, role: Role, *, uscc: str | None = None) -> Actor:
    """Return an account of a role; its organisation is made when it is not there yet."""
    code = uscc or USCC_OF.get(role, AUTHORITY_USCC)
    row = session.query(OrganisationRow).filter_by(uscc=code).one_or_none()
    if row is None:
        organisation_role = _ROLES_OF.get(role, OrganisationRole.AUTHORITY)
        row = OrganisationRow(
            created_at=clock.now(), uscc=code, name=f"单位 {code[-6:]}", roles=[organisation_role]
        )
        session.add(row)
        session.flush()
    return Actor(
        user_id=new_id(),
        organisation_id=row.id,
        role=role,
        permissions=ROLE_PERMISSIONS[role],
    )


def organisation(**changes: object) -> OrganisationParticulars:
    """An enterprise that consigns."""
    stated = OrganisationParticulars(
        uscc=FREE_USCC,
        name="淮安新港化工有限公司",
        roles=(OrganisationRole.CONSIGNOR,),
        address="淮安市清江浦区化工路 8 号",
        phone="0517-83334444",
    )
    return _with(stated, changes)


def trailer(**changes: object) -> VehicleParticulars:
    """A tank trailer."""
    stated = VehicleParticulars(
        plate="苏H1234挂",
        plate_colour=PlateColour.YELLOW,
        kind=UnitKind.TRAILER,
        approval=VehicleApproval.FL,
        vin=VIN,
        first_registered_on=date(2022, 5, 1),
        rated_load_kg=Decimal(28500),
        tare_kg=Decimal(11200),
    )
    return _with(stated, changes)


def tractor(**changes: object) -> VehicleParticulars:
    """A tractor."""
    stated = VehicleParticulars(
        plate="苏H12345",
        plate_colour=PlateColour.YELLOW,
        kind=UnitKind.TRACTOR,
        approval=VehicleApproval.FL,
        vin=VIN,
        first_registered_on=date(2022, 5, 1),
        tare_kg=Decimal(8800),
        max_trailer_mass_kg=Decimal(40000),
    )
    return _with(stated, changes)


def tank(**changes: object) -> TankParticulars:
    """An atmospheric tank that is approved for petrol."""
    stated = TankParticulars(
        number="T-2022-0001",
        kind=TankKind.ATMOSPHERIC_TANK,
        capacity_l=Decimal(45000),
        tank_code="LGBF",
        approved_substances=(ApprovedSubstance(un_number="1203", packing_groups=("II",)),),
    )
    return _with(stated, changes)


def person(**changes: object) -> PersonParticulars:
    """A driver who is an escort too."""
    stated = PersonParticulars(
        name="张建国",
        id_number=ID_NUMBER,
        roles=(PersonRole.DRIVER, PersonRole.ESCORT),
        phone="13905171234",
    )
    return _with(stated, changes)


def transport_certificate(**changes: object) -> CertificateParticulars:
    """A road transport certificate for class 3."""
    stated = CertificateParticulars(
        kind=CertificateKind.ROAD_TRANSPORT_CERTIFICATE,
        number="320800123456",
        issuer="淮安市交通运输局",
        valid_from=date(2022, 6, 1),
        valid_until=date(2027, 5, 31),
        scope="危险货物运输(3类)(剧毒化学品除外)",
    )
    return _with(stated, changes)


def driver_qualification(**changes: object) -> CertificateParticulars:
    """A driver's qualification whose number is the identity number."""
    stated = CertificateParticulars(
        kind=CertificateKind.DRIVER_QUALIFICATION,
        number=ID_NUMBER,
        issuer="淮安市交通运输局",
        valid_from=date(2024, 1, 1),
        valid_until=date(2027, 12, 31),
        categories=("highly_toxic",),
    )
    return _with(stated, changes)


def _with(stated: T, changes: dict[str, Any]) -> T:
    return replace(stated, **changes)
