"""Codes of others: electronic licences, printed numbers of papers, GS1 element strings."""

import pytest

from scanners.checklist import outcome_of
from scanners.presenting import present, say_problem
from scanners.readers import Reading, ReadingKind, read_text
from scanners.readers.reading import unreadable
from tests.harness.sealed_codes import NOW, trusted
from waybill.rules.evidence import Presentation, ScanItem, ScanKind
from waybill.rules.finding import Outcome

LICENCE = "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"
LONG = (
    "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M"
)


class TestElectronicLicence:
    """The identifier of GB/T 36904, in the form in which provinces issue it."""

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(LICENCE, id="alone"),
            pytest.param(f"https://zwfw.example.gov.cn/dzzz?id={LICENCE}", id="in an address"),
            pytest.param(LICENCE.lower() + "\r\n", id="typed by a scanner in small letters"),
        ],
    )
    def test_it_is_read(self, text: str) -> None:
        assert read_text(text) == Reading(
            reader="electronic_licence", kind=ReadingKind.ELECTRONIC_LICENCE, value=LICENCE
        )

    def test_a_long_serial_number_is_read(self) -> None:
        assert read_text(LONG).value == LONG

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(LICENCE[:-2], id="cut off"),
            pytest.param(LICENCE.replace("W009", "W00"), id="a kind too short"),
            pytest.param(LICENCE.replace(".002.", ".2."), id="a version too short"),
            pytest.param(LICENCE + ".OFD", id="the name of a file"),
        ],
    )
    def test_a_broken_one_is_unreadable(self, text: str) -> None:
        found = unreadable("licence-identifier", reader="electronic_licence", value=text)

        assert read_text(text) == found
        assert say_problem("licence-identifier").zh.startswith("电子证照码不完整")

    def test_it_names_a_paper_and_proves_nothing(self) -> None:
        item = present(LICENCE, trusted(), at=NOW).item

        assert item == ScanItem(
            kind=ScanKind.DOCUMENT,
            presentation=Presentation.PLAIN_CODE,
            subject=LICENCE,
            at=NOW,
        )
        assert outcome_of(item, ()) is Outcome.UNKNOWN


class TestCertificateNumber:
    """Numbers of road transport papers as they are printed."""

    @pytest.mark.parametrize(
        "text",
        [
            "苏交运管许可淮字320800123456号",
            "苏交运管淮字 320800123456 号",
            "鲁交运管许可济字（危）字第320800123456号",
        ],
    )
    def test_the_digits_are_read(self, text: str) -> None:
        assert read_text(text) == Reading(
            reader="certificate_number",
            kind=ReadingKind.CERTIFICATE_NUMBER,
            value="320800123456",
        )

    @pytest.mark.parametrize("digits", ["32080012345", "3208001234567", "1"])
    def test_another_number_of_digits_is_misread(self, digits: str) -> None:
        text = f"苏交运管淮字{digits}号"

        assert read_text(text) == unreadable(
            "certificate-digits", reader="certificate_number", value=text
        )

    def test_bare_digits_are_what_the_step_asks_for(self) -> None:
        shown = present("320800123456", trusted(), at=NOW, typed=True, expected=ScanKind.DOCUMENT)

        assert read_text("320800123456").kind is ReadingKind.UNREADABLE
        assert shown.item is not None
        assert (shown.item.kind, shown.item.subject) == (ScanKind.DOCUMENT, "320800123456")

    def test_a_vehicle_licence_is_the_vehicles_plate(self) -> None:
        assert read_text("苏H12345").kind is ReadingKind.PLATE


class TestGs1:
    """Products on packages: named, and no evidence."""

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            pytest.param("0109521234543213", "(01)09521234543213", id="GTIN"),
            pytest.param(
                "]d201095212345432131727123110B-1\x1d21S-1",
                "(01)09521234543213(21)S-1",
                id="DataMatrix with expiry, batch and serial",
            ),
            pytest.param(
                "(01)09521234543213(10)B-1(21)S-1",
                "(01)09521234543213(21)S-1",
                id="as it is printed",
            ),
            pytest.param("01095212345432132112345", "(01)09521234543213(21)12345", id="serial"),
        ],
    )
    def test_a_product_is_recognised(self, text: str, value: str) -> None:
        assert read_text(text) == Reading(
            reader="gs1_element_string", kind=ReadingKind.DIGITAL_LINK, value=value
        )

    def test_a_wrong_check_digit_is_damage(self) -> None:
        text = "(01)09521234543214"

        assert read_text(text) == unreadable(
            "gtin-check-digit", reader="gs1_element_string", value=text
        )

    @pytest.mark.parametrize("text", ["(10)B-1", "010952123454321", "(01)1234", "01"])
    def test_what_has_no_gtin_is_none(self, text: str) -> None:
        assert read_text(text) == unreadable("unknown-format", value=text)

    def test_it_is_no_evidence(self) -> None:
        shown = present("0109521234543213", trusted(), at=NOW)

        assert (shown.item, shown.problem) == (None, "not-evidence")
