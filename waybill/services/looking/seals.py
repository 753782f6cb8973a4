"""The seal of what a tablet was told to ask of a waybill: edition and points, under the draw's key.

A bundle carries what a check will ask before there is one, and is not kept. Its record comes back
with the seal, so that the server draws again exactly what the tablet showed:
`<edition>.<points>.<MAC>`.
"""

import hmac
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from waybill.codec import b64url_encode

_LABEL: Final = b"waybill/looking/asked/1"
_MAC_BYTES: Final = 16
_SEAL: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,2})\.([A-Za-z0-9_-]{22})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """By what it was drawn."""

    edition: str
    points: int


def seal_of(key: bytes, waybill_id: UUID, facility_id: UUID, sealed: Sealed) -> str:
    """Return the seal of what is asked of a waybill at a facility."""
    terms = f"{sealed.edition}.{sealed.points}"
    return f"{terms}.{_mac(key, waybill_id, facility_id, terms)}"


def read_seal(key: bytes, waybill_id: UUID, facility_id: UUID, text: str) -> Sealed | None:
    """Return by what it was drawn, `None` for a text that this installation did not seal so."""
    found = _SEAL.fullmatch(text)
    if found is None:
        return None
    edition, points, mac = found.groups()
    made = _mac(key, waybill_id, facility_id, f"{edition}.{points}")
    return Sealed(edition=edition, points=int(points)) if hmac.compare_digest(made, mac) else None


def _mac(key: bytes, waybill_id: UUID, facility_id: UUID, terms: str) -> str:
    named = _LABEL + waybill_id.bytes + facility_id.bytes + terms.encode()
    return b64url_encode(hmac.digest(key, named, "sha256")[:_MAC_BYTES])
