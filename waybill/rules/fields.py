"""Which field of a waybill is needed when, and which signature seals it: one table.

A test fails for a field of the document without a rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from waybill.errors import SealedFieldError


class Signature(IntEnum):
    """The signatures of a trip, in the order in which they are given."""

    CARRIER = 1
    LOADER = 2
    CONSIGNEE = 3


@dataclass(frozen=True, slots=True)
class FieldRule:
    """From which signature on a field must be there (`None`: never), and which one seals it."""

    required_from: Signature | None
    sealed_from: Signature


def _required(signature: Signature) -> FieldRule:
    return FieldRule(required_from=signature, sealed_from=signature)


def _optional(signature: Signature) -> FieldRule:
    return FieldRule(required_from=None, sealed_from=signature)


FIELD_RULES: Final[Mapping[str, FieldRule]] = {
    "consignor": _required(Signature.CARRIER),
    "consignee": _required(Signature.CARRIER),
    "loader": _required(Signature.CARRIER),
    "loading_place": _required(Signature.CARRIER),
    "destination": _required(Signature.CARRIER),
    "planned_loading_at": _required(Signature.CARRIER),
    "vehicle": _required(Signature.CARRIER),
    "trailer": _optional(Signature.CARRIER),
    "tank": _optional(Signature.CARRIER),
    "driver": _required(Signature.CARRIER),
    "escort": _required(Signature.CARRIER),
    "goods": _required(Signature.CARRIER),
    "emergency_phone": _required(Signature.CARRIER),
    "city_delivery": _optional(Signature.CARRIER),
    "remarks": _optional(Signature.CARRIER),
    "foodstuffs": _optional(Signature.CARRIER),
    "permits": _optional(Signature.CARRIER),
    "last_cargoes": _optional(Signature.CARRIER),
    "loaded": _required(Signature.LOADER),
    "supervisor": _required(Signature.LOADER),
    "started_at": _required(Signature.LOADER),
    "finished_at": _required(Signature.LOADER),
    "gross_mass_kg": _optional(Signature.LOADER),
    "seals": _optional(Signature.LOADER),
    "no_seal_reason": _optional(Signature.LOADER),
}

GIVEN_BY_THE_SYSTEM: Final = frozenset(
    {
        "v",
        "id",
        "number",
        "revision",
        "supersedes",
        "issuer",
        "list_edition",
        "issued_at",
        "valid_from",
        "valid_until",
        "carrier",
        "dispatcher",
        "accepted_findings",
        "waybill_id",
        "waybill_number",
        "waybill_digest",
        "check_id",
        "verdict_digest",
        "facility_id",
        "bay_id",
        "released_at",
    }
)
"""Fields nobody types: the installation fills them in when a signature is made."""


def missing_fields(given: Mapping[str, object], signature: Signature) -> tuple[str, ...]:
    """Return the fields that this signature needs and that are empty, in the table's order."""
    return tuple(
        name
        for name, rule in FIELD_RULES.items()
        if rule.required_from is signature and given.get(name) in (None, "", (), [])
    )


def check_sealed(changed: frozenset[str], given: frozenset[Signature]) -> None:
    """Refuse a change to a field that a signature already covers.

    Raises:
        SealedFieldError: names every sealed field that the change touches.
        KeyError: a field without a rule.
    """
    sealed = [
        name
        for name in sorted(changed)
        if any(signature >= FIELD_RULES[name].sealed_from for signature in given)
    ]
    if sealed:
        raise SealedFieldError(sealed)
