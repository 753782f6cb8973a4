"""Numbers that stand for enterprises, people, vehicles, tanks and permits.

Each `validate_*` returns the one spelling that is stored, or raises `IdentifierError`. Digits are
ASCII; full-width characters are taken only in number plates, where Chinese keyboards produce them.
"""

from waybill.identifiers.failure import IdentifierError
from waybill.identifiers.organisation import (
    validate_licence_number,
    validate_transport_certificate_number,
    validate_uscc,
)
from waybill.identifiers.permit import validate_pass_number, validate_un_number
from waybill.identifiers.person import (
    mask_id_number,
    validate_certificate_number,
    validate_id_number,
    validate_phone,
)
from waybill.identifiers.vehicle import (
    Plate,
    format_plate,
    parse_plate,
    validate_iso6346,
    validate_vin,
)

__all__ = [
    "IdentifierError",
    "Plate",
    "format_plate",
    "mask_id_number",
    "parse_plate",
    "validate_certificate_number",
    "validate_id_number",
    "validate_iso6346",
    "validate_licence_number",
    "validate_pass_number",
    "validate_phone",
    "validate_transport_certificate_number",
    "validate_un_number",
    "validate_uscc",
    "validate_vin",
]
