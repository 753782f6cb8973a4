"""From a waybill, drafted or signed, to the facts that rules judge."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from waybill.document import LastCargo, Permit
from waybill.registry.kinds import Provenance
from waybill.rules.facts import Answer, LastCargoFacts, PermitFacts, WaybillFacts
from waybill.sealing import KeyTable, SealError, verify_bytes
from waybill.services.dossier import DRIVER_MARK, ESCORT_MARK, Dossier
from waybill.storage.records import ClearanceRecord
from waybill.units import plain_decimal


def waybill_facts(dossier: Dossier, keys: KeyTable) -> WaybillFacts:
    """Return the facts of a waybill: what was signed, or what the draft says so far."""
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
        emergency_phone_given=bool(content.emergency_phone.strip()),
        foodstuffs=Answer(content.foodstuffs),
        loading_area_code=content.loading_place.area_code,
        destination_area_code=content.destination.area_code,
        permits=_permits(content.permits),
        last_cargoes=_last_cargoes(content.last_cargoes),
    )


def _drafted(dossier: Dossier) -> WaybillFacts:
    row = dossier.waybill
    draft = dossier.draft
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
        emergency_phone_given=bool(draft.emergency_phone.strip()),
        foodstuffs=draft.foodstuffs,
        loading_area_code=dossier.facility.area_code if dossier.facility else "",
        destination_area_code=draft.destination.area_code if draft.destination else "",
        permits=_permits(draft.permits),
        last_cargoes=_last_cargoes(draft.last_cargoes),
    )


def _permits(permits: Sequence[Permit]) -> tuple[PermitFacts, ...]:
    return tuple(
        PermitFacts(
            kind=permit.kind,
            number=permit.number,
            provenance=Provenance.TYPED,
            un_numbers=permit.un_numbers,
            quantity_kg=plain_decimal(permit.quantity_kg),
            plates=permit.plates,
            valid_from=permit.valid_from,
            valid_until=permit.valid_until,
            from_area_code=permit.from_area_code,
            to_area_code=permit.to_area_code,
            route=permit.route,
        )
        for permit in permits
    )


def _last_cargoes(declared: Sequence[LastCargo]) -> tuple[LastCargoFacts, ...]:
    return tuple(
        LastCargoFacts(
            compartment=cargo.compartment,
            nothing=cargo.nothing,
            entry_key=cargo.entry_key,
            un_number=cargo.un_number,
            technical_name=cargo.technical_name,
        )
        for cargo in declared
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
