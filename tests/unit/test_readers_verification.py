"""What a scan names once it is verified, and what it only claims."""

from dataclasses import replace

import pytest

from scanners.readers import VerifiedScan, read_text, to_scan_item, verify_reading
from tests.harness.sealed_codes import (
    NOW,
    NOW_S,
    PUBLIC_URL,
    card_claims,
    code_of_bytes,
    signing_key,
    trusted,
    waybill_claims,
)
from waybill.qr_payload import QrClaims, QrKind, encode_qr_text
from waybill.rules.evidence import Presentation, ScanItem, ScanKind
from waybill.sealing import KeyTable, generate_key

NUMBER = "3208123456" + "20261122" + "000A" + "1234"


def scan(text: str, keys: KeyTable | None = None) -> VerifiedScan:
    return verify_reading(read_text(text), keys or trusted(), NOW)


def code(claims: QrClaims) -> str:
    return encode_qr_text(claims, signing_key(), PUBLIC_URL)


def sealed(
    kind: ScanKind, subject: str, claims: QrClaims | None, problem: str = ""
) -> VerifiedScan:
    return VerifiedScan(
        kind=kind,
        presentation=Presentation.SIGNED_QR,
        subject=subject,
        claims=claims,
        problem=problem,
    )


def plain(kind: ScanKind | None, subject: str, problem: str = "") -> VerifiedScan:
    return VerifiedScan(
        kind=kind, presentation=Presentation.PLAIN_CODE, subject=subject, problem=problem
    )


class TestSealed:
    def test_a_waybill_that_holds_names_itself(self) -> None:
        claims = waybill_claims()

        assert scan(code(claims)) == sealed(ScanKind.WAYBILL, claims.jti, claims)

    @pytest.mark.parametrize(
        "kind", [kind for kind in QrKind if kind not in (QrKind.WAYBILL, QrKind.RELEASE)]
    )
    def test_a_card_that_holds_names_its_subject(self, kind: QrKind) -> None:
        claims = card_claims(kind)

        assert scan(code(claims)) == sealed(ScanKind(kind.value), claims.sub, claims)

    def test_an_expired_card_says_what_it_was_and_proves_nothing(self) -> None:
        claims = card_claims(exp=NOW_S)

        assert scan(code(claims)) == sealed(ScanKind.DRIVER, claims.sub, None, "expired")

    def test_a_code_of_an_unknown_key_is_shown_with_its_problem(self) -> None:
        claims = waybill_claims()

        found = scan(code(claims), KeyTable([generate_key().verifying_key()]))

        assert found == sealed(ScanKind.WAYBILL, claims.jti, None, "unknown-key")

    def test_content_that_says_nothing_names_nothing(self) -> None:
        assert scan(code_of_bytes(b"[]")) == VerifiedScan(
            kind=None, presentation=Presentation.SIGNED_QR, problem="not-an-object"
        )

    def test_a_moment_without_a_zone_is_a_mistake_of_the_caller(self) -> None:
        reading = read_text(code(waybill_claims()))

        with pytest.raises(ValueError, match="time zone"):
            verify_reading(reading, trusted(), NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("苏H12345", plain(ScanKind.VEHICLE, "苏H12345"), id="a plate"),
        pytest.param("苏H1234挂", plain(ScanKind.TRAILER, "苏H1234挂"), id="a trailer's plate"),
        pytest.param("CSQU3054383", plain(ScanKind.TANK, "CSQU3054383"), id="a tank-container"),
        pytest.param(NUMBER, plain(ScanKind.WAYBILL, NUMBER), id="a waybill number"),
        pytest.param(
            "91350100M000100Y43",
            plain(None, "91350100M000100Y43", "not-evidence"),
            id="an enterprise",
        ),
        pytest.param("安全信息码1", plain(None, "安全信息码1", "not-evidence"), id="a label"),
        pytest.param("T-1", plain(None, "T-1", "unknown-format"), id="an unknown number"),
        pytest.param("", plain(None, "", "empty"), id="nothing"),
    ],
)
def test_a_plain_text_names_and_proves_nothing(text: str, found: VerifiedScan) -> None:
    assert scan(text) == found


class TestToScanItem:
    def test_a_waybill_becomes_evidence_with_its_goods(self) -> None:
        assert to_scan_item(scan(code(waybill_claims(rev=2))), at=NOW) == ScanItem(
            kind=ScanKind.WAYBILL,
            presentation=Presentation.SIGNED_QR,
            subject="WB-cda0211802e79e95923a",
            at=NOW,
            revision=2,
            goods=(("1203", "II", 28_500, "kg"),),
        )

    def test_a_card_becomes_evidence_with_its_version(self) -> None:
        claims = replace(card_claims(QrKind.TANK, sub="T-1"), ver=3)

        assert to_scan_item(scan(code(claims)), at=NOW, typed=True) == ScanItem(
            kind=ScanKind.TANK,
            presentation=Presentation.SIGNED_QR,
            subject="T-1",
            at=NOW,
            card_version=3,
        )

    def test_a_refused_code_becomes_evidence_of_its_problem(self) -> None:
        item = to_scan_item(scan(code(waybill_claims(exp=NOW_S))), at=NOW)

        assert item == ScanItem(
            kind=ScanKind.WAYBILL,
            presentation=Presentation.SIGNED_QR,
            subject="WB-cda0211802e79e95923a",
            at=NOW,
            problem="expired",
        )

    @pytest.mark.parametrize(
        ("typed", "presentation"),
        [(False, Presentation.PLAIN_CODE), (True, Presentation.TYPED)],
    )
    def test_a_plain_number_says_whether_it_was_typed(
        self,
        typed: bool,  # noqa: FBT001  pytest passes it
        presentation: Presentation,
    ) -> None:
        assert to_scan_item(scan("苏H12345"), at=NOW, typed=typed) == ScanItem(
            kind=ScanKind.VEHICLE, presentation=presentation, subject="苏H12345", at=NOW
        )

    def test_what_names_nothing_is_no_evidence(self) -> None:
        assert to_scan_item(scan("安全信息码1"), at=NOW) is None
