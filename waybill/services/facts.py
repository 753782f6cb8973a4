"""From records of the register to the facts that rules judge."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from waybill.clock import local_date
from waybill.registry.kinds import PersonRole, RecordStatus
from waybill.rules.evidence import Evidence, EvidenceItem
from waybill.rules.facts import (
    BayFacts,
    BlackListingFacts,
    CertificateFacts,
    CompartmentFacts,
    Facts,
    MountedTankFacts,
    PartyFacts,
    PersonFacts,
    PlantItemFacts,
    PositionFacts,
    SubstanceFacts,
    TankFacts,
    UnitFacts,
)
from waybill.rules.figures import figures_in_force
from waybill.sealing import KeyTable
from waybill.services.cargo_facts import last_cargoes_of
from waybill.services.checks.lasting import lasting_items
from waybill.services.dossier import DRIVER_MARK, ESCORT_MARK, SUPERVISOR_MARK, Dossier
from waybill.services.goods_facts import goods_of
from waybill.services.waybill_facts import waybill_facts
from waybill.storage.records import (
    BayRecord,
    CheckRecord,
    PersonRecord,
    PlantItemRecord,
    PositionRecord,
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
    check = dossier.gathered.first(CheckRecord)
    evidence = _seen_in_turn((*lasting_items(dossier.evidence(), check, at), *added))
    present = evidence.presence("supervisor")
    supervisor = dossier.supervisor(present.reference) if present else None
    return Facts(
        waybill=waybill_facts(dossier, keys),
        carrier=party_facts(dossier, row.carrier_id),
        tractor=unit_facts(dossier, row.vehicle_id),
        trailer=unit_facts(dossier, row.trailer_id),
        tank=tank_facts(dossier),
        driver=_person(dossier, dossier.person(row.driver_id), DRIVER_MARK),
        escort=_person(dossier, dossier.person(row.escort_id), ESCORT_MARK),
        supervisor=_person(dossier, supervisor, SUPERVISOR_MARK),
        goods=goods_of(dossier, at),
        bay=_bay(dossier.gathered.first(BayRecord)),
        evidence=evidence,
        mounted_tanks=_mounted_tanks(dossier),
        plant_items=_plant_items(dossier),
        figures=figures_in_force(local_date(_loading_moment(dossier, at))).name,
    )


def _seen_in_turn(items: Iterable[EvidenceItem]) -> Evidence:
    """Return evidence in the order in which it was seen, whenever it came in.

    What a tablet saw without network is told late; it does not undo what was seen after it.
    """
    return Evidence(items=tuple(sorted(items, key=lambda item: item.at)))


def _loading_moment(dossier: Dossier, at: datetime) -> datetime:
    """Return when the law must be looked up: when the goods will be loaded, if that lies ahead."""
    planned = dossier.waybill.planned_loading_at
    return max(at, planned) if planned else at


def _bay(row: BayRecord | None) -> BayFacts | None:
    if row is None:
        return None
    return BayFacts(
        facility_id=str(row.facility_id),
        loader_uscc=row.uscc,
        organisation_id=str(row.organisation_id),
        closed=tuple(
            name
            for name, status in (
                ("organisation", row.organisation_status),
                ("facility", row.facility_status),
                ("bay", row.bay_status),
            )
            if status is not RecordStatus.ACTIVE
        ),
    )


def _plant_items(dossier: Dossier) -> tuple[PlantItemFacts, ...]:
    rows = sorted(dossier.gathered.all(PlantItemRecord), key=lambda row: row.id)
    return tuple(
        PlantItemFacts(
            id=str(row.id),
            version=row.version,
            phase=row.phase,
            question_zh=row.question_zh,
            question_en=row.question_en,
            photo=row.photo,
            stops=row.stops,
        )
        for row in rows
    )


def _figure(value: Decimal | None) -> Decimal | None:
    return None if value is None else plain_decimal(value)


def _position(dossier: Dossier, vehicle_id: UUID) -> PositionFacts | None:
    found = dossier.gathered.first(PositionRecord)
    if found is None or found.vehicle_id != vehicle_id:
        return None
    return PositionFacts(
        reported_at=found.reported_at.astimezone(UTC),
        online=found.online,
        latitude=_figure(found.latitude),
        longitude=_figure(found.longitude),
    )


def party_facts(dossier: Dossier, organisation_id: UUID) -> PartyFacts | None:
    """Return a party of what was gathered."""
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


def unit_facts(dossier: Dossier, vehicle_id: UUID | None) -> UnitFacts | None:
    """Return a unit of what was gathered."""
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
        body=row.body,
        position=_position(dossier, row.id),
        certificates=_certificates(dossier, row.id),
        black_listings=_black_listings(dossier, row.id),
    )


def tank_facts(dossier: Dossier) -> TankFacts | None:
    """Return the tank of what was gathered."""
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
        test_pressure_bar=_figure(row.test_pressure_bar),
        max_filling_kg=_figure(row.max_filling_kg),
        insulated=row.insulated,
        heated=row.heated,
        last_cargoes=last_cargoes_of(dossier),
        certificates=_certificates(dossier, row.id),
        black_listings=_black_listings(dossier, row.id),
    )


def _mounted_tanks(dossier: Dossier) -> tuple[MountedTankFacts, ...]:
    rows = sorted(dossier.mounted_tanks, key=lambda row: row.id)
    return tuple(
        MountedTankFacts(id=str(row.id), number=row.number, unit_id=str(row.mounted_on_id))
        for row in rows
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
    rows = sorted(dossier.certificates.get(subject_id, ()), key=lambda row: row.id)
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
    rows = sorted(dossier.black_listings.get(subject_id, ()), key=lambda row: row.decision_number)
    return tuple(
        BlackListingFacts(
            decision_number=row.decision_number,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    )
