"""Signing keys, verifying keys, and the table that says whose signature counts and when."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from waybill.codec import JsonValue, b64url_decode, b64url_encode, canonical_json, sha256
from waybill.sealing.errors import SealError

COORDINATE_BYTES: Final = 32
KEY_ID_HEX_DIGITS: Final = 5
KEY_ID_MAX_CHARS: Final = 32
SKEW: Final = timedelta(seconds=60)
"""How far two clocks may differ; a key's dates are read with it, as `iat` and `nbf` are."""

_EVER: Final = datetime.min.replace(tzinfo=UTC)

_KEY_ID: Final = re.compile(rf"[A-Za-z0-9_-]{{1,{KEY_ID_MAX_CHARS}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private P-256 key, parsed once, and the short name that its signatures carry."""

    kid: str
    private_key: ec.EllipticCurvePrivateKey = field(repr=False, hash=False)

    def __post_init__(self) -> None:
        _refuse_bad_kid(self.kid)
        _refuse_other_curve(self.private_key.curve)

    def verifying_key(self, *, issuer: str | None = None) -> "VerifyingKey":
        """Return the public half, in force without dates."""
        return VerifyingKey(kid=self.kid, public_key=self.private_key.public_key(), issuer=issuer)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyingKey:
    """A public P-256 key and when its signatures count.

    `issuer` is the only organisation this key may speak for, `None` the installation's own key,
    which signs for every organisation it names. The key signs from `not_before` to `not_after`
    (both aware, both inclusive, `None` = open). From `revoked_at` on nothing it signed is
    believed, whatever date stands in it, because a thief writes the date he likes.
    """

    kid: str
    public_key: ec.EllipticCurvePublicKey = field(repr=False, hash=False)
    issuer: str | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    revoked_at: datetime | None = None

    def __post_init__(self) -> None:
        _refuse_bad_kid(self.kid)
        _refuse_other_curve(self.public_key.curve)

    @property
    def point(self) -> bytes:
        """The key itself, 65 bytes: an uncompressed point (SEC 1, 2.3.3)."""
        return self.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def jwk(self) -> dict[str, JsonValue]:
        """The key as a JSON Web Key (RFC 7517), public members only."""
        return {
            **_thumbprint_members(self.public_key),
            "use": "sig",
            "alg": "ES256",
            "kid": self.kid,
        }

    def verify_usable(self, *, signed_at: datetime, at: datetime) -> None:
        """Refuse a key that was not in force when it signed, or is revoked by `at`.

        Args:
            signed_at: when the signature says or is known to have been made, aware.
            at: the moment for which the question is asked, aware.

        Raises:
            SealError: `key-revoked` or `key-not-in-force`.
        """
        if self.revoked_at is not None and at >= self.revoked_at:
            raise SealError("key-revoked", self.kid)
        if self.not_before is not None and signed_at < self.not_before - SKEW:
            raise SealError("key-not-in-force", self.kid)
        if self.not_after is not None and signed_at > self.not_after + SKEW:
            raise SealError("key-not-in-force", self.kid)


class KeyTable:
    """The keys a verifier trusts, by key id. It never changes; load a new one instead."""

    def __init__(self, keys: Iterable[VerifyingKey] = ()) -> None:
        table: dict[str, VerifyingKey] = {}
        for key in keys:
            if key.kid in table:
                raise SealError("duplicate-key", key.kid)
            table[key.kid] = key
        self._table: Final = table

    def get(self, kid: str) -> VerifyingKey:
        """Return the key of this id.

        Raises:
            SealError: `unknown-key`.
        """
        try:
            return self._table[kid]
        except KeyError:
            raise SealError("unknown-key", kid) from None

    def distrusting(self, at: datetime) -> "KeyTable":
        """Return the table for what is looked at later than it was shown.

        A key that is revoked at the moment `at` was good at no moment: how long a thief had it
        nobody knows.
        """
        return KeyTable(
            replace(key, revoked_at=_EVER) if key.revoked_at and key.revoked_at <= at else key
            for key in self.keys
        )

    @property
    def keys(self) -> tuple[VerifyingKey, ...]:
        """All keys, in the order in which they were given."""
        return tuple(self._table.values())


def generate_key() -> SigningKey:
    """Return a new private key, named after its own thumbprint."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    return SigningKey(kid=key_id(private_key.public_key()), private_key=private_key)


def key_id(public_key: ec.EllipticCurvePublicKey) -> str:
    """Return `k` and the first five hex digits of the key's thumbprint (RFC 7638).

    Short, because it stands in every QR code. Two keys may share it; a `KeyTable` refuses that,
    and whoever makes keys makes another.
    """
    thumbprint = sha256(canonical_json(_thumbprint_members(public_key)))
    return f"k{thumbprint.hex()[:KEY_ID_HEX_DIGITS]}"


def parse_jwk(jwk: JsonValue) -> VerifyingKey:
    """Read a public P-256 JSON Web Key meant for ES256 signatures.

    Raises:
        SealError: `bad-key`: another type, curve or purpose, a private key, a coordinate of the
            wrong length, or a point that is not on the curve.
    """
    if not isinstance(jwk, Mapping) or "d" in jwk:
        raise SealError("bad-key")
    purpose = (jwk.get("kty"), jwk.get("crv"), jwk.get("use", "sig"), jwk.get("alg", "ES256"))
    kid = jwk.get("kid")
    if purpose != ("EC", "P-256", "sig", "ES256") or not isinstance(kid, str):
        raise SealError("bad-key")
    numbers = ec.EllipticCurvePublicNumbers(
        _coordinate(jwk.get("x")), _coordinate(jwk.get("y")), ec.SECP256R1()
    )
    try:
        public_key = numbers.public_key()
    except ValueError as error:
        raise SealError("bad-key") from error
    return VerifyingKey(kid=kid, public_key=public_key)


def parse_jwks(document: JsonValue) -> KeyTable:
    """Read a JSON Web Key Set in which every key must be one of ours.

    Raises:
        SealError: `bad-key` or `duplicate-key`.
    """
    keys = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(keys, list):
        raise SealError("bad-key")
    return KeyTable(parse_jwk(jwk) for jwk in keys)


def jwks_document(keys: Iterable[VerifyingKey]) -> dict[str, JsonValue]:
    """Return the JSON Web Key Set (RFC 7517) that publishes these keys."""
    return {"keys": [key.jwk for key in keys]}


def _thumbprint_members(public_key: ec.EllipticCurvePublicKey) -> dict[str, JsonValue]:
    numbers = public_key.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": b64url_encode(numbers.x.to_bytes(COORDINATE_BYTES, "big")),
        "y": b64url_encode(numbers.y.to_bytes(COORDINATE_BYTES, "big")),
    }


def _coordinate(text: JsonValue) -> int:
    try:
        coordinate = b64url_decode(text) if isinstance(text, str) else b""
    except ValueError as error:
        raise SealError("bad-key") from error
    if len(coordinate) != COORDINATE_BYTES:
        raise SealError("bad-key")
    return int.from_bytes(coordinate, "big")


def _refuse_bad_kid(kid: str) -> None:
    if not _KEY_ID.fullmatch(kid):
        raise SealError("bad-key", kid[:KEY_ID_MAX_CHARS])


def _refuse_other_curve(curve: ec.EllipticCurve) -> None:
    if not isinstance(curve, ec.SECP256R1):
        raise SealError("bad-key", curve.name)
