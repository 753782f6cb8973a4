"""The slip of a check as PDF: short where it passed, every reason where it did not."""

import re
from io import BytesIO
from uuid import UUID

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from sqlalchemy.orm import Session

from api.rendering.pdf import typeset
from api.rendering.slip import slip_data
from tests.harness.bay import Bay, answer, problem, standing
from waybill.registry.access import Role
from waybill.rules.curing import cured_by
from waybill.rules.register import REGISTER
from waybill.services.checks.slip import get_slip

A6_WIDTH_PT = 298


def slip(bay: Bay, check_id: str, role: Role = Role.LOADER) -> bytes:
    response = bay.get(f"/checks/{check_id}/slip.pdf", role)
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return response.get_data()


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return "".join(re.sub(r"\s+", "", page.extract_text()) for page in pages)


def codes_of(bay: Bay, database: Session, check_id: str) -> list[str]:
    """Return what a scanner reads from the slip's first page."""
    found = get_slip(database, bay.line.yard.actor("loader"), UUID(check_id), terms=bay.line.terms)
    codes = {"qr": found.release_code} if found.release_code else {}
    page = typeset("slip.typ", slip_data(found), codes, form="png")[0]
    return [read.text for read in zxingcpp.read_barcodes(Image.open(BytesIO(page)))]


class TestPassed:
    """One small page: word, number, plates, time, and once released the code."""

    def test_a_released_check(self, bay: Bay, database: Session) -> None:
        issued, check_id = bay.released()

        pdf = slip(bay, check_id)

        pages, text = PdfReader(BytesIO(pdf)).pages, text_of(pdf)
        assert (len(pages), round(pages[0].mediabox.width)) == (1, A6_WIDTH_PT)
        for shown in (
            "放行",
            "RELEASED",
            issued["number"],
            "苏H·12345",
            "苏H·1234挂",
            "2026-11-22",
        ):
            assert shown in text
        (read,) = codes_of(bay, database, check_id)
        claims = answer(bay.post("/codes/read", {"text": read}), 200)["claims"]
        assert (claims["knd"], claims["num"]) == ("release", issued["number"])

    def test_a_cleared_check_says_that_it_may_not_leave_and_has_no_code(
        self, bay: Bay, database: Session
    ) -> None:
        _, check_id = bay.cleared()

        pdf = slip(bay, check_id)

        text = text_of(pdf)
        assert "准装" in text
        assert "maynotleaveyet" in text
        assert codes_of(bay, database, check_id) == []

    def test_an_aborted_check_says_why_and_has_no_code(self, bay: Bay, database: Session) -> None:
        _, check_id = bay.cleared()
        answer(bay.post(f"/checks/{check_id}/abort", {"reason": "泵故障，改日再装"}), 201)

        pdf = slip(bay, check_id)

        text = text_of(pdf)
        assert "已中止" in text
        assert "泵故障，改日再装" in text
        assert codes_of(bay, database, check_id) == []


class TestRefused:
    """Each reason in plain words, its article, and who can cure it, in both languages."""

    def test_every_reason_that_stands_is_there(self, bay: Bay) -> None:
        check_id = bay.opened(bay.issued()["qr_text"])
        verdict = bay.decide(check_id)["verdict"]

        text = text_of(slip(bay, check_id))

        stood = [f for f in verdict["findings"] if f["outcome"] in {"failed", "unknown"}]
        assert stood
        for finding in stood:
            for language in ("zh", "en"):
                for part in ("title", "seen", "cure", "basis"):
                    assert re.sub(r"\s+", "", finding[language][part]) in text
        assert "由谁整改" in text
        assert "Whocancureit" in text

    def test_what_was_proven_wrong_is_refused_and_what_was_not_shown_is_not_proven(
        self, bay: Bay
    ) -> None:
        bare = bay.opened(bay.issued()["qr_text"])
        bay.decide(bare)
        wrong = bay.opened(bay.issued()["qr_text"])
        bay.show_everything(wrong)
        bay.see_plate(wrong, "tractor", "苏H99999")
        bay.decide(wrong)

        assert "未能核实（不得装车）" in text_of(slip(bay, bare))
        assert "不准装" in text_of(slip(bay, wrong))

    def test_a_refused_release_must_not_leave(self, bay: Bay, database: Session) -> None:
        _, check_id = bay.cleared()
        release = bay.release(check_id, "28500")
        assert standing(release["verdict"])

        pdf = slip(bay, check_id)

        assert "不放行" in text_of(pdf)
        assert codes_of(bay, database, check_id) == []


def test_what_is_not_decided_is_not_printed(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])

    assert problem(bay.get(f"/checks/{check_id}/slip.pdf"))[:2] == (409, "wrong-state")


@pytest.mark.parametrize(
    ("role", "status"), [(Role.CARRIER, 200), (Role.INSPECTOR, 200), (Role.CONSIGNEE, 403)]
)
def test_carrier_and_oversight_print_it_too(bay: Bay, role: Role, status: int) -> None:
    _, check_id = bay.cleared()

    assert bay.get(f"/checks/{check_id}/slip.pdf", role).status_code == status


def test_every_rule_says_who_can_cure_it() -> None:
    assert {cured_by(rule.code) for rule in REGISTER}
