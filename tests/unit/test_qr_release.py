"""The code of a release: its vectors, and that no reader takes it for a waybill."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.harness.sealed_codes import NOW, NOW_S, PUBLIC_URL, signing_key, trusted
from waybill.qr_payload import (
    CardClaims,
    GoodsLine,
    QrError,
    QrKind,
    ReleaseClaims,
    encode_qr_text,
    verify_qr,
)
from waybill.sealing import parse_jwks

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "release_qr.json").read_text(encoding="utf-8")
)
CASES = [pytest.param(case, id=case["name"]) for case in VECTORS["cases"]]
AT = datetime.fromtimestamp(VECTORS["judged_at_unix_s"], UTC)


def claims(**changes: Any) -> ReleaseClaims:  # noqa: ANN401  each test's own
    fields: dict[str, Any] = {
        "jti": "01a21acdb3d47c5b8f3e9bed2ce7ea49",
        "rev": 1,
        "num": "3208654321202611220001123X",
        "rel": NOW_S - 60,
        "iss": "demo",
        "iat": NOW_S,
        "nbf": NOW_S - 60,
        "exp": NOW_S + 3600,
        "veh": "苏H12345",
        "trl": None,
        "gds": (GoodsLine(un_number="1203", packing_group="II", quantity=1, unit="kg"),),
    }
    return ReleaseClaims(**(fields | changes))


@pytest.mark.parametrize("case", CASES)
def test_every_case_ends_as_stated(case: dict[str, Any]) -> None:
    keys = parse_jwks(VECTORS["trusted_keys"])
    if case["outcome"] == "accepted":
        found = verify_qr(case["text"], keys, AT, kind=QrKind.RELEASE)
        assert found.to_claims() == case["claims"]
        return
    with pytest.raises(QrError) as refused:
        verify_qr(case["text"], keys, AT, kind=QrKind.RELEASE)
    assert refused.value.code == case["outcome"]


@pytest.mark.parametrize("kind", [kind for kind in QrKind if kind is not QrKind.RELEASE])
def test_it_is_taken_for_nothing_else(kind: QrKind) -> None:
    text = encode_qr_text(claims(), signing_key(), PUBLIC_URL)

    with pytest.raises(QrError, match="wrong-kind"):
        verify_qr(text, trusted(), NOW, kind=kind)


def test_it_comes_back_as_it_was_signed() -> None:
    text = encode_qr_text(claims(), signing_key(), PUBLIC_URL)

    assert verify_qr(text, trusted(), NOW, kind=QrKind.RELEASE) == claims()
    assert claims().kind is QrKind.RELEASE


@pytest.mark.parametrize(
    ("changes", "claim"),
    [({"iat": NOW_S - 61}, "rel"), ({"gds": ()}, "gds"), ({"num": ""}, "num")],
)
def test_an_impossible_one_cannot_be_made(changes: dict[str, Any], claim: str) -> None:
    with pytest.raises(QrError) as refused:
        claims(**changes)

    assert (refused.value.code, refused.value.subject) == ("bad-claim", claim)


def test_a_card_is_never_a_release() -> None:
    with pytest.raises(QrError, match="unknown-kind"):
        CardClaims(
            knd=QrKind.RELEASE, sub="x", ver=1, iss="demo", iat=NOW_S, nbf=NOW_S, exp=NOW_S + 9
        )
