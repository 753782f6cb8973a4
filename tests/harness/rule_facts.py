"""Facts of a trip on which every rule is content, and ways to change one thing in them.

Petrol, UN 1203, in a tank trailer, loaded on 2026-11-22 at 14:05 in Shanghai.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PersonRole,
    PlateColour,
    Provenance,
    RecordStatus,
    TankKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)
from waybill.rules.facts import (
    Answer,
    BlackListingFacts,
    CargoFacts,
    CarriageMode,
    CertificateFacts,
    ControlFacts,
    GoodsFacts,
    PartyFacts,
    PersonFacts,
    PhysicalState,
    PositionFacts,
    SubstanceFacts,
    TankFacts,
    UnitFacts,
    WaybillFacts,
)
from waybill.rules.lifecycle import WaybillStatus

AT: Final = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
TODAY: Final = date(2026, 11, 22)
LISTS: Final = ("explosive_precursor", "drug_precursor", "special_control")
SCOPE: Final = "危险货物运输(2类1项,3类,8类)(剧毒化学品除外)"


_CATEGORIES: Final = {CertificateKind.DRIVING_LICENCE: ("A2",)}


def certificate(kind: CertificateKind, **changes: object) -> CertificateFacts:
    """Return a certificate that is valid all year."""
    plain = CertificateFacts(
        id=f"cert-{kind.value}",
        kind=kind,
        status=CertificateStatus.VALID,
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
        provenance=Provenance.REGISTER,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def listing(**changes: object) -> BlackListingFacts:
    """Return an entry of the black list that bars today."""
    plain = BlackListingFacts(decision_number="淮交执 2026-8", valid_from=TODAY, valid_until=TODAY)
    return replace(plain, **changes)  # type: ignore[arg-type]


def carrier(**changes: object) -> PartyFacts:
    """Return the carrier."""
    plain = PartyFacts(
        id="carrier-1",
        uscc="91320800MA1MUL0A0X",
        name="淮安运达",
        status=RecordStatus.ACTIVE,
        certificates=(certificate(CertificateKind.CARRIER_LICENCE, scope=SCOPE),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def unit(kind: UnitKind, **changes: object) -> UnitFacts:
    """Return a tractor, or a trailer that bears 29 000 kg."""
    trailer = kind is UnitKind.TRAILER
    plain = UnitFacts(
        id="trailer-1" if trailer else "tractor-1",
        carrier_id="carrier-1",
        plate="苏H1234挂" if trailer else "苏H12345",
        plate_colour=PlateColour.YELLOW,
        kind=kind,
        approval=VehicleApproval.FL,
        first_registered_on=date(2020, 5, 6),
        status=RecordStatus.ACTIVE,
        provenance=Provenance.REGISTER,
        card_version=2,
        rated_load_kg=Decimal(29000) if trailer else None,
        tare_kg=Decimal(7000) if trailer else Decimal(8800),
        max_trailer_mass_kg=None if trailer else Decimal(40000),
        certificates=(
            certificate(CertificateKind.VEHICLE_LICENCE),
            certificate(CertificateKind.ROAD_TRANSPORT_CERTIFICATE, scope=SCOPE),
            certificate(CertificateKind.TECHNICAL_INSPECTION),
            certificate(CertificateKind.LIABILITY_INSURANCE),
        ),
        body=UnitBody.TANK if trailer else UnitBody.TRACTOR_ONLY,
        position=PositionFacts(
            reported_at=AT - timedelta(minutes=3),
            online=True,
            latitude=Decimal("33.59"),
            longitude=Decimal("119.02"),
        ),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def tractor(**changes: object) -> UnitFacts:
    """Return the tractor."""
    return unit(UnitKind.TRACTOR, **changes)


def trailer(**changes: object) -> UnitFacts:
    """Return the trailer."""
    return unit(UnitKind.TRAILER, **changes)


def substance(un_number: str = "1203", **changes: object) -> SubstanceFacts:
    """Return a line of the approved substances that narrows nothing."""
    return replace(SubstanceFacts(un_number=un_number), **changes)  # type: ignore[arg-type]


def tank(**changes: object) -> TankFacts:
    """Return an atmospheric tank approved for petrol, fixed on the trailer."""
    plain = TankFacts(
        id="tank-1",
        carrier_id="carrier-1",
        number="HA-0001",
        kind=TankKind.ATMOSPHERIC_TANK,
        capacity_l=Decimal(42000),
        status=RecordStatus.ACTIVE,
        provenance=Provenance.DOCUMENT,
        card_version=3,
        approved_substances=(substance("1203"), substance("1202")),
        tank_code="LGBF",
        mounted_on_id="trailer-1",
        certificates=(certificate(CertificateKind.TANK_INSPECTION),),
        insulated=False,
        heated=False,
        last_cargoes=(
            CargoFacts(
                compartment=0,
                entry_key="1203",
                un_number="1203",
                loaded_at=AT - timedelta(days=2),
            ),
        ),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def person(role: PersonRole, **changes: object) -> PersonFacts:
    """Return somebody who holds what the role asks for."""
    kinds = {
        PersonRole.DRIVER: (CertificateKind.DRIVING_LICENCE, CertificateKind.DRIVER_QUALIFICATION),
        PersonRole.ESCORT: (CertificateKind.ESCORT_QUALIFICATION,),
        PersonRole.LOADING_SUPERVISOR: (CertificateKind.SUPERVISOR_QUALIFICATION,),
    }
    supervises = role is PersonRole.LOADING_SUPERVISOR
    plain = PersonFacts(
        id=f"person-{role.value}",
        organisation_id="loader-1" if supervises else "carrier-1",
        reference={"driver": "d0d0d0d0d0", "escort": "e0e0e0e0e0"}.get(role.value, "a0a0a0a0a0"),
        identity=f"identity-{role.value}",
        roles=(role,),
        status=RecordStatus.ACTIVE,
        provenance=Provenance.REGISTER,
        card_version=1,
        certificates=tuple(
            certificate(kind, categories=_CATEGORIES.get(kind, ())) for kind in kinds[role]
        ),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def driver(**changes: object) -> PersonFacts:
    """Return the driver."""
    return person(PersonRole.DRIVER, **changes)


def escort(**changes: object) -> PersonFacts:
    """Return the escort."""
    return person(PersonRole.ESCORT, **changes)


def supervisor(**changes: object) -> PersonFacts:
    """Return the loading supervisor."""
    return person(PersonRole.LOADING_SUPERVISOR, **changes)


def goods(**changes: object) -> GoodsFacts:
    """Return 28 000 kg of petrol for the tank."""
    plain = GoodsFacts(
        position=1,
        entry_key="1203",
        list_edition="2025",
        un_number="1203",
        name_zh="车用汽油或汽油",
        name_en="MOTOR SPIRIT or GASOLINE or PETROL",
        division="3",
        classification_code="F1",
        subsidiary_hazards=(),
        packing_group="II",
        list_status="",
        highly_toxic=Answer.NO,
        mode=CarriageMode.TANK,
        quantity_kg=Decimal(28000),
        tank_code="LGBF",
        portable_tank_instruction="T4",
        vehicle_for_tank_carriage="FL",
        labels=("3",),
        limited_quantity="1 L",
        excepted_quantity="E2",
        portable_tank_provisions=("TP1",),
        tank_provisions=("TU9",),
        transport_category="2",
        tunnel_restriction_code="D/E",
        hazard_identification_number="33",
        controls=tuple(ControlFacts(kind=kind, answer=Answer.NO) for kind in LISTS),
        physical_state=PhysicalState.LIQUID,
        density_kg_l=Decimal("0.75"),
        density_50_kg_l=Decimal("0.72"),
        filling_temperature_c=Decimal(15),
        viscosity_mm2_s=Decimal("0.7"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def waybill(**changes: object) -> WaybillFacts:
    """Return an issued waybill for today."""
    plain = WaybillFacts(
        id="waybill-1",
        status=WaybillStatus.ISSUED,
        revision=1,
        number="32080000001234567890",
        carrier_id="carrier-1",
        loader_uscc="91320800608606000X",
        facility_id="facility-1",
        planned_loading_at=AT + timedelta(minutes=30),
        valid_from=AT - timedelta(hours=2),
        valid_until=AT + timedelta(hours=20),
        vehicle_plate="苏H12345",
        vehicle_plate_colour=PlateColour.YELLOW,
        trailer_plate="苏H1234挂",
        trailer_plate_colour=PlateColour.YELLOW,
        tank_number="HA-0001",
        driver_reference="d0d0d0d0d0",
        escort_reference="e0e0e0e0e0",
        signature_verified=True,
        redeemed=False,
        emergency_phone_given=True,
        foodstuffs=Answer.NO,
        loading_area_code="320803",
        destination_area_code="321302",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
