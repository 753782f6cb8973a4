"""The text in a QR code: written, read and verified here, without network."""

from waybill.qr_payload.claims import CardClaims, GoodsLine, QrKind, WaybillClaims
from waybill.qr_payload.envelope import (
    MARKER,
    MAX_TEXT_CHARS,
    SealedPayload,
    decode_qr_text,
    encode_payload,
)
from waybill.qr_payload.errors import QrError
from waybill.qr_payload.release import ReleaseClaims
from waybill.qr_payload.verification import (
    QrClaims,
    encode_qr_text,
    parse_unverified,
    qr_verify_command,
    verify_payload,
    verify_qr,
)

__all__ = [
    "MARKER",
    "MAX_TEXT_CHARS",
    "CardClaims",
    "GoodsLine",
    "QrClaims",
    "QrError",
    "QrKind",
    "ReleaseClaims",
    "SealedPayload",
    "WaybillClaims",
    "decode_qr_text",
    "encode_payload",
    "encode_qr_text",
    "parse_unverified",
    "qr_verify_command",
    "verify_payload",
    "verify_qr",
]
