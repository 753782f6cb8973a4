"""JSON Web Signatures (RFC 7515) in the two forms the system uses.

A QR code carries payload and signature as bytes; its header is fixed, so it is rebuilt and not
carried. A document keeps its bytes beside the signature, which is a compact JWS with the payload
left out (RFC 7515, appendix F): `header..signature`. Whoever puts the base64url of the bytes
between the dots has an ordinary JWS that any JOSE library verifies.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from jwt import InvalidTokenError, PyJWS

from waybill.codec import JsonValue, b64url_decode, b64url_encode, canonical_json
from waybill.sealing.errors import SealError
from waybill.sealing.keys import KEY_ID_MAX_CHARS, KeyTable, SigningKey, VerifyingKey

ALGORITHM: Final = "ES256"
QR_TYPE: Final = "wb+jwt"
DOCUMENT_TYPE: Final = "wb-doc+jws"
SIGNATURE_BYTES: Final = 64
MAX_DETACHED_CHARS: Final = 512
KEPT_VERIFIED: Final = 1024
"""So many signatures that hold are remembered, about 4 MB: each card is scanned more than once."""

# The algorithm is pinned here once more: an instance that knows no other cannot be talked into one.
_JWS: Final = PyJWS(algorithms=[ALGORITHM])
_DETACHED: Final = re.compile(r"([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]{86})")
_HEADER: Final = re.compile(
    rf'\{{"alg":"ES256","kid":"(?P<kid>[A-Za-z0-9_-]{{1,{KEY_ID_MAX_CHARS}}})",'
    r'"typ":"(?P<typ>[a-z+-]{1,32})"\}'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jws:
    """A signature over exact bytes: the parts of a JWS before they become text.

    `signature` is r and s, 32 bytes each, big-endian (RFC 7518, 3.4).
    """

    kid: str
    typ: str
    payload: bytes
    signature: bytes

    def __post_init__(self) -> None:
        if len(self.signature) != SIGNATURE_BYTES:
            raise SealError("malformed")

    def to_compact(self) -> str:
        """Return `header.payload.signature`, as any JOSE library reads it."""
        parts = (_header(self.kid, self.typ), self.payload, self.signature)
        return ".".join(b64url_encode(part) for part in parts)

    def to_detached(self) -> str:
        """Return `header..signature`, for bytes that are kept elsewhere."""
        return f"{b64url_encode(_header(self.kid, self.typ))}..{b64url_encode(self.signature)}"


def sign_jws(claims: Mapping[str, JsonValue], key: SigningKey, *, typ: str = QR_TYPE) -> Jws:
    """Sign claims in their canonical JSON.

    Raises:
        TypeError: the claims have a float or another value without canonical form.
    """
    return _sign(canonical_json(dict(claims)), key, typ)


def sign_bytes(document: bytes, *, key: SigningKey, typ: str = DOCUMENT_TYPE) -> str:
    """Sign exact bytes and return the detached signature, `header..signature`."""
    return _sign(document, key, typ).to_detached()


def signer_of(jws: str) -> str:
    """Return the key id that a detached signature names; nothing is verified by it.

    Raises:
        SealError: `malformed`.
    """
    kid, _, _ = _parse_detached(jws)
    return kid


def verify_bytes(
    jws: str, document: bytes, keys: KeyTable, *, signed_at: datetime, typ: str = DOCUMENT_TYPE
) -> None:
    """Refuse a detached signature that is not over exactly these bytes.

    Args:
        jws: `header..signature` as `sign_bytes` writes it; no other spelling is read.
        document: the bytes as they were signed; they are never parsed here.
        keys: the keys that count.
        signed_at: when the signature was made, by the log's time and not by the signer's word.
        typ: what the signature must be about; a signature over another type is refused.

    Raises:
        SealError: `malformed`, `unknown-key`, `bad-signature`, `key-revoked`, `key-not-in-force`.
    """
    kid, found_typ, signature = _parse_detached(jws)
    if found_typ != typ:
        raise SealError("malformed", found_typ)
    key = keys.get(kid)
    verify_signature(Jws(kid=kid, typ=typ, payload=document, signature=signature), key)
    key.verify_usable(signed_at=signed_at, at=signed_at)


def verify_signature(jws: Jws, key: VerifyingKey) -> None:
    """Refuse a signature that this key did not make over this header and payload.

    The twin (r, n-s) of a valid signature is valid too: never use a signature as an identity.

    Raises:
        SealError: `bad-signature`.
    """
    try:
        _verify(jws.to_compact(), key.point)
    except InvalidTokenError as error:
        raise SealError("bad-signature", jws.kid) from error


@lru_cache(maxsize=KEPT_VERIFIED)
def _verify(compact: str, point: bytes) -> None:
    """Verify a signature, once: whether it holds depends on these bytes and this key alone.

    What does not hold raises, and so is never kept. Dates and revocations are asked every time.
    """
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    _JWS.decode_complete(compact, key, algorithms=[ALGORITHM])


def _sign(payload: bytes, key: SigningKey, typ: str) -> Jws:
    headers = {"typ": typ, "kid": key.kid}
    compact = _JWS.encode(payload, key.private_key, ALGORITHM, headers, sort_headers=True)
    signature = b64url_decode(compact.rpartition(".")[2])
    return Jws(kid=key.kid, typ=typ, payload=payload, signature=signature)


def _header(kid: str, typ: str) -> bytes:
    return canonical_json({"alg": ALGORITHM, "kid": kid, "typ": typ})


def _parse_detached(jws: str) -> tuple[str, str, bytes]:
    """Read `header..signature`; the header must be spelled as `_header` spells it."""
    match = _DETACHED.fullmatch(jws) if len(jws) <= MAX_DETACHED_CHARS else None
    if match is None:
        raise SealError("malformed")
    try:
        header = _HEADER.fullmatch(b64url_decode(match[1]).decode("ascii"))
        signature = b64url_decode(match[2])
    except ValueError as error:
        raise SealError("malformed") from error
    if header is None:
        raise SealError("malformed")
    return header["kid"], header["typ"], signature
