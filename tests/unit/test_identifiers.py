from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from waybill.identifiers import (
    IdentifierError,
    Plate,
    format_plate,
    mask_id_number,
    parse_plate,
    validate_certificate_number,
    validate_id_number,
    validate_iso6346,
    validate_licence_number,
    validate_pass_number,
    validate_phone,
    validate_transport_certificate_number,
    validate_un_number,
    validate_uscc,
    validate_vin,
)

Validate = Callable[[str], str]

ACCEPTED: list[tuple[Validate, str, str]] = [
    (validate_uscc, "91110000600037341L", "91110000600037341L"),
    (validate_uscc, "91110000600037341l", "91110000600037341L"),
    (validate_id_number, "11010519491231002X", "11010519491231002X"),
    (validate_id_number, "11010519491231002x", "11010519491231002X"),
    (validate_vin, "1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
    (validate_vin, "1m8gdm9axkp042788", "1M8GDM9AXKP042788"),
    (validate_vin, "11111111111111111", "11111111111111111"),
    (validate_iso6346, "CSQU3054383", "CSQU3054383"),
    (validate_iso6346, "csqu 305438-3", "CSQU3054383"),
    (validate_licence_number, "320800123456", "320800123456"),
    (validate_transport_certificate_number, "320800123456", "320800123456"),
    (validate_transport_certificate_number, "苏交运管淮字320800123456号", "320800123456"),
    (validate_un_number, "0004", "0004"),
    (validate_un_number, "1203", "1203"),
    (validate_pass_number, "320000001", "320000001"),
    (validate_phone, "13800138000", "13800138000"),
    (validate_phone, "+86 138 0013 8000", "13800138000"),
    (validate_phone, "0517-83912345", "0517-83912345"),
    (validate_phone, "010-83912345-801", "010-83912345-801"),
    (validate_phone, "400-810-1234", "400-810-1234"),
    (validate_phone, "+4930123456", "+4930123456"),
    (validate_certificate_number, "苏字第3208(2019)0012号", "苏字第3208(2019)0012号"),
    (validate_certificate_number, "11010519491231002X", "11010519491231002X"),
]
REFUSED: list[tuple[Validate, str, str]] = [
    (validate_uscc, "91110000600037341M", "uscc-check-digit"),
    (validate_uscc, "9111000060003734", "uscc-shape"),
    (validate_uscc, "9111000060003734IL", "uscc-shape"),
    (validate_uscc, "0" * 18, "uscc-shape"),
    (validate_uscc, "９1110000600037341L", "uscc-shape"),  # noqa: RUF001  full width
    (validate_uscc, "91110000600037341L\n", "uscc-shape"),
    (validate_id_number, "110105194912310021", "id-number-check-digit"),
    (validate_id_number, "11010519490230002X", "id-number-date"),
    (validate_id_number, "11010518991231002X", "id-number-date"),
    (validate_id_number, "01010519491231002X", "id-number-shape"),
    (validate_id_number, "１1010519491231002X", "id-number-shape"),  # noqa: RUF001  full width
    (validate_id_number, "110105491231002", "id-number-shape"),
    (validate_vin, "1M8GDM9A1KP042788", "vin-check-digit"),
    (validate_vin, "1M8GDM9AXKP04278", "vin-shape"),
    (validate_vin, "1M8GDM9AXKPO42788", "vin-shape"),
    (validate_vin, "１M8GDM9AXKP042788", "vin-shape"),  # noqa: RUF001  full width
    (validate_iso6346, "CSQU3054384", "container-number-check-digit"),
    (validate_iso6346, "CSQR3054383", "container-number-shape"),
    (validate_iso6346, "CSQU30543８3", "container-number-shape"),  # noqa: RUF001  full width
    (validate_licence_number, "32080012345", "licence-number-shape"),
    (validate_licence_number, "３20800123456", "licence-number-shape"),  # noqa: RUF001  full width
    (validate_transport_certificate_number, "苏320800", "transport-certificate-number-shape"),
    (validate_un_number, "0000", "un-number-shape"),
    (validate_un_number, "UN1203", "un-number-shape"),
    (validate_un_number, "１２０３", "un-number-shape"),  # noqa: RUF001  full width
    (validate_pass_number, "020000001", "pass-number-shape"),
    (validate_pass_number, "32000001", "pass-number-shape"),
    (validate_phone, "83912345", "phone-shape"),
    (validate_phone, "12800138000", "phone-shape"),
    (validate_phone, "１3800138000", "phone-shape"),  # noqa: RUF001  full width
    (validate_certificate_number, "abc", "certificate-number-shape"),
    (validate_certificate_number, "abc\ndef", "certificate-number-shape"),
    (validate_certificate_number, "x" * 41, "certificate-number-shape"),
]


@pytest.mark.parametrize(("validate", "text", "stored"), ACCEPTED)
def test_a_right_number_is_returned_as_it_is_stored(
    validate: Validate, text: str, stored: str
) -> None:
    assert validate(text) == stored


@pytest.mark.parametrize(("validate", "text", "code"), REFUSED)
def test_a_wrong_number_is_refused_with_a_stable_code(
    validate: Validate, text: str, code: str
) -> None:
    with pytest.raises(IdentifierError) as caught:
        validate(text)

    assert caught.value.code == code
    assert caught.value.message_zh
    assert caught.value.message_en == str(caught.value)
    assert text not in caught.value.message_zh + caught.value.message_en


@pytest.mark.parametrize("validate", list(dict.fromkeys(v for v, _, _ in ACCEPTED)))
@given(text=st.text(max_size=24))
def test_any_text_is_read_or_refused_and_what_is_stored_is_right_again(
    validate: Validate, text: str
) -> None:
    try:
        stored = validate(text)
    except IdentifierError:
        return

    assert validate(stored) == stored


@given(
    st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    st.integers(110000, 999999),
    st.integers(0, 999),
    st.integers(0, 16),
)
def test_an_identity_number_with_one_digit_changed_is_refused(
    born: date, area: int, sequence: int, position: int
) -> None:
    digits = f"{area}{born:%Y%m%d}{sequence:03}"
    number = digits + ric.calc_check_digit(digits + "0")
    assert validate_id_number(number) == number
    other = str((int(number[position]) + 1) % 10)

    with pytest.raises(IdentifierError):
        validate_id_number(number[:position] + other + number[position + 1 :])


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 999999))
def test_every_right_check_character_of_an_enterprise_is_taken(code: str, area: int) -> None:
    number = f"91{area:06}{code}"
    number += uscc.calc_check_digit(number)

    assert validate_uscc(number) == number


