"""Codes: what their claims may say, by which key, at which time, and for which kind."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.harness.qr_refusals import changed, code, refusal
from tests.harness.sealed_codes import (
    NOW,
    NOW_S,
    card_claims,
    code_of,
    code_of_bytes,
    signing_key,
    trusted,
    waybill_claims,
)
from waybill.codec import JsonValue
from waybill.qr_payload import (
    CardClaims,
    QrError,
    QrKind,
    WaybillClaims,
    decode_qr_text,
    verify_payload,
    verify_qr,
)
from waybill.sealing import KeyTable


class TestContent:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            pytest.param(b"", "not-json", id="nothing"),
            pytest.param(b"\xff", "not-json", id="not UTF-8"),
            pytest.param(b'{"a":1,"a":1}', "not-json", id="a duplicate key"),
            pytest.param(b'{"a":1.0}', "not-json", id="a fraction"),
            pytest.param(b'{"a":NaN}', "not-json", id="not a number"),
            pytest.param(b"{} {}", "not-json", id="something left over"),
            pytest.param(b'{"a":[[[[1]]]]}', "not-json", id="nested too deeply"),
            pytest.param(b"[]", "not-an-object", id="a list"),
            pytest.param(b"null", "not-an-object", id="null"),
        ],
    )
    def test_only_a_strict_json_object_is_read(self, content: bytes, reason: str) -> None:
        assert refusal(code_of_bytes(content)) == (reason, "")

    @pytest.mark.parametrize("name", sorted(waybill_claims().to_claims()))
    def test_a_waybill_without_any_one_of_its_claims_is_refused(self, name: str) -> None:
        claims = waybill_claims().to_claims()
        del claims[name]

        assert refusal(code_of(claims)) == ("missing-claim", name)

    @pytest.mark.parametrize("name", sorted(set(card_claims().to_claims()) - {"knd"}))
    def test_a_card_without_any_one_of_its_claims_is_refused(self, name: str) -> None:
        claims = card_claims().to_claims()
        del claims[name]

        assert refusal(code_of(claims), kind=QrKind.DRIVER) == ("missing-claim", name)

    @pytest.mark.parametrize("name", ["iat", "nbf", "exp"])
    @pytest.mark.parametrize("value", [True, "1795330000", None, 0, -1, 253_402_300_800, [1]])
    def test_a_time_is_a_whole_number_of_seconds(self, name: str, value: JsonValue) -> None:
        assert refusal(code_of(changed(**{name: value}))) == ("bad-claim", name)

    @pytest.mark.parametrize("name", ["jti", "iss", "veh", "drv", "ldr", "trl", "esc", "tnk"])
    @pytest.mark.parametrize("value", ["", "x" * 65, "a\nb", 1, ["x"], {"x": "y"}])
    def test_text_is_printable_and_short(self, name: str, value: JsonValue) -> None:
        assert refusal(code_of(changed(**{name: value}))) == ("bad-claim", name)

    @pytest.mark.parametrize("name", ["jti", "iss", "veh", "drv", "ldr"])
    def test_only_trailer_escort_and_tank_may_be_null(self, name: str) -> None:
        assert refusal(code_of(changed(**{name: None}))) == ("bad-claim", name)

    @pytest.mark.parametrize("value", [0, -1, True, "1", 10**9 + 1, None])
    def test_a_revision_counts_from_one(self, value: JsonValue) -> None:
        assert refusal(code_of(changed(rev=value))) == ("bad-claim", "rev")

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param([], id="no goods"),
            pytest.param(None, id="null"),
            pytest.param({"un": "1203"}, id="an object"),
            pytest.param([["1203", "II", 1, "kg"]] * 33, id="too many lines"),
            pytest.param(["1203"], id="a line that is no list"),
            pytest.param([["1203", "II", 1]], id="three members"),
            pytest.param([["1203", "II", 1, "kg", "1203", 0]], id="six members"),
            pytest.param([["203", "II", 1, "kg"]], id="three digits"),
            pytest.param([["\uff11\uff12\uff10\uff13", "II", 1, "kg"]], id="full-width digits"),
            pytest.param([[1203, "II", 1, "kg"]], id="a UN number as a number"),
            pytest.param([["1203", "IV", 1, "kg"]], id="packing group IV"),
            pytest.param([["1203", 2, 1, "kg"]], id="packing group as a number"),
            pytest.param([["1203", [], 1, "kg"]], id="packing group as a list"),
            pytest.param([["1203", "II", -1, "kg"]], id="less than nothing"),
            pytest.param([["1203", "II", "1", "kg"]], id="quantity as text"),
            pytest.param([["1203", "II", True, "kg"]], id="quantity as a boolean"),
            pytest.param([["1203", "II", 10**9 + 1, "kg"]], id="more than a ship carries"),
            pytest.param([["1203", "II", 1, "t"]], id="tonnes"),
            pytest.param([["1203", "II", 1, "KG"]], id="capital letters"),
            pytest.param([["1203", "II", 1, "kg", ""]], id="an empty row"),
            pytest.param([["1203", "II", 1, "kg", None]], id="a null row"),
        ],
    )
    def test_goods_are_whole_lines(self, lines: JsonValue) -> None:
        assert refusal(code_of(changed(gds=lines))) == ("bad-claim", "gds")

    @pytest.mark.parametrize("knd", ["waybill", "ship", "", None, 1, ["driver"], "Driver"])
    def test_an_unknown_kind_is_refused(self, knd: JsonValue) -> None:
        claims = {**card_claims().to_claims(), "knd": knd}

        assert refusal(code_of(claims)) == ("unknown-kind", "")

    def test_an_impossible_value_cannot_be_built(self) -> None:
        with pytest.raises(QrError, match="rev"):
            waybill_claims(rev=0)
        with pytest.raises(QrError, match="gds"):
            waybill_claims(gds=())
        with pytest.raises(QrError, match="unknown-kind"):
            card_claims(QrKind.WAYBILL)
        with pytest.raises(QrError, match="sub"):
            card_claims(sub="")

    def test_a_card_has_no_revision_and_a_waybill_no_subject(self) -> None:
        with pytest.raises(QrError, match="missing-claim"):
            CardClaims.from_claims(waybill_claims().to_claims())
        with pytest.raises(QrError, match="missing-claim"):
            WaybillClaims.from_claims(card_claims().to_claims())


class TestKind:
    def test_a_card_is_no_waybill(self) -> None:
        assert refusal(code(card_claims())) == ("wrong-kind", "driver")

    def test_a_waybill_is_no_card(self) -> None:
        assert refusal(code(), kind=QrKind.DRIVER) == ("wrong-kind", "waybill")

    def test_a_card_of_another_kind_is_refused(self) -> None:
        assert refusal(code(card_claims()), kind=QrKind.ESCORT) == ("wrong-kind", "driver")

    def test_where_any_kind_is_welcome_the_claims_say_which_it_is(self) -> None:
        payload = decode_qr_text(code(card_claims(QrKind.TANK, sub="T-1")))

        assert verify_payload(payload, trusted(), NOW).kind is QrKind.TANK


class TestKeys:
    def test_a_key_may_sign_for_its_own_issuer_only(self) -> None:
        own = KeyTable([signing_key().verifying_key(issuer="demo")])
        other = KeyTable([signing_key().verifying_key(issuer="other")])

        assert verify_qr(code(), own, NOW) == waybill_claims()
        assert refusal(code(), keys=other) == ("wrong-issuer", "demo")

    def test_a_revoked_key_is_refused_whatever_date_the_code_bears(self) -> None:
        key = replace(signing_key().verifying_key(), revoked_at=NOW)

        assert refusal(code(), keys=KeyTable([key])) == ("key-revoked", key.kid)

    def test_a_key_must_have_been_in_force_when_the_code_was_issued(self) -> None:
        key = replace(signing_key().verifying_key(), not_after=NOW - timedelta(hours=1))

        assert refusal(code(), keys=KeyTable([key])) == ("key-not-in-force", key.kid)

    def test_an_unknown_key_is_refused(self) -> None:
        assert refusal(code(), keys=KeyTable()) == ("unknown-key", signing_key().kid)


class TestTimes:
    @pytest.mark.parametrize(
        ("claims", "outcome"),
        [
            pytest.param(waybill_claims(iat=NOW_S + 60), None, id="issued a minute ahead"),
            pytest.param(waybill_claims(iat=NOW_S + 61), "issued-in-future", id="iat 61 s ahead"),
            pytest.param(waybill_claims(nbf=NOW_S + 60), None, id="valid in a minute"),
            pytest.param(waybill_claims(nbf=NOW_S + 61), "not-yet-valid", id="nbf 61 s ahead"),
            pytest.param(waybill_claims(exp=NOW_S + 1), None, id="one second left"),
            pytest.param(waybill_claims(exp=NOW_S), "expired", id="exactly at the end"),
            pytest.param(waybill_claims(exp=NOW_S - 1), "expired", id="a second past the end"),
        ],
    )
    def test_the_edges(self, claims: WaybillClaims, outcome: str | None) -> None:
        if outcome is None:
            assert verify_qr(code(claims), trusted(), NOW) == claims
        else:
            assert refusal(code(claims)) == (outcome, "")

    def test_a_fraction_of_a_second_before_the_end_is_before_the_end(self) -> None:
        claims = waybill_claims(exp=NOW_S)

        assert verify_qr(code(claims), trusted(), NOW - timedelta(milliseconds=1)) == claims

    def test_a_moment_without_a_zone_is_a_mistake_of_the_caller(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            verify_qr(code(), trusted(), NOW.replace(tzinfo=None))
