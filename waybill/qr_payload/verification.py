"""Whether a QR code may be believed: numbered steps, each of which refuses by its own code."""

from datetime import UTC, datetime
from typing import Final, TypeAlias

from waybill.codec import JsonValue, canonical_json, parse_json
from waybill.qr_payload.claims import CardClaims, QrKind, WaybillClaims, card_kind
from waybill.qr_payload.envelope import (
    MAX_CLAIMS_BYTES,
    SealedPayload,
    decode_qr_text,
    encode_payload,
)
from waybill.qr_payload.errors import QrError
from waybill.qr_payload.release import ReleaseClaims
from waybill.sealing import (
    KeyTable,
    SealError,
    SigningKey,
    VerifyingKey,
    parse_jwks,
    sign_jws,
    verify_signature,
)

QrClaims: TypeAlias = WaybillClaims | CardClaims | ReleaseClaims

SKEW_S: Final = 60
"""Seconds by which `iat` and `nbf` may lie ahead of the reader's clock; `exp` has no such grace."""
MAX_CLAIMS_DEPTH: Final = 4


def encode_qr_text(claims: QrClaims, key: SigningKey, public_url: str) -> str:
    """Sign claims and return the text of their code.

    Raises:
        ValueError: more content than one code may carry.
    """
    return encode_payload(sign_jws(claims.to_claims(), key), public_url)


def verify_qr(
    text: str, keys: KeyTable, at: datetime, *, kind: QrKind = QrKind.WAYBILL
) -> QrClaims:
    """Read a code and believe it only if it is genuine, of the expected kind and valid now.

    Uniqueness is not judged here: one waybill is one (`jti`, `rev`), however many texts say it.

    Raises:
        QrError: see `decode_qr_text` and `verify_payload`.
        ValueError: `at` has no zone.
    """
    return verify_payload(decode_qr_text(text), keys, at, kind=kind)


def verify_payload(
    payload: SealedPayload, keys: KeyTable, at: datetime, *, kind: QrKind | None = None
) -> QrClaims:
    """Verify what was read from a code; `kind` `None` accepts every kind.

    Raises:
        QrError: `unknown-key`, `bad-signature`, `not-json`, `not-an-object`, `unknown-kind`,
            `wrong-kind`, `missing-claim`, `bad-claim`, `wrong-issuer`, `key-revoked`,
            `key-not-in-force`, `issued-in-future`, `not-yet-valid`, `expired`.
        ValueError: `at` has no zone.
    """
    if at.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    try:
        # 1. The key comes from our table, never from the code.
        key = keys.get(payload.kid)
        # 2. The signature, over the fixed header and the bytes as they are.
        verify_signature(payload.to_jws(), key)
        # 3. Only now the content: strict JSON, kind, required claims, types.
        claims = _parse_claims(payload.claims, kind)
        # 4. The key may speak for this issuer, was in force, is not revoked.
        _verify_key(key, claims, at)
    except QrError:
        raise
    except SealError as error:
        raise QrError(error.code, error.subject) from error
    # 5. The times.
    _verify_times(claims, at)
    return claims


def parse_unverified(payload: SealedPayload) -> QrClaims:
    """Read what a code claims without any proof: to show what was refused, never to act on.

    Raises:
        QrError: `not-json`, `not-an-object`, `unknown-kind`, `missing-claim`, `bad-claim`.
    """
    return _parse_claims(payload.claims, None)


def qr_verify_command(
    jwks: JsonValue, at: int, text: str, *, kind: QrKind = QrKind.WAYBILL
) -> tuple[int, str]:
    """Verify a code as the command line does.

    Args:
        jwks: a JSON Web Key Set.
        at: the moment of judgement, Unix time in seconds.
        text: the text of the code.
        kind: the kind of code that is expected.

    Returns:
        0 and the claims as they were signed, in canonical JSON, or 1 and the reason.
    """
    try:
        payload = decode_qr_text(text)
        verify_payload(payload, parse_jwks(jwks), datetime.fromtimestamp(at, UTC), kind=kind)
    except SealError as error:
        return 1, f"{error} {error.message_zh}"
    return 0, canonical_json(_parse_object(payload.claims)).decode()


def _parse_object(claims: bytes) -> dict[str, JsonValue]:
    try:
        members = parse_json(
            claims, max_bytes=MAX_CLAIMS_BYTES, max_depth=MAX_CLAIMS_DEPTH, allow_floats=False
        )
    except ValueError as error:
        raise QrError("not-json") from error
    if not isinstance(members, dict):
        raise QrError("not-an-object")
    return members


def _parse_claims(claims: bytes, expected: QrKind | None) -> QrClaims:
    members = _parse_object(claims)
    kind = _kind(members)
    if expected is not None and kind is not expected:
        raise QrError("wrong-kind", kind)
    if kind is QrKind.WAYBILL:
        return WaybillClaims.from_claims(members)
    if kind is QrKind.RELEASE:
        return ReleaseClaims.from_claims(members)
    return CardClaims.from_claims(members)


def _kind(members: dict[str, JsonValue]) -> QrKind:
    """Return what a code is: a waybill, and nothing else, carries no `knd`."""
    if "knd" not in members:
        return QrKind.WAYBILL
    return QrKind.RELEASE if members["knd"] == QrKind.RELEASE else card_kind(members["knd"])


def _verify_key(key: VerifyingKey, claims: QrClaims, at: datetime) -> None:
    if key.issuer is not None and key.issuer != claims.iss:
        raise QrError("wrong-issuer", claims.iss)
    key.verify_usable(signed_at=datetime.fromtimestamp(claims.iat, UTC), at=at)


def _verify_times(claims: QrClaims, at: datetime) -> None:
    now_s = int(at.timestamp())
    if claims.iat > now_s + SKEW_S:
        raise QrError("issued-in-future")
    if claims.nbf > now_s + SKEW_S:
        raise QrError("not-yet-valid")
    if claims.exp <= now_s:
        raise QrError("expired")
