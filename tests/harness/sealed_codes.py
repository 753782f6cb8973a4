"""Builders for keys, claims and codes, with defaults for all that a test is not about."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final, NotRequired, TypedDict, cast

from waybill.codec import JsonValue, b64url_decode
from waybill.qr_payload import CardClaims, GoodsLine, QrKind, WaybillClaims, encode_payload
from waybill.sealing import (
    Jws,
    KeyTable,
    SigningKey,
    generate_key,
    parse_jwks,
    sign_bytes,
    sign_jws,
)

PUBLIC_URL: Final = "https://waybill.example"
NOW_S: Final = 1_795_330_000
NOW: Final = datetime.fromtimestamp(NOW_S, UTC)


class VectorCase(TypedDict):
    """One case of `tests/vectors/qr.json`."""

    name: str
    text: str
    outcome: str
    claims: NotRequired[dict[str, JsonValue]]
    jws: NotRequired[str]


class Vectors(TypedDict):
    """The whole of `tests/vectors/qr.json`."""

    judged_at_unix_s: int
    trusted_keys: dict[str, JsonValue]
    cases: list[VectorCase]


@cache
def vectors() -> Vectors:
    """Return the format vectors."""
    path = Path(__file__).parents[1] / "vectors" / "qr.json"
    return cast("Vectors", json.loads(path.read_text(encoding="utf-8")))


def vector(name: str) -> VectorCase:
    """Return the vector of this name."""
    (case,) = [case for case in vectors()["cases"] if case["name"] == name]
    return case


def vector_keys() -> KeyTable:
    """Return the keys that the vectors trust."""
    return parse_jwks(vectors()["trusted_keys"])


@cache
def signing_key() -> SigningKey:
    """Return one private key, the same throughout a run."""
    return generate_key()


def trusted() -> KeyTable:
    """Return a table that trusts `signing_key()`."""
    return KeyTable([signing_key().verifying_key()])


def waybill_claims(
    *,
    rev: int = 1,
    iat: int = NOW_S,
    nbf: int = NOW_S,
    exp: int = NOW_S + 43_200,
    trl: str | None = "苏H1234挂",
    gds: tuple[GoodsLine, ...] | None = None,
) -> WaybillClaims:
    """Return the claims of a petrol trip."""
    petrol = GoodsLine(un_number="1203", packing_group="II", quantity=28_500, unit="kg")
    return WaybillClaims(
        jti="WB-cda0211802e79e95923a",
        rev=rev,
        iss="demo",
        iat=iat,
        nbf=nbf,
        exp=exp,
        veh="苏H12345",
        trl=trl,
        drv="d_8f3a9c27b1",
        esc="e_1b2c3d4e90",
        tnk="T-20240317-09",
        ldr="91320800MA1000001X",
        gds=(petrol,) if gds is None else gds,
    )


def card_claims(
    knd: QrKind = QrKind.DRIVER, *, sub: str = "d_8f3a9c27b1", exp: int = NOW_S + 86_400
) -> CardClaims:
    """Return the claims of a card."""
    return CardClaims(knd=knd, sub=sub, ver=1, iss="demo", iat=NOW_S, nbf=NOW_S, exp=exp)


def code_of(claims: Mapping[str, JsonValue]) -> str:
    """Return a genuine code that says whatever is given, possible or not."""
    return encode_payload(sign_jws(claims, signing_key()), PUBLIC_URL)


def code_of_bytes(content: bytes) -> str:
    """Return a genuine code over exact bytes, JSON or not."""
    key = signing_key()
    detached = sign_bytes(content, key=key, typ="wb+jwt")
    return encode_payload(
        Jws(kid=key.kid, typ="wb+jwt", payload=content, signature=_signature(detached)), PUBLIC_URL
    )


def _signature(detached: str) -> bytes:
    return b64url_decode(detached.rpartition(".")[2])
