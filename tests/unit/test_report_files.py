"""A report on paper and as a workbook: everything is there, nothing is cut off."""

import re
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from api.rendering.pdf import typeset
from api.rendering.report_files import report_data, report_pdf, report_workbook
from tests.harness.reported import CARRIERS, LONG_NAME, quarter_report
from tests.harness.workbooks import sheets
from waybill.rules.register import REGISTER

MARGIN_PX = 60
"""At 144 pixels an inch; the page's margin is 13 mm, 73 pixels."""
DARK = 128


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """The text of each page, without spaces and line ends."""
    reader = PdfReader(BytesIO(report_pdf(quarter_report(closed=False))))
    return [re.sub(r"\s+", "", page.extract_text()) for page in reader.pages]


def test_every_row_is_on_paper(pages: list[str]) -> None:
    text = "".join(pages)

    assert text.count(LONG_NAME) == CARRIERS // 4
    assert text.count("危货运输有限公司") == CARRIERS * 3 // 4
    assert text.count("344,425,500.5") == 1 + 3 + 7 + CARRIERS + 4
    codes = dict.fromkeys(rule.code for rule in REGISTER)
    assert all(code in text for code in list(codes)[:40])


def test_each_page_of_a_table_repeats_its_heading_and_is_numbered(pages: list[str]) -> None:
    assert len(pages) == 4
    assert [f"第{n}页/共4页" in page for n, page in enumerate(pages, 1)] == [True] * 4
    assert ["承运人Carrier" in page for page in pages] == [True, True, True, False]
    assert "规则Rule" in pages[3]


def test_it_says_what_it_speaks_of(pages: list[str]) -> None:
    for said in (
        "2026-10-01–2026-12-31",
        "暂行PROVISIONAL",
        "淮安市交通运输局",
        "2027-01-0209:00",
        "0–1234566",
        "log.example/huaian",
        "ab" * 32,
        quarter_report(closed=False).digest,
        "waybillreportrecompute",
    ):
        assert said in pages[0]


def test_a_closed_report_has_no_stamp() -> None:
    reader = PdfReader(BytesIO(report_pdf(quarter_report())))

    assert "PROVISIONAL" not in reader.pages[0].extract_text()


def test_nothing_reaches_into_the_margins() -> None:
    pictures = typeset("report.typ", report_data(quarter_report()), {}, form="png")

    for picture in pictures:
        grey = Image.open(BytesIO(picture)).convert("L")
        width, height = grey.size
        for left in (0, width - MARGIN_PX):
            strip = grey.crop((left, 0, left + MARGIN_PX, height))
            assert min(strip.tobytes()) > DARK


def test_the_workbook_holds_every_row() -> None:
    found = sheets(report_workbook(quarter_report()))

    assert {name: len(rows) for name, rows in found.items()} == {
        "报告 report": 11,
        "总数 totals": 7,
        "月份 months": 4,
        "地区 districts": 8,
        "承运人 carriers": 1 + CARRIERS,
        "类别 classes": 5,
        "规则 rules": 41,
    }
    assert found["类别 classes"][2] == [
        "3",
        "12345",
        "75",
        "12345",
        "67",
        "8",
        "12345",
        "75",
        "344425500.5",
    ]
    assert found["报告 report"][2] == ["状态 state", "已截止 closed"]
