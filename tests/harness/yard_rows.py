"""Rows of the register for a petrol trip whose papers are in order."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from waybill.codec import sha256
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
from waybill.storage.registry import (
    CertificateRow,
    PersonRow,
    TankRow,
    VehicleRow,
)

SCOPE: Final = "危险货物运输(2类1项,3类,8类)(剧毒化学品除外)"
TRACTOR_PLATE: Final = "苏H12345"
TRAILER_PLATE: Final = "苏H1234挂"
TANK_NUMBER: Final = "T-2022-0001"
DRIVER: Final = "8f3a9c27b1"
ESCORT: Final = "1b2c3d4e90"
SUPERVISOR: Final = "5a5a5a5a01"
LICENCE_NUMBER: Final = "320800001234"
VALID_UNTIL: Final = date(2027, 5, 31)


def unit_rows(carrier: UUID, now: datetime) -> tuple[VehicleRow, VehicleRow]:
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


def tank_row(carrier: UUID, trailer_id: UUID, now: datetime) -> TankRow:
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


def person_row(
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


def certificate_row(
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
