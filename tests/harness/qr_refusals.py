"""Codes written and refused: what the tests of the QR text share."""

import zlib
from datetime import datetime

import pytest

from tests.harness.sealed_codes import NOW, PUBLIC_URL, signing_key, trusted, waybill_claims
from waybill.codec import JsonValue
from waybill.qr_payload import QrClaims, QrError, QrKind, encode_qr_text, verify_qr
from waybill.qr_payload.digits import encode_digits
from waybill.sealing import KeyTable

CARD_KINDS = [kind for kind in QrKind if kind not in (QrKind.WAYBILL, QrKind.RELEASE)]


def code(claims: QrClaims | None = None) -> str:
    return encode_qr_text(claims or waybill_claims(), signing_key(), PUBLIC_URL)


def envelope_code(envelope: bytes) -> str:
    return f"{PUBLIC_URL}/q#{encode_digits(envelope)}"


def deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


def refusal(
    text: str,
    *,
    keys: KeyTable | None = None,
    at: datetime = NOW,
    kind: QrKind = QrKind.WAYBILL,
) -> tuple[str, str]:
    with pytest.raises(QrError) as caught:
        verify_qr(text, keys or trusted(), at, kind=kind)
    return caught.value.code, caught.value.subject


def changed(**changes: JsonValue) -> dict[str, JsonValue]:
    return {**waybill_claims().to_claims(), **changes}
