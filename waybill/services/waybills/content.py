"""From a draft and the register to the document that is signed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final, TypeVar
from uuid import UUID

from waybill.clock import SHANGHAI
from waybill.document import (
    FORMAT_VERSION,
    CrewMember,
    GoodsItem,
    Party,
    Place,
    TankDescription,
    Unit,
    WaybillContent,
)
from waybill.goods.catalogue import GoodsList
from waybill.goods.entry import DangerousGoodsEntry
from waybill.qr_payload import GoodsLine, WaybillClaims
from waybill.registry.kinds import CertificateKind, CertificateStatus
from waybill.services.dossier import DRIVER_MARK, ESCORT_MARK, Dossier
from waybill.services.goods_facts import list_on_loading_day
from waybill.services.waybills.draft import Draft, DraftGoods
from waybill.storage.records import (
    CertificateRecord,
    OrganisationRecord,
    PersonRecord,
    VehicleRecord,
)
from waybill.units import plain_decimal

TRIP_VALIDITY: Final = timedelta(hours=72)
"""How long after the planned loading the waybill still shows what is on the road."""

GivenT = TypeVar("GivenT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What the installation adds when a waybill is signed."""

    number: str
    issuer: str
    issued_at: datetime
    dispatcher: str
    accepted_findings: tuple[str, ...]


def content_of(dossier: Dossier, seal: Seal) -> WaybillContent:
    """Return what will be signed as revision 1. The draft's required fields are all given."""
    row, draft = dossier.waybill, dossier.draft
    planned = _given(draft.planned_loading_at)
    goods_list = list_on_loading_day(draft, seal.issued_at)
    return WaybillContent(
        v=FORMAT_VERSION,
        id=str(row.id),
        number=seal.number,
        revision=1,
        supersedes=None,
        issuer=seal.issuer,
        list_edition=goods_list.edition.name,
        issued_at=seal.issued_at,
        valid_from=max(seal.issued_at, _start_of_day(planned)),
        valid_until=planned + TRIP_VALIDITY,
        planned_loading_at=planned,
        carrier=_carrier(dossier),
        consignor=_party(dossier.organisation(row.consignor_id)),
        consignee=_party(dossier.organisation(row.consignee_id)),
        loader=_party(dossier.organisation(row.loader_id)),
        loading_place=_loading_place(dossier),
        destination=_destination(draft),
        vehicle=_unit(dossier, _given(dossier.vehicle(row.vehicle_id))),
        trailer=_optional_unit(dossier, row.trailer_id),
        tank=_tank(dossier),
        driver=_crew(dossier, row.driver_id, DRIVER_MARK, CertificateKind.DRIVER_QUALIFICATION),
        escort=_crew(dossier, row.escort_id, ESCORT_MARK, CertificateKind.ESCORT_QUALIFICATION),
        goods=_goods(draft, goods_list),
        city_delivery=draft.city_delivery,
        emergency_phone=draft.emergency_phone,
        remarks=draft.remarks,
        foodstuffs=draft.foodstuffs.value,
        permits=draft.permits,
        last_cargoes=draft.last_cargoes,
        dispatcher=seal.dispatcher,
        accepted_findings=seal.accepted_findings,
    )


def claims_of(content: WaybillContent) -> WaybillClaims:
    """Return what the QR code says of a waybill: whole kilograms, rounded up, no person by name."""
    return WaybillClaims(
        jti=UUID(content.id).hex,
        rev=content.revision,
        iss=content.issuer,
        iat=int(content.issued_at.timestamp()),
        nbf=int(content.valid_from.timestamp()),
        exp=int(content.valid_until.timestamp()),
        veh=content.vehicle.plate,
        trl=content.trailer.plate if content.trailer else None,
        drv=content.driver.reference,
        esc=content.escort.reference,
        tnk=content.tank.number if content.tank else None,
        ldr=content.loader.uscc,
        gds=tuple(
            GoodsLine(
                un_number=item.un_number,
                packing_group=item.packing_group,
                quantity=whole_kilograms(item.quantity_kg),
                unit="kg",
                row=item.entry_key if item.entry_key != item.un_number else None,
            )
            for item in content.goods
        ),
    )


def carrier_licence(dossier: Dossier) -> CertificateRecord | None:
    """Return the licence that the carrier would show, `None` if none is registered."""
    return _certificate(dossier, dossier.waybill.carrier_id, CertificateKind.CARRIER_LICENCE)


def whole_kilograms(quantity_kg: Decimal) -> int:
    """Return a mass in whole kilograms, rounded up: the code never understates a load."""
    return int(quantity_kg.to_integral_value(ROUND_CEILING))


