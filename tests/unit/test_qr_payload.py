"""Codes: what is written is read back, and whatever else is written is refused by its reason."""

import hashlib
import zlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.rendering.qr import qr_matrix
from tests.harness.sealed_codes import (
    NOW,
    NOW_S,
    PUBLIC_URL,
    card_claims,
    code_of,
    code_of_bytes,
    signing_key,
    trusted,
    waybill_claims,
)
from waybill.codec import JsonValue, canonical_json
from waybill.qr_payload import (
    CardClaims,
    GoodsLine,
    QrClaims,
    QrError,
    QrKind,
    WaybillClaims,
    decode_qr_text,
    encode_qr_text,
    parse_unverified,
    verify_payload,
    verify_qr,
)
from waybill.qr_payload.digits import decode_digits, encode_digits
from waybill.sealing import KeyTable

CARD_KINDS = [kind for kind in QrKind if kind is not QrKind.WAYBILL]


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


class TestDigits:
    @pytest.mark.parametrize(
        ("data", "digits"),
        [
            pytest.param(b"", "", id="nothing"),
            pytest.param(b"\x00", "000", id="zero keeps its digits"),
            pytest.param(b"\xff", "255", id="one byte"),
            pytest.param(b"\x01\x00", "00001", id="little-endian"),
            pytest.param(b"\xff" * 7, "72057594037927935", id="a full group"),
            pytest.param(b"\xff" * 8, "72057594037927935255", id="a group and one byte"),
        ],
    )
    def test_bytes_as_digits(self, data: bytes, digits: str) -> None:
        assert encode_digits(data) == digits

    @pytest.mark.parametrize(
        ("digits", "reason"),
        [
            pytest.param("", "no-digits", id="nothing"),
            pytest.param("25a", "not-ascii-digits", id="a letter"),
            pytest.param("\uff12\uff15\uff15", "not-ascii-digits", id="full-width"),
            pytest.param("٢٥٥", "not-ascii-digits", id="Arabic-Indic"),
            pytest.param("255\n", "not-ascii-digits", id="a line end"),
            pytest.param("+25", "not-ascii-digits", id="a sign"),
            pytest.param("2_5", "not-ascii-digits", id="an underscore"),
            pytest.param("2" * 18, "bad-length", id="one digit too many"),
            pytest.param("25", "bad-length", id="two digits"),
            pytest.param("256", "group-out-of-range", id="just above one byte"),
            pytest.param("72057594037927936", "group-out-of-range", id="just above seven bytes"),
        ],
    )
    def test_other_digits_are_refused(self, digits: str, reason: str) -> None:
        with pytest.raises(QrError) as caught:
            decode_digits(digits)

        assert caught.value.code == reason


@given(st.binary(min_size=1, max_size=200))
def test_digits_of_any_bytes_are_read_back(data: bytes) -> None:
    assert decode_digits(encode_digits(data)) == data


@given(st.text(alphabet="0123456789", min_size=1, max_size=60))
def test_digits_that_are_read_are_the_only_spelling_of_their_bytes(digits: str) -> None:
    try:
        data = decode_digits(digits)
    except QrError:
        return
    assert encode_digits(data) == digits


class TestRoundTrip:
    def test_a_waybill_is_read_back(self) -> None:
        found = verify_qr(code(), trusted(), NOW)

        assert found == waybill_claims()
        assert found.kind is QrKind.WAYBILL

    def test_goods_keep_their_row_and_their_lack_of_a_packing_group(self) -> None:
        chlorine = GoodsLine(
            un_number="1017", packing_group="", quantity=0, unit="kg", row="1017-a"
        )
        claims = waybill_claims(gds=(chlorine,), trl=None)

        assert verify_qr(code(claims), trusted(), NOW) == claims
        assert claims.to_claims()["gds"] == [["1017", "", 0, "kg", "1017-a"]]

    @pytest.mark.parametrize("kind", CARD_KINDS)
    def test_a_card_is_read_back(self, kind: QrKind) -> None:
        claims = card_claims(kind)

        found = verify_qr(code(claims), trusted(), NOW, kind=kind)

        assert found == claims
        assert found.kind is kind

    def test_a_null_packing_group_of_another_writer_is_none(self) -> None:
        found = verify_qr(code_of(changed(gds=[["1017", None, 5, "kg"]])), trusted(), NOW)

        assert isinstance(found, WaybillClaims)
        assert found.gds == (GoodsLine(un_number="1017", packing_group="", quantity=5, unit="kg"),)

    def test_claims_that_are_not_known_yet_are_left_alone(self) -> None:
        text = code_of(changed(rel="R-1"))

        assert verify_qr(text, trusted(), NOW) == waybill_claims()

    def test_the_text_before_the_marker_is_not_judged(self) -> None:
        digits = code().partition("/q#")[2]

        assert verify_qr(f"/q#{digits}", trusted(), NOW) == waybill_claims()

    def test_the_address_ends_without_a_double_slash(self) -> None:
        text = encode_qr_text(waybill_claims(), signing_key(), "https://a.example/x/")

        assert text.partition("#")[0] == "https://a.example/x/q"

    def test_an_address_with_a_fragment_of_its_own_is_refused(self) -> None:
        with pytest.raises(ValueError, match="fragment"):
            encode_qr_text(waybill_claims(), signing_key(), "https://a.example/#x")

    def test_more_content_than_a_reader_accepts_is_not_written(self) -> None:
        with pytest.raises(ValueError, match="too much"):
            code_of_bytes(hashlib.shake_128(b"incompressible").digest(2048))
        with pytest.raises(ValueError, match="too much"):
            code_of_bytes(b" " * 4097)

    def test_exactly_the_inflate_limit_is_read(self) -> None:
        content = canonical_json(waybill_claims().to_claims()).ljust(4096)

        assert verify_qr(code_of_bytes(content), trusted(), NOW) == waybill_claims()


