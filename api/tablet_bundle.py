"""The bundle as a tablet keeps it: what the service gathered, in the words of the API."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from api.bay import signs_of
from api.schemas.answers_at_bay import AskedPhotoSchema, AskedSchema, SignsSchema
from api.schemas.looking import ControlQuestionSchema, TagToScanSchema
from scanners.checklist import MISSING_REASONS
from waybill.clock import local_date
from waybill.codec import JsonValue, canonical_json, sha256
from waybill.registry.kinds import PlateColour
from waybill.rules.asking import Asked, AskedPhoto, asked_photos, asked_questions
from waybill.rules.facts import Facts, GoodsFacts
from waybill.rules.finding import Finding, Outcome, Phase
from waybill.rules.register import current_edition
from waybill.sealing import KeyTable, jwks_document
from waybill.services.offline.bundle import BayBundle, ExpectedWaybill
from waybill.services.offline.supervisors import KnownSupervisor
from waybill.services.presentation import presented

MISSING: Final = MISSING_REASONS
ANSWERS: Final[tuple[str, ...]] = ("yes", "no")
Json = dict[str, JsonValue]


def bundle_json(
    bundle: BayBundle,
    keys: KeyTable,
    *,
    identity: str,
    made_at: datetime,
    good_until: datetime,
    trust_until: datetime,
) -> Json:
    """Return everything that a tablet keeps for work without network."""
    standing = [key for key in keys.keys if key.revoked_at is None or key.revoked_at > made_at]
    return {
        "id": identity,
        "made_at": _instant(made_at),
        "good_until": _instant(good_until),
        "server_time": _instant(made_at),
        "facility": {"id": str(bundle.facility_id), "name_zh": bundle.facility_name,
                     "name_en": bundle.facility_name},
        "bays": [{"id": str(bay_id), "name": name} for bay_id, name in bundle.bays],
        "trust": {
            "jwks": jwks_document(standing),
            "fetched_at": _instant(made_at),
            "good_until": _instant(trust_until),
        },
        "revocations": _revocations(bundle, keys, made_at),
        "supervisors": [_supervisor(each) for each in bundle.supervisors],
        "arrivals": [
            _arrival(each, made_at=made_at) for each in bundle.arrivals
        ],
        "questions": _questions(bundle, made_at),
        "photos": _photos(bundle),
        "plant_items": [
            {"id": item.id, "version": item.version, "phase": item.phase.value,
             "zh": item.question_zh, "en": item.question_en, "photo": item.photo,
             "stops": item.stops}
            for item in {i.id: i for a in bundle.arrivals for i in a.facts.plant_items}.values()
        ],
        "supervisor_consents": bundle.supervisor_consents,
        "presence_tags": [
            {
                "id": str(each.tag.id),
                "bay_id": str(each.bay_id),
                **TagToScanSchema().dump(each.tag),
            }
            for each in bundle.tags
        ],
        "edition": current_edition(),
    }  # fmt: skip


def content_tag(document: Json) -> str:
    """Return a tag of what a bundle says, whenever it was made within ten minutes."""
    timeless = {name: value for name, value in document.items() if name not in _TIMES}
    arrivals = document["arrivals"]
    if not isinstance(arrivals, list):
        raise TypeError("arrivals are a list")
    timeless["arrivals"] = [_timeless(each) for each in arrivals]
    made_at = str(document["made_at"])
    return sha256(canonical_json(timeless) + made_at[:_TEN_MINUTES].encode()).hex()[:32]


_TEN_MINUTES: Final = len("2026-11-27T02:3")
_TIMES: Final = frozenset({"id", "made_at", "good_until", "server_time", "trust", "arrivals"})


def _timeless(arrival: JsonValue) -> JsonValue:
    if not isinstance(arrival, dict) or not isinstance(arrival["preclearance"], dict):
        raise TypeError("an arrival is an object")
    found = arrival["preclearance"]
    kept = {"would_clear": found["would_clear"], "open_codes": found["open_codes"]}
    return arrival | {"preclearance": kept}


def _revocations(bundle: BayBundle, keys: KeyTable, made_at: datetime) -> list[JsonValue]:
    cancelled: list[JsonValue] = [
        {"jti": str(each.waybill_id), "since": _instant(made_at)}
        for each in bundle.arrivals
        if each.status.value == "cancelled"
    ]
    revoked: list[JsonValue] = [
        {"kid": key.kid, "since": _instant(key.revoked_at)}
        for key in keys.keys
        if key.revoked_at is not None
    ]
    return [*cancelled, *revoked]


def _supervisor(known: KnownSupervisor) -> Json:
    return {
        "subject": known.reference,
        "card_version": known.card_version,
        "valid_until": _instant_or_none(known.valid_until),
        "user_id": str(known.user_id) if known.user_id else None,
    }


def _readiness(findings: Iterable[Finding]) -> str:
    """Return how an arrival stands; a warning makes it no less ready."""
    stops = {found.outcome for found in findings if found.blocks}
    if Outcome.FAILED in stops:
        return "failed"
    return "unknown" if stops else "passed"


def _weight(found: Finding) -> tuple[bool, bool]:
    """Return what puts the gravest first: what stops before what warns, failed before unknown."""
    return not found.blocks, found.outcome is not Outcome.FAILED


def _arrival(each: ExpectedWaybill, *, made_at: datetime) -> Json:
    facts, waybill = each.facts, each.facts.waybill
    if waybill.valid_from is None or waybill.valid_until is None:
        raise ValueError("an issued waybill has its dates")
    return {
        "waybill_id": waybill.id,
        "number": each.number,
        "revision": waybill.revision,
        "status": each.status.value,
        "text": each.qr_text,
        "carrier": each.carrier,
        "expected_at": _instant_or_none(each.planned_loading_at),
        "valid_from": _instant(each.begins_at if each.begins_at > made_at else waybill.valid_from),
        "valid_until": _instant(waybill.valid_until),
        "plates": {
            "tractor": _plate(waybill.vehicle_plate, waybill.vehicle_plate_colour),
            "trailer": _plate(waybill.trailer_plate, waybill.trailer_plate_colour),
        },
        "expected": _cards(each),
        "goods": [_goods(line) for line in facts.goods],
        "signs": SignsSchema().dump(signs_of(facts)),
        "readiness": _readiness(each.findings),
        "preclearance": {
            "judged_at": _instant(made_at),
            "good_until": _instant(each.ends_at),
            "would_clear": each.would_clear,
            "findings": [presented(found) for found in sorted(each.findings, key=_weight)],
            "open_codes": list(each.open_codes),
        },
        "asked": [
            {"id": item.id, "answers": list(ANSWERS), "photo": item.photo}
            for item in _asked(facts, Phase.BEFORE_LOADING, made_at)
            if item.stops
        ],
        "asked_after": [item.id for item in _asked(facts, Phase.AFTER_LOADING, made_at)],
        "photos": [photo.shows for photo in asked_photos(facts)],
        "looks": _looks(each),
        "limits": {
            "planned_kg": {str(line.position): str(line.quantity_kg) for line in facts.goods}
        },
    }


def _looks(each: ExpectedWaybill) -> Json:
    """Return what is asked so that somebody looks; what the law asks already is asked once."""
    by_law = {photo.shows for photo in asked_photos(each.facts)}
    photos = [photo for photo in each.looks.photos if photo.shows not in by_law]
    return {
        "seal": each.looks.seal,
        "photos": AskedPhotoSchema(many=True).dump(photos),
        "control_questions": ControlQuestionSchema(many=True).dump(each.looks.controls),
    }


def _cards(each: ExpectedWaybill) -> Json:
    facts, waybill = each.facts, each.facts.waybill
    wanted = {
        "vehicle": (waybill.vehicle_plate, facts.tractor),
        "trailer": (waybill.trailer_plate, facts.trailer),
        "tank": (waybill.tank_number, facts.tank),
        "driver": (waybill.driver_reference, facts.driver),
        "escort": (waybill.escort_reference, facts.escort),
    }
    return {
        role: {
            "subject": subject,
            "card_version": record.card_version if record else 0,
            "valid_until": _instant_or_none(each.valid_until.get(role)),
        }
        if subject
        else None
        for role, (subject, record) in wanted.items()
    }


def _plate(number: str | None, colour: PlateColour | None) -> JsonValue:
    return {"plate": number, "colour": colour.value} if number and colour else None


def _goods(line: GoodsFacts) -> Json:
    return {
        "position": line.position,
        "un_number": line.un_number,
        "name_zh": line.name_zh,
        "name_en": line.name_en,
        "class": line.division,
        "packing_group": line.packing_group,
        "quantity": str(line.quantity_kg),
        "unit": "kg",
        "quantity_l": None if line.quantity_l is None else str(line.quantity_l),
        "compartment": line.compartment,
    }


def _asked(facts: Facts, phase: Phase, at: datetime) -> tuple[Asked, ...]:
    return asked_questions(facts, phase, local_date(at))


def _questions(bundle: BayBundle, at: datetime) -> list[JsonValue]:
    """Return the texts of whatever any arrival asks, each once, with its phase."""
    found: dict[str, JsonValue] = {}
    for each in bundle.arrivals:
        for phase in (Phase.BEFORE_LOADING, Phase.AFTER_LOADING):
            for item in _asked(each.facts, phase, at):
                found[item.id] = AskedSchema().dump(item) | {"phase": phase.value}
    return list(found.values())


def _photos(bundle: BayBundle) -> list[JsonValue]:
    photos: Mapping[str, AskedPhoto] = {
        photo.shows: photo for each in bundle.arrivals for photo in asked_photos(each.facts)
    }
    shown: Iterable[AskedPhoto] = photos.values()
    return [AskedPhotoSchema().dump(photo) | {"why": "law"} for photo in shown]


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _instant_or_none(at: datetime | None) -> str | None:
    return None if at is None else _instant(at)