class TestPlate:
    @pytest.mark.parametrize(
        ("text", "number", "is_trailer", "is_new_energy"),
        [
            pytest.param("苏H12345", "苏H12345", False, False, id="ordinary"),
            pytest.param("苏h·1a345", "苏H1A345", False, False, id="small letters and a dot"),
            pytest.param("苏Ｈ １２３４５", "苏H12345", False, False, id="full width"),  # noqa: RUF001
            pytest.param("苏H1234挂", "苏H1234挂", True, False, id="trailer"),
            pytest.param("苏HD12345", "苏HD12345", False, True, id="small new energy"),
            pytest.param("苏H12345D", "苏H12345D", False, True, id="large new energy"),
        ],
    )
    def test_a_plate_is_read_as_it_is_written(
        self, text: str, number: str, *, is_trailer: bool, is_new_energy: bool
    ) -> None:
        plate = parse_plate(text)

        assert plate == Plate(number)
        assert (plate.is_trailer, plate.is_new_energy) == (is_trailer, is_new_energy)

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("", id="nothing"),
            pytest.param("苏HI2345", id="the letter I"),
            pytest.param("苏HO2345", id="the letter O"),
            pytest.param("H12345", id="no province"),
            pytest.param("苏H1234", id="too short"),
            pytest.param("苏H123456", id="six digits"),
            pytest.param("苏H12345挂", id="a trailer with five"),
            pytest.param("苏HM12345", id="no letter of new energy"),
            pytest.param("苏H123ß5", id="a letter that grows in capitals"),
            pytest.param("苏H12345" + " " * 40, id="far too long"),
            pytest.param("苏Н12345", id="a Cyrillic letter that looks like H"),  # noqa: RUF001
            pytest.param("苏H1２345٥", id="Arabic digits"),  # noqa: RUF001
            pytest.param("苏H1\u200b2345", id="an unseen character"),
        ],
    )
    def test_other_texts_are_refused(self, text: str) -> None:
        with pytest.raises(IdentifierError) as caught:
            parse_plate(text)

        assert caught.value.code == "plate-shape"

    def test_it_is_shown_with_a_dot(self) -> None:
        assert format_plate(Plate("苏H1234挂")) == "苏H·1234挂"


@given(st.text(max_size=12))
def test_any_text_is_a_plate_or_refused_and_a_plate_reads_back(text: str) -> None:
    try:
        plate = parse_plate(text)
    except IdentifierError:
        return

    assert parse_plate(format_plate(plate)) == plate


@pytest.mark.parametrize(
    ("number", "shown"),
    [("11010519491231002X", "110***********002X"), ("1234567", "*******"), ("", "")],
)
def test_a_masked_number_shows_both_ends_only(number: str, shown: str) -> None:
    assert mask_id_number(number) == shown
