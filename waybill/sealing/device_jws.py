"""What a tablet signs with its own key: a compact JWS (RFC 7515), ES256 and nothing else.

Its header names the tablet (`kid`, the device's id) and the kind (`typ`), in whatever order a
browser writes them; nothing more may stand there, so nothing in it can ask for another reading.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import InvalidTokenError, PyJWS

from waybill.codec import JsonValue, b64url_decode, parse_json
from waybill.sealing.errors import SealError
from waybill.sealing.jws import ALGORITHM
from waybill.sealing.keys import parse_jwk

ASSERTION_TYPE: Final = "wb-dev+jwt"
"""A tablet says that it is there."""
MAX_HEADER_CHARS: Final = 256

_JWS: Final = PyJWS(algorithms=[ALGORITHM])
_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{86}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceJws:
    """A signature that a tablet claims to have made; believe nothing of it before it is verified.

    `compact` is the text as it came; `payload` the bytes in it.
    """

    device_id: UUID
    payload: bytes
    compact: str = field(repr=False)


def parse_device_jws(text: str, *, typ: str, max_chars: int) -> DeviceJws:
    """Read a compact JWS of a tablet.

    Args:
        text: `header.payload.signature`.
        typ: what it must be about.
        max_chars: longest text that is looked at.

    Raises:
        SealError: `malformed`: too long, another shape, algorithm or kind, a member too many, or a
            spelling of the id that is not the usual one.
    """
    match = _COMPACT.fullmatch(text) if len(text) <= max_chars else None
    if match is None or len(match[1]) > MAX_HEADER_CHARS:
        raise SealError("malformed")
    try:
        header = parse_json(b64url_decode(match[1]), max_depth=1)
        payload = b64url_decode(match[2])
        device_id = _device_id(header, typ)
    except ValueError as error:
        raise SealError("malformed") from error
    return DeviceJws(device_id=device_id, payload=payload, compact=text)


def verify_device_jws(jws: DeviceJws, public_key: bytes) -> None:
    """Refuse a signature that this key did not make over this header and payload.

    Args:
        jws: as `parse_device_jws` read it.
        public_key: the tablet's, an uncompressed point on P-256.

    Raises:
        SealError: `bad-signature`.
        ValueError: the key is no such point.
    """
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    try:
        _JWS.decode_complete(jws.compact, key, algorithms=[ALGORITHM])
    except InvalidTokenError as error:
        raise SealError("bad-signature", str(jws.device_id)) from error


def device_public_key(jwk: dict[str, JsonValue]) -> bytes:
    """Return the uncompressed point of a tablet's public key.

    Args:
        jwk: `kty`, `crv`, `x` and `y` of a JSON Web Key (RFC 7517).

    Raises:
        SealError: `bad-key`: not P-256, or no point on it.
    """
    key = parse_jwk({**jwk, "kid": "device"}).public_key
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _device_id(header: JsonValue, typ: str) -> UUID:
    if not isinstance(header, dict) or header.keys() != {"alg", "kid", "typ"}:
        raise ValueError("a header has alg, kid and typ")
    if (header["alg"], header["typ"]) != (ALGORITHM, typ):
        raise ValueError("another algorithm or kind")
    kid = header["kid"]
    if not isinstance(kid, str) or str(UUID(kid)) != kid:
        raise ValueError("a kid is the device's id")
    return UUID(kid)
