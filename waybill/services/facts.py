"""From records of the register to the facts that rules judge."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from waybill.clock import local_date
from waybill.document import GoodsItem
from waybill.goods.catalogue import GoodsList, catalogue, load
from waybill.registry.kinds import PersonRole
from waybill.rules.evidence import Evidence, EvidenceItem
from waybill.rules.facts import (
    Answer,
    BayFacts,
    BlackListingFacts,
    CarriageMode,
    CertificateFacts,
    CompartmentFacts,
    Facts,
    GoodsFacts,
    PartyFacts,
    PersonFacts,
    SubstanceFacts,
    TankFacts,
    UnitFacts,
    WaybillFacts,
)
from waybill.sealing import KeyTable, SealError, verify_bytes
from waybill.services.dossier import DRIVER_MARK, ESCORT_MARK, SUPERVISOR_MARK, Dossier
from waybill.services.waybills.draft import Draft, DraftGoods
from waybill.storage.records import (
    BayRecord,
    ClearanceRecord,
    PersonRecord,
)
from waybill.units import plain_decimal


def facts_of(
    dossier: Dossier, keys: KeyTable, *, at: datetime, added: Iterable[EvidenceItem] = ()
) -> Facts:
    """Return the facts of a waybill, issued or not, with the evidence of its check.

    Args:
        dossier: what was gathered.
        keys: who may have signed.
        at: the moment of the judgement; a draft is read with the goods list of that day.
        added: evidence that is not stored yet, newest.
    """
    row = dossier.waybill
    evidence = Evidence(items=(*dossier.evidence(), *added))
    present = evidence.presence("supervisor")
    supervisor = dossier.supervisor(present.reference) if present else None
    return Facts(
        waybill=_waybill(dossier, keys),
        carrier=_party(dossier, row.carrier_id),
        tractor=_unit(dossier, row.vehicle_id),
        trailer=_unit(dossier, row.trailer_id),
        tank=_tank(dossier),
        driver=_person(dossier, dossier.person(row.driver_id), DRIVER_MARK),
        escort=_person(dossier, dossier.person(row.escort_id), ESCORT_MARK),
        supervisor=_person(dossier, supervisor, SUPERVISOR_MARK),
        goods=_goods(dossier, at),
        bay=_bay(dossier.gathered.first(BayRecord)),
        evidence=evidence,
    )


def _bay(row: BayRecord | None) -> BayFacts | None:
    if row is None:
        return None
    return BayFacts(
        facility_id=str(row.facility_id),
        loader_uscc=row.uscc,
        organisation_id=str(row.organisation_id),
    )


def _waybill(dossier: Dossier, keys: KeyTable) -> WaybillFacts:
    content = dossier.content
    if content is None:
        return _drafted(dossier)
    return replace(
        _drafted(dossier),
        loader_uscc=content.loader.uscc,
        vehicle_plate=content.vehicle.plate,
        vehicle_plate_colour=content.vehicle.plate_colour,
        trailer_plate=content.trailer.plate if content.trailer else None,
        trailer_plate_colour=content.trailer.plate_colour if content.trailer else None,
        tank_number=content.tank.number if content.tank else None,
        driver_reference=content.driver.reference,
        escort_reference=content.escort.reference,
        signature_verified=_is_signed(dossier, keys),
    )


def _drafted(dossier: Dossier) -> WaybillFacts:
    row = dossier.waybill
    loader = dossier.organisation(row.loader_id)
    tractor, trailer = dossier.vehicle(row.vehicle_id), dossier.vehicle(row.trailer_id)
    driver, escort = dossier.person(row.driver_id), dossier.person(row.escort_id)
    if tractor is None or driver is None or escort is None or loader is None:
        raise ValueError("a waybill is judged once its required fields are given")
    return WaybillFacts(
        id=str(row.id),
        status=row.status,
        revision=row.revision,
        number=row.number,
        carrier_id=str(row.carrier_id),
        loader_uscc=loader.uscc,
        facility_id=str(row.facility_id or ""),
        planned_loading_at=row.planned_loading_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        vehicle_plate=tractor.plate,
        vehicle_plate_colour=tractor.plate_colour,
        trailer_plate=trailer.plate if trailer else None,
        trailer_plate_colour=trailer.plate_colour if trailer else None,
        tank_number=dossier.tank.number if dossier.tank else None,
        driver_reference=DRIVER_MARK + driver.reference,
        escort_reference=ESCORT_MARK + escort.reference,
        signature_verified=False,
        redeemed=dossier.gathered.first(ClearanceRecord) is not None,
    )


def _is_signed(dossier: Dossier, keys: KeyTable) -> bool:
    """Say whether the stored bytes still verify under a key that is trusted now."""
    revision, content = dossier.revision, dossier.content
    if revision is None or content is None or revision.revision != dossier.waybill.revision:
        return False
    document = revision.document.encode()
    try:
        verify_bytes(revision.document_jws, document, keys, signed_at=revision.signed_at)
    except SealError:
        return False
    return content.id == str(dossier.waybill.id) and content.revision == revision.revision


def _figure(value: Decimal | None) -> Decimal | None:
    return None if value is None else plain_decimal(value)


def _party(dossier: Dossier, organisation_id: UUID) -> PartyFacts | None:
    row = dossier.organisation(organisation_id)
    if row is None:
        return None
    return PartyFacts(
        id=str(row.id),
        uscc=row.uscc,
        name=row.name,
        status=row.status,
        certificates=_certificates(dossier, row.id),
        black_listings=_black_listings(dossier, row.id),
    )


def _unit(dossier: Dossier, vehicle_id: UUID | None) -> UnitFacts | None:
    row = dossier.vehicle(vehicle_id)
    if row is None:
        return None
    return UnitFacts(
        id=str(row.id),
        carrier_id=str(row.organisation_id),
        plate=row.plate,
        plate_colour=row.plate_colour,
        kind=row.kind,
        approval=row.approval,
        first_registered_on=row.first_registered_on,
        status=row.status,
        provenance=row.provenance,
        card_version=row.card_version,
        rated_load_kg=_figure(row.rated_load_kg),
        tare_kg=_figure(row.tare_kg),
        max_trailer_mass_kg=_figure(row.max_trailer_mass_kg),
        certificates=_certificates(dossier, row.id),
        black_listings=_black_listings(dossier, row.id),
    )


def _tank(dossier: Dossier) -> TankFacts | None:
    row = dossier.tank
    if row is None:
        return None
    return TankFacts(
        id=str(row.id),
        carrier_id=str(row.organisation_id),
        number=row.number,
        kind=row.kind,
        capacity_l=plain_decimal(row.capacity_l),
        status=row.status,
        provenance=row.provenance,
        card_version=row.card_version,
        compartments=msgspec.convert(row.compartments, tuple[CompartmentFacts, ...]),
        approved_substances=msgspec.convert(row.approved_substances, tuple[SubstanceFacts, ...]),
        tank_code=row.tank_code,
        portable_tank_instruction=row.portable_tank_instruction,
        rated_load_kg=_figure(row.rated_load_kg),
        tare_kg=_figure(row.tare_kg),
        mounted_on_id=str(row.mounted_on_id) if row.mounted_on_id else None,
        certificates=_certificates(dossier, row.id),
        black_listings=_black_listings(dossier, row.id),
    )


def _person(dossier: Dossier, row: PersonRecord | None, mark: str) -> PersonFacts | None:
    if row is None:
        return None
    same = [
        p.reference for p in dossier.people.values() if p.id_number_index == row.id_number_index
    ]
    return PersonFacts(
        id=str(row.id),
        organisation_id=str(row.organisation_id),
        reference=mark + row.reference,
        identity=min(same),
        roles=tuple(PersonRole(role) for role in row.roles),
        status=row.status,
        provenance=row.provenance,
        card_version=row.card_version,
        certificates=_certificates(dossier, row.id),
        black_listings=_black_listings(dossier, row.id),
    )


def _certificates(dossier: Dossier, subject_id: UUID) -> tuple[CertificateFacts, ...]:
    rows = sorted(
        (row for row in dossier.certificates if row.subject_id == subject_id),
        key=lambda row: row.id,
    )
    return tuple(
        CertificateFacts(
            id=str(row.id),
            kind=row.kind,
            status=row.status,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            provenance=row.provenance,
            scope=row.scope,
            categories=tuple(row.categories),
        )
        for row in rows
    )


def _black_listings(dossier: Dossier, subject_id: UUID) -> tuple[BlackListingFacts, ...]:
    rows = sorted(
        (row for row in dossier.black_listings if row.subject_id == subject_id),
        key=lambda row: row.decision_number,
    )
    return tuple(
        BlackListingFacts(
            decision_number=row.decision_number,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    )


def _goods(dossier: Dossier, at: datetime) -> tuple[GoodsFacts, ...]:
    if dossier.content is not None:
        goods_list = load(dossier.content.list_edition)
        return tuple(
            _goods_line(item.position, _line_of(item), goods_list) for item in dossier.content.goods
        )
    draft = Draft.from_json(dossier.waybill.draft)
    goods_list = list_on_loading_day(draft, at)
    return tuple(
        _goods_line(position, line, goods_list)
        for position, line in enumerate(draft.goods, start=1)
    )


def list_on_loading_day(draft: Draft, at: datetime) -> GoodsList:
    """Return the dangerous goods list in force when the goods will be loaded."""
    return catalogue(local_date(max(at, draft.planned_loading_at or at)))


def _line_of(item: GoodsItem) -> DraftGoods:
    """Return a signed goods line as it was written."""
    return DraftGoods(
        entry_key=item.entry_key,
        quantity_kg=item.quantity_kg,
        mode=CarriageMode(item.mode),
        quantity_l=item.quantity_l,
        compartment=item.compartment,
        packages=item.packages,
        technical_name=item.technical_name,
        concentration=item.concentration,
        highly_toxic_declared=Answer(item.highly_toxic_declared),
        not_subject_declared=Answer(item.not_subject_declared),
    )


def _goods_line(position: int, line: DraftGoods, goods_list: GoodsList) -> GoodsFacts:
    entry = goods_list.get(line.entry_key)
    return GoodsFacts(
        position=position,
        entry_key=entry.key,
        list_edition=goods_list.edition.name,
        un_number=entry.un_number,
        name_zh=entry.name_zh,
        name_en=entry.name_en,
        aliases_zh=entry.aliases_zh,
        division=entry.division or entry.hazard_class,
        classification_code=entry.classification_code,
        subsidiary_hazards=entry.subsidiary_hazards,
        packing_group=entry.packing_group.value if entry.packing_group else "",
        list_status=entry.status.value,
        highly_toxic=Answer(entry.highly_toxic),
        mode=line.mode,
        quantity_kg=plain_decimal(line.quantity_kg),
        tank_code=entry.tank_code,
        portable_tank_instruction=entry.portable_tank_instruction,
        bulk_provisions=(*entry.vc_bulk, *entry.bulk_container),
        vehicle_for_tank_carriage=entry.vehicle_for_tank_carriage,
        special_provisions=entry.special_provisions_adr,
        technical_name=line.technical_name,
        concentration=line.concentration,
        highly_toxic_declared=line.highly_toxic_declared,
        not_subject_declared=line.not_subject_declared,
        quantity_l=_figure(line.quantity_l),
        compartment=line.compartment,
        packages=line.packages,
    )