class TestEnvelope:
    SIGNATURE = bytes(64)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            pytest.param("x" * 4097, "too-long", id="over the cap"),
            pytest.param("x" * 4096, "no-marker", id="at the cap"),
            pytest.param("苏H12345", "no-marker", id="a plate"),
            pytest.param("https://a.example/q#", "no-digits", id="nothing behind the marker"),
            pytest.param("/q#/q#255", "not-ascii-digits", id="two markers"),
            pytest.param(envelope_code(b"\x00"), "unknown-version", id="version 0"),
            pytest.param(envelope_code(b"\x02\x01k"), "unknown-version", id="version 2"),
            pytest.param(envelope_code(b"\x01"), "truncated", id="version only"),
            pytest.param(envelope_code(b"\x01\x01k" + SIGNATURE), "truncated", id="no content"),
            pytest.param(envelope_code(b"\x01\x00x" + SIGNATURE), "malformed", id="no key id"),
            pytest.param(
                envelope_code(b"\x01\x21" + b"k" * 33 + b"x" + SIGNATURE),
                "malformed",
                id="a long key id",
            ),
            pytest.param(
                envelope_code(b"\x01\x01\xffx" + SIGNATURE), "malformed", id="key id not ASCII"
            ),
            pytest.param(
                envelope_code(b"\x01\x01k" + b"\xff" + SIGNATURE), "not-deflate", id="not DEFLATE"
            ),
            pytest.param(
                envelope_code(b"\x01\x01k" + deflate(b"{}") + b"\x00" + SIGNATURE),
                "not-deflate",
                id="a byte left over",
            ),
            pytest.param(
                envelope_code(b"\x01\x01k" + deflate(b"{}" * 99)[:-1] + SIGNATURE),
                "not-deflate",
                id="the end is missing",
            ),
            pytest.param(
                envelope_code(b"\x01\x01k" + deflate(b" " * 4097) + SIGNATURE),
                "inflate-limit",
                id="one byte over the limit",
            ),
        ],
    )
    def test_a_damaged_envelope_is_refused(self, text: str, reason: str) -> None:
        with pytest.raises(QrError) as caught:
            decode_qr_text(text)

        assert caught.value.code == reason


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


class TestUnverified:
    def test_what_an_expired_code_claims_can_be_shown(self) -> None:
        claims = waybill_claims(exp=NOW_S)

        assert parse_unverified(decode_qr_text(code(claims))) == claims


def test_a_refusal_says_why_in_both_languages() -> None:
    error = QrError("bad-claim", "exp")

    assert (str(error), error.message_zh, error.message_en) == (
        "bad-claim: A claim has an impossible value (exp).",
        "二维码字段值不正确（exp）。",
        "A claim has an impossible value (exp).",
    )


def test_changing_any_single_digit_is_refused() -> None:
    text = code()
    start = text.index("#") + 1

    for position in range(start, len(text)):
        digit = str((int(text[position]) + 1 + position % 9) % 10)
        tampered = text[:position] + digit + text[position + 1 :]
        if tampered != text:
            with pytest.raises(QrError):
                verify_qr(tampered, trusted(), NOW)


_text = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12
)
_lines = st.builds(
    GoodsLine,
    un_number=st.from_regex(r"\A[0-9]{4}\Z"),
    packing_group=st.sampled_from(["I", "II", "III", ""]),
    quantity=st.integers(0, 10**9),
    unit=st.sampled_from(["kg", "L"]),
    row=st.none() | _text,
)


@settings(max_examples=60)
@given(
    jti=_text,
    rev=st.integers(1, 10**9),
    trl=st.none() | _text,
    gds=st.lists(_lines, min_size=1, max_size=4).map(tuple),
)
def test_any_possible_claims_are_read_back(
    jti: str, rev: int, trl: str | None, gds: tuple[GoodsLine, ...]
) -> None:
    claims = replace(waybill_claims(rev=rev, trl=trl, gds=gds), jti=jti)

    assert verify_qr(code(claims), trusted(), NOW) == claims


@given(st.text(max_size=300))
def test_any_text_is_refused_by_a_code(text: str) -> None:
    with pytest.raises(QrError):
        verify_qr(f"/q#{text}", trusted(), NOW)


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_in_an_envelope_are_refused_by_a_code(envelope: bytes) -> None:
    with pytest.raises(QrError):
        verify_qr(envelope_code(b"\x01" + envelope), trusted(), NOW)


@given(st.binary(max_size=300))
def test_any_signed_bytes_that_are_no_claims_are_refused_by_a_code(content: bytes) -> None:
    with pytest.raises(QrError):
        verify_qr(code_of_bytes(content), trusted(), NOW)


def test_a_usual_waybill_fits_in_a_code_of_69_modules() -> None:
    assert len(qr_matrix(code())) == 69
