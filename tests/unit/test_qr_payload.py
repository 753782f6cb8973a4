"""Codes: what is written is read back, and whatever else is written is refused by its reason."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.rendering.qr import qr_matrix
from tests.harness.qr_refusals import CARD_KINDS, changed, code, deflate, envelope_code
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
from waybill.codec import canonical_json
from waybill.qr_payload import (
    GoodsLine,
    QrError,
    QrKind,
    WaybillClaims,
    decode_qr_text,
    encode_qr_text,
    parse_unverified,
    verify_qr,
)
from waybill.qr_payload.digits import decode_digits, encode_digits


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
