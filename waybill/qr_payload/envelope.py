"""What is in the digits: format version, key id, compressed claims, signature.

    0x01 | length of kid | kid (ASCII) | raw DEFLATE of the JSON claims | 64-byte ES256 signature

Reading an envelope proves nothing; `verification` does.
"""

import re
import zlib
from dataclasses import dataclass
from typing import Final

from waybill.qr_payload.digits import decode_digits, encode_digits
from waybill.qr_payload.errors import QrError
from waybill.sealing.jws import QR_TYPE, SIGNATURE_BYTES, Jws
from waybill.sealing.keys import KEY_ID_MAX_CHARS

MARKER: Final = "/q#"
FORMAT_VERSION: Final = 1
MAX_TEXT_CHARS: Final = 4096
"""Longest text that is looked at; the longest this system makes has some 1 200 characters."""
MAX_CLAIMS_BYTES: Final = 4096
RAW_DEFLATE: Final = -15

_KEY_ID: Final = re.compile(rb"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPayload:
    """What a QR code carries, not yet verified: nothing in it may be believed.

    `claims` are the inflated JSON bytes exactly as they were signed.
    """

    kid: str
    claims: bytes
    signature: bytes

    def to_jws(self) -> Jws:
        """Return the signature this code stands for, with the header its format fixes."""
        return Jws(kid=self.kid, typ=QR_TYPE, payload=self.claims, signature=self.signature)


def encode_payload(jws: Jws, public_url: str) -> str:
    """Return the text of a code: an address for any phone, digits for our scanners.

    Raises:
        ValueError: the text would be longer than a reader accepts, or the address has a `#`.
    """
    if "#" in public_url:
        raise ValueError("the public address must have no fragment of its own")
    compressor = zlib.compressobj(level=9, wbits=RAW_DEFLATE)
    deflated = compressor.compress(jws.payload) + compressor.flush()
    kid = jws.kid.encode("ascii")
    envelope = bytes([FORMAT_VERSION, len(kid)]) + kid + deflated + jws.signature
    text = public_url.rstrip("/") + MARKER + encode_digits(envelope)
    if len(text) > MAX_TEXT_CHARS or len(jws.payload) > MAX_CLAIMS_BYTES:
        raise ValueError("too much content for one code")
    return text


def decode_qr_text(text: str) -> SealedPayload:
    """Read the envelope out of the text of a code. The text before `/q#` is not judged.

    Raises:
        QrError: `too-long`, `no-marker`, `no-digits`, `not-ascii-digits`, `bad-length`,
            `group-out-of-range`, `unknown-version`, `truncated`, `malformed`, `not-deflate`,
            `inflate-limit`.
    """
    # 1. The cap comes first: everything after it may take time in proportion.
    if len(text) > MAX_TEXT_CHARS:
        raise QrError("too-long")
    # 2. Digits to bytes.
    _, marker, digits = text.partition(MARKER)
    if not marker:
        raise QrError("no-marker")
    envelope = decode_digits(digits)
    # 3. Version, before anything that a later version may lay out in another way.
    if envelope[0] != FORMAT_VERSION:
        raise QrError("unknown-version")
    # 4. The parts.
    kid, deflated, signature = _split(envelope)
    # 5. Inflate, with a limit.
    return SealedPayload(kid=kid, claims=_inflate(deflated), signature=signature)


def _split(envelope: bytes) -> tuple[str, bytes, bytes]:
    kid_end = 2 + envelope[1] if len(envelope) > 1 else 2
    if len(envelope) <= kid_end + SIGNATURE_BYTES:
        raise QrError("truncated")
    kid = envelope[2:kid_end]
    if len(kid) > KEY_ID_MAX_CHARS or not _KEY_ID.fullmatch(kid):
        raise QrError("malformed")
    return kid.decode("ascii"), envelope[kid_end:-SIGNATURE_BYTES], envelope[-SIGNATURE_BYTES:]


def _inflate(deflated: bytes) -> bytes:
    """Inflate at most `MAX_CLAIMS_BYTES`; one byte more is asked for only to see that it exists."""
    inflater = zlib.decompressobj(RAW_DEFLATE)
    try:
        claims = inflater.decompress(deflated, MAX_CLAIMS_BYTES + 1)
    except zlib.error:
        raise QrError("not-deflate") from None
    if len(claims) > MAX_CLAIMS_BYTES:
        raise QrError("inflate-limit")
    if not inflater.eof or inflater.unused_data:
        raise QrError("not-deflate")
    return claims