def _start_of_day(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def _carrier(dossier: Dossier) -> Party:
    row = _given(dossier.organisation(dossier.waybill.carrier_id))
    licence = carrier_licence(dossier)
    return Party(
        uscc=row.uscc,
        name=row.name,
        phone=row.phone,
        licence_number=(licence.number or "") if licence else "",
    )


def _party(row: OrganisationRecord | None) -> Party:
    given = _given(row)
    return Party(uscc=given.uscc, name=given.name, phone=given.phone)


def _loading_place(dossier: Dossier) -> Place:
    facility = _given(dossier.facility)
    return Place(
        area_code=facility.area_code,
        address=facility.address,
        facility_id=str(facility.id),
        name=facility.name,
    )


def _destination(draft: Draft) -> Place:
    destination = _given(draft.destination)
    return Place(area_code=destination.area_code, address=destination.address)


def _optional_unit(dossier: Dossier, vehicle_id: UUID | None) -> Unit | None:
    row = dossier.vehicle(vehicle_id)
    return _unit(dossier, row) if row else None


def _unit(dossier: Dossier, row: VehicleRecord) -> Unit:
    certificate = _certificate(dossier, row.id, CertificateKind.ROAD_TRANSPORT_CERTIFICATE)
    return Unit(
        plate=row.plate,
        plate_colour=row.plate_colour,
        certificate_number=(certificate.number or "") if certificate else "",
    )


def _tank(dossier: Dossier) -> TankDescription | None:
    row = dossier.tank
    if row is None:
        return None
    return TankDescription(
        number=row.number, kind=row.kind, capacity_l=plain_decimal(row.capacity_l)
    )


def _crew(
    dossier: Dossier, person_id: UUID | None, mark: str, qualification: CertificateKind
) -> CrewMember:
    row: PersonRecord = _given(dossier.person(person_id))
    certificate = _certificate(dossier, row.id, qualification)
    return CrewMember(
        reference=mark + row.reference,
        name=row.name_ref,
        phone=row.phone_ref or "",
        certificate_number=(certificate.number_ref or "") if certificate else "",
    )


def _certificate(
    dossier: Dossier, subject_id: UUID, kind: CertificateKind
) -> CertificateRecord | None:
    """Return the certificate that a person would show: a valid one, the one that runs longest."""
    found = [c for c in dossier.certificates.get(subject_id, ()) if c.kind is kind]
    return max(
        found,
        key=lambda c: (c.status is CertificateStatus.VALID, c.valid_until or date.max, c.id),
        default=None,
    )


def _goods(draft: Draft, goods_list: GoodsList) -> tuple[GoodsItem, ...]:
    return tuple(
        _goods_item(position, line, goods_list.get(line.entry_key))
        for position, line in enumerate(draft.goods, start=1)
    )


def _goods_item(position: int, line: DraftGoods, entry: DangerousGoodsEntry) -> GoodsItem:
    return GoodsItem(
        position=position,
        entry_key=entry.key,
        un_number=entry.un_number,
        name_zh=entry.name_zh,
        name_en=entry.name_en,
        hazard_class=entry.division or entry.hazard_class,
        subsidiary_hazards=entry.subsidiary_hazards,
        packing_group=entry.packing_group.value if entry.packing_group else "",
        mode=line.mode.value,
        quantity_kg=plain_decimal(line.quantity_kg),
        quantity_l=plain_decimal(line.quantity_l),
        compartment=line.compartment,
        packaging=line.packaging,
        packages=line.packages,
        technical_name=line.technical_name,
        concentration=line.concentration,
        highly_toxic_declared=line.highly_toxic_declared.value,
        not_subject_declared=line.not_subject_declared.value,
        regime=line.regime.value,
        physical_state=line.physical_state.value,
        waste=line.waste,
        empty_uncleaned=line.empty_uncleaned,
        shrink_wrapped=line.shrink_wrapped,
        density_kg_l=plain_decimal(line.density_kg_l),
        density_50_kg_l=plain_decimal(line.density_50_kg_l),
        filling_temperature_c=plain_decimal(line.filling_temperature_c),
        viscosity_mm2_s=plain_decimal(line.viscosity_mm2_s),
        gross_mass_kg=plain_decimal(line.gross_mass_kg),
        package_gross_kg=plain_decimal(line.package_gross_kg),
        package_net_l=plain_decimal(line.package_net_l),
        package_net_kg=plain_decimal(line.package_net_kg),
        inner_l=plain_decimal(line.inner_l),
        inner_kg=plain_decimal(line.inner_kg),
        net_explosive_mass_kg=plain_decimal(line.net_explosive_mass_kg),
        drug_precursor_declared=line.drug_precursor_declared.value,
    )


def _given(value: GivenT | None) -> GivenT:
    """Return what the required fields of a complete draft guarantee to be there."""
    if value is None:
        raise ValueError("a waybill is written once its required fields are given")
    return value
