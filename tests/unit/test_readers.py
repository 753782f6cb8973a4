"""Readers: every text has an answer, and only the right reader gives it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.readers import READERS, Reading, ReadingKind, read_text
from scanners.readers.numbers import validate_waybill_number
from scanners.readers.wedge import clean
from tests.harness.sealed_codes import PUBLIC_URL, signing_key, vector, waybill_claims
from waybill.qr_payload import decode_qr_text, encode_qr_text

CODE = vector("petrol with a trailer")["text"]
SEALED = Reading(reader="waybill_qr", kind=ReadingKind.SEALED, sealed=decode_qr_text(CODE))
NUMBER = "3208123456" + "20261122" + "000A" + "1234"


def plain(reader: str, kind: ReadingKind, value: str) -> Reading:
    return Reading(reader=reader, kind=kind, value=value)


def unreadable(reason: str, value: str = "", reader: str = "") -> Reading:
    return Reading(reader=reader, kind=ReadingKind.UNREADABLE, value=value, reason=reason)


class TestSealedCodes:
    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(CODE, id="as printed"),
            pytest.param(CODE + "\r\n", id="a scanner's line end"),
            pytest.param("\x02" + CODE + "\x03\t", id="framed by STX and ETX"),
            pytest.param("]Q1" + CODE, id="with its symbology"),
            pytest.param("\ufeff" + CODE + "\u200b", id="byte order mark and zero width"),
            pytest.param(CODE.upper(), id="Caps Lock"),
        ],
    )
    def test_a_code_is_read_however_it_was_typed(self, text: str) -> None:
        assert read_text(text) == SEALED

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            pytest.param(CODE[:-1], "bad-length", id="one digit lost"),
            pytest.param(CODE.replace("2", "\uff12"), "not-ascii-digits", id="full-width"),
            pytest.param(CODE + CODE, "not-ascii-digits", id="scanned twice"),
            pytest.param(CODE + "\n" + CODE, "not-ascii-digits", id="two lines"),
            pytest.param(f"{PUBLIC_URL}/q#", "no-digits", id="nothing behind the address"),
            pytest.param(f"{PUBLIC_URL}/q#" + "1" * 4100, "too-long", id="too long for a code"),
        ],
    )
    def test_a_damaged_code_is_unreadable_and_nobody_guesses(self, text: str, reason: str) -> None:
        assert read_text(text) == unreadable(reason, text[:64], "waybill_qr")


class TestPlainNumbers:
    @pytest.mark.parametrize(
        ("text", "reading"),
        [
            pytest.param("苏H12345", plain("plate", ReadingKind.PLATE, "苏H12345"), id="a plate"),
            pytest.param(
                "苏h·12345 ", plain("plate", ReadingKind.PLATE, "苏H12345"), id="as people write it"
            ),
            pytest.param(
                "苏\uff28\uff11\uff12\uff13\uff14\uff15",
                plain("plate", ReadingKind.PLATE, "苏H12345"),
                id="full-width",
            ),
            pytest.param(
                "苏H1234挂", plain("plate", ReadingKind.PLATE, "苏H1234挂"), id="a trailer"
            ),
            pytest.param(
                "csqu 305438-3",
                plain("tank_container_number", ReadingKind.TANK_CONTAINER, "CSQU3054383"),
                id="a tank-container",
            ),
            pytest.param(
                NUMBER,
                plain("waybill_number", ReadingKind.WAYBILL_NUMBER, NUMBER),
                id="a waybill number",
            ),
            pytest.param(
                NUMBER.lower() + "\r",
                plain("waybill_number", ReadingKind.WAYBILL_NUMBER, NUMBER),
                id="a waybill number in small letters",
            ),
            pytest.param(
                "91350100M000100Y43",
                plain("uscc", ReadingKind.USCC, "91350100M000100Y43"),
                id="an enterprise",
            ),
        ],
    )
    def test_a_number_is_read_in_its_stored_spelling(self, text: str, reading: Reading) -> None:
        assert read_text(text) == reading

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("CSQU3054384", id="a wrong check digit of a container"),
            pytest.param("91350100M000100Y44", id="a wrong check character of an enterprise"),
            pytest.param("苏I12345", id="a letter no plate has"),
            pytest.param(NUMBER[:10] + "20261301" + NUMBER[18:], id="a thirteenth month"),
            pytest.param(NUMBER[:10] + "00001122" + NUMBER[18:], id="the year nought"),
            pytest.param(NUMBER + "0", id="a digit too many"),
            pytest.param("T-20240317-09", id="a number of no known scheme"),
            pytest.param("hello", id="a word"),
        ],
    )
    def test_a_number_that_cannot_be_right_is_unreadable(self, text: str) -> None:
        assert read_text(text) == unreadable("unknown-format", text)

    def test_digits_of_other_scripts_make_no_waybill_number(self) -> None:
        with pytest.raises(ValueError, match="not a waybill number"):
            validate_waybill_number(NUMBER.replace("3", "\u0663"))


class TestDigitalLink:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            pytest.param("https://id.gs1.org/01/09521234543213", "(01)09521234543213", id="GTIN"),
            pytest.param(
                "HTTPS://example.com/a/01/9521234543213/10/B-1/21/S%2d1?17=271231",
                "(01)09521234543213(21)S-1",
                id="with batch, serial and expiry",
            ),
            pytest.param(
                "http://example.com/01/96385074/21/", "(01)00000096385074", id="an empty serial"
            ),
            pytest.param(
                "https://id.gs1.org/01/09521234543213/10/A/21",
                "(01)09521234543213",
                id="a serial cut off",
            ),
        ],
    )
    def test_a_product_is_recognised(self, text: str, value: str) -> None:
        assert read_text(text) == plain("digital_link", ReadingKind.DIGITAL_LINK, value)

    def test_a_wrong_check_digit_is_unreadable(self) -> None:
        text = "https://id.gs1.org/01/09521234543214"

        assert read_text(text) == unreadable("gtin-check-digit", text, "digital_link")

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("https://example.com/01/", id="no GTIN"),
            pytest.param("https://example.com/01", id="nothing behind the key"),
            pytest.param("https://example.com/01/12345678901", id="eleven digits"),
            pytest.param("https://example.com/a", id="no key"),
            pytest.param("ftp://example.com/01/09521234543213", id="no web address"),
            pytest.param("https://[bad/01/09521234543213", id="no address at all"),
        ],
    )
    def test_another_address_is_no_product(self, text: str) -> None:
        assert read_text(text) == unreadable("unknown-format", text)


class TestHazchemLabel:
    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("https://whpdj.mem.gov.cn/internet/label?id=1", id="the register"),
            pytest.param("http://nrcc.com.cn/x", id="the registration centre"),
            pytest.param("一企一品一码:320812345", id="the label's own words"),
        ],
    )
    def test_a_label_is_recognised(self, text: str) -> None:
        assert read_text(text) == plain("hazchem_label", ReadingKind.HAZCHEM_LABEL, text)

    def test_a_long_label_is_shown_in_part(self) -> None:
        text = "安全信息码" + "x" * 100

        assert read_text(text).value == text[:64]

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("https://mem.gov.cn.example.com/x", id="a look-alike host"),
            pytest.param("https://notmem.gov.cn/x", id="a host that ends alike"),
            pytest.param("mailto:a@mem.gov.cn", id="no web address"),
        ],
    )
    def test_another_address_is_no_label(self, text: str) -> None:
        assert read_text(text) == unreadable("unknown-format", text)


class TestReading:
    def test_nothing_is_unreadable(self) -> None:
        assert read_text(" \r\n") == unreadable("empty")
        assert read_text("]Q1\r") == unreadable("empty")

    def test_a_text_over_the_cap_is_not_looked_at(self) -> None:
        assert read_text("x" * 8193) == unreadable("too-long")
        assert read_text("x" * 8192) == unreadable("unknown-format", "x" * 64)

    def test_a_reading_and_its_contents_belong_together(self) -> None:
        with pytest.raises(ValueError, match="contents"):
            Reading(reader="x", kind=ReadingKind.SEALED)
        with pytest.raises(ValueError, match="reason"):
            Reading(reader="x", kind=ReadingKind.UNREADABLE)
        with pytest.raises(ValueError, match="reason"):
            Reading(reader="x", kind=ReadingKind.PLATE, reason="damaged")

    def test_every_reader_has_a_name_of_its_own(self) -> None:
        names = [reader.name for reader in READERS]

        assert names == [
            "waybill_qr",
            "digital_link",
            "hazchem_label",
            "electronic_licence",
            "plate",
            "tank_container_number",
            "waybill_number",
            "uscc",
            "certificate_number",
            "gs1_element_string",
        ]

    def test_what_is_inside_a_code_is_not_cleaned(self) -> None:
        assert clean("\t]C1A B\u200bC\r\n") == "A B\u200bC"
        assert clean("]Q") == "]Q"


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(read_text(text), Reading)


@given(st.text(max_size=60))
def test_any_text_behind_the_marker_has_an_answer(text: str) -> None:
    reading = read_text(f"{PUBLIC_URL}/q#{text}")

    assert reading.reader == "waybill_qr"


@given(st.text("\r\n\t\x02\x03 \ufeff", max_size=4), st.text("\r\n\t\x03\x04 ", max_size=4))
def test_any_frame_around_a_code_is_taken_off(before: str, after: str) -> None:
    text = encode_qr_text(waybill_claims(), signing_key(), PUBLIC_URL)

    assert read_text(before + text + after).sealed == decode_qr_text(text)
