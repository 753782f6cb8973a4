"""From records of the register to the facts that rules judge."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

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
    SubstanceFacts,
    TankFacts,
    UnitFacts,
    WaybillFacts,
)
from waybill.sealing import KeyTable, SealError, verify_bytes
from waybill.services.dossier import DRIVER_MARK, ESCORT_MARK, SUPERVISOR_MARK, Dossier
from waybill.services.goods_facts import goods_of
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
        goods=goods_of(dossier, at),
        bay=_bay(dossier.gathered.first(BayRecord)),
        evidence=evidence,
        mounted_tanks=_mounted_tanks(dossier),
    )


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


def _waybill(dossier: Dossier, keys: KeyTable) -> WaybillFacts:
    content = dossier.content
    if content is None:
        return _drafted(dossier)
    return replace(
        _drafted(dossier),
        number=content.number,
        facility_id=content.loading_place.facility_id,
        planned_loading_at=content.planned_loading_at,
        valid_from=content.valid_from,
        valid_until=content.valid_until,
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
    clearance = dossier.gathered.first(ClearanceRecord)
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
        planned_loading_at=_utc(row.planned_loading_at),
        valid_from=_utc(row.valid_from),
        valid_until=_utc(row.valid_until),
        vehicle_plate=tractor.plate,
        vehicle_plate_colour=tractor.plate_colour,
        trailer_plate=trailer.plate if trailer else None,
        trailer_plate_colour=trailer.plate_colour if trailer else None,
        tank_number=dossier.tank.number if dossier.tank else None,
        driver_reference=DRIVER_MARK + driver.reference,
        escort_reference=ESCORT_MARK + escort.reference,
        signature_verified=False,
        redeemed=clearance is not None,
        cleared_at=_utc(clearance.cleared_at) if clearance else None,
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


def _utc(moment: datetime | None) -> datetime | None:
    """Return a moment in one spelling: the database answers in its own session's zone."""
    return moment.astimezone(UTC) if moment else None


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
