"""The auditor's desk as pages: the sentence, kept searches, exports, a waybill's story."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.runtime import EXTENSION, Runtime
from tests.harness.page_user import PageTown
from tests.harness.registrations import ID_NUMBER
from waybill.services.desk.export_run import ExportPlace, run_exports

KEPT = re.compile(r"/searches/[0-9a-f-]{36}")


@pytest.fixture
def place(pages: PageTown, tmp_path: Path) -> ExportPlace:
    """The worker's place of the installation."""
    runtime: Runtime = pages.app.extensions[EXTENSION]
    runtime.settings = replace(runtime.settings, exports_dir=tmp_path)
    return ExportPlace(
        sessions=runtime.sessions,
        clock=runtime.clock,
        folder=tmp_path,
        key_dir=runtime.settings.key_dir,
        issuer="demo",
        kept_for=timedelta(days=7),
    )


def test_the_sentence_finds_by_goods_and_keeps_what_was_asked(pages: PageTown) -> None:
    pages.town.issue("petrol")
    auditor = pages.user("auditor")

    auditor.open("/events?un=UN%201203&kind=waybill-issued")

    assert re.search(r"签发运单 承运人 .*UN\W1203", auditor.text)
    assert 'name="un" value="UN 1203"' in auditor.html


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("un=12", "请填写四位联合国编号"),
        ("rule=TNK-99.none", "没有此规则"),
        ("plate=XX", "车牌"),
        ("from=yesterday", "请填写日期和时间"),
        ("after=1", "请从列表中选择"),
    ],
)
def test_what_cannot_be_meant_is_said_beside_the_sentence(
    pages: PageTown, query: str, message: str
) -> None:
    auditor = pages.user("auditor").open(f"/events?{query}")

    assert auditor.status == 200
    assert message in auditor.text


def test_a_person_is_asked_for_by_a_form_that_only_the_entitled_see(pages: PageTown) -> None:
    senior, auditor = pages.user("senior-auditor"), pages.user("auditor")

    assert 'name="id_number"' in senior.open("/events").html
    assert 'name="id_number"' not in auditor.open("/events").html
    assert auditor.send("/events", {"id_number": ID_NUMBER}).status == 403


def test_a_person_is_never_part_of_an_address(pages: PageTown) -> None:
    senior = pages.user("senior-auditor").open("/events")

    senior.send("/events", {"id_number": ID_NUMBER, "kind": "person-registered"})

    assert senior.status == 200
    assert re.findall(rf'(?:href|action)="[^"]*{ID_NUMBER}', senior.html) == []
    wrong = senior.send("/events", {"id_number": "123"})
    assert "身份证号" in wrong.text


def test_a_search_is_kept_passed_on_and_removed(pages: PageTown) -> None:
    pages.town.issue("petrol")
    auditor = pages.user("auditor").open("/events?un=1203")

    auditor.send("/searches", {"un": "1203", "kind": "waybill-issued", "name": "汽油签发"})

    assert KEPT.fullmatch(auditor.address)
    assert "UN 1203" in auditor.text
    assert "签发运单 承运人" in auditor.text
    other = pages.user("senior-auditor").open(auditor.address)
    assert "汽油签发" in other.text
    auditor.open("/searches").send(f"{auditor.address}/{kept(auditor.html)}/removal", {})
    assert "还没有保存的查询" in auditor.text
    assert other.open(other.address).status == 404


def kept(html: str) -> str:
    found = KEPT.search(html)
    assert found
    return found[0].rpartition("/")[2]


def test_a_kept_search_needs_a_name(pages: PageTown) -> None:
    auditor = pages.user("auditor").open("/events")

    auditor.send("/searches", {"un": "1203", "name": " "})

    assert (auditor.status, "此项必填" in auditor.text) == (422, True)


def test_an_export_is_asked_for_followed_and_fetched(pages: PageTown, place: ExportPlace) -> None:
    pages.town.issue("petrol")
    auditor = pages.user("auditor").open("/events?kind=waybill-issued")
    auditor.send("/exports", {"kind": "waybill-issued", "formats": ["csv", "xlsx"]})
    assert (auditor.address, "等待中" in auditor.text) == ("/exports", True)

    run_exports(place)

    auditor.open("/exports")
    assert "已完成" in auditor.text
    found = re.search(r"/exports/[0-9a-f-]{36}/file", auditor.html)
    assert found
    answer = auditor.client.get(found[0])
    assert (answer.content_type, answer.data[:2]) == ("application/zip", b"PK")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_export_is_cancelled_on_its_page(pages: PageTown, place: ExportPlace) -> None:
    auditor = pages.user("auditor").open("/events")
    auditor.send("/exports", {"formats": ["csv"]})
    found = re.search(r"/exports/[0-9a-f-]{36}/cancellation", auditor.html)
    assert found

    auditor.send(found[0], {})

    assert "已取消" in auditor.text
    assert run_exports(place) == 0


def test_an_export_without_a_format_says_so(pages: PageTown) -> None:
    auditor = pages.user("auditor").open("/exports")

    auditor.send("/exports", {})

    assert (auditor.status, "请至少选择一种格式" in auditor.text) == (422, True)


@pytest.mark.parametrize("english", [False, True], ids=["zh", "en"])
def test_a_story_reads_from_the_draft_on_with_signature_and_verdict(
    pages: PageTown, *, english: bool
) -> None:
    trip = pages.town.issue("petrol")
    auditor = pages.user("auditor", english=english)

    auditor.open(f"/waybills/{trip.id}")
    assert f"/waybills/{trip.id}/story" in auditor.html
    auditor.open(f"/waybills/{trip.id}/story")

    assert auditor.status == 200
    words = (
        "signature holds The signature covers" if english else "签名有效 签名覆盖运单第 1 版全文"
    )
    assert words in auditor.text
    assert auditor.text.index("drafted" if english else "起草运单") < auditor.text.index(words)
    assert re.search(r"[0-9]+ rules judged" if english else r"规则判定 [0-9]+ 项", auditor.text)


def test_the_parties_see_no_story(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    carrier = pages.user("carrier").open(f"/waybills/{trip.id}")

    assert "/story" not in carrier.html
    assert carrier.open(f"/waybills/{trip.id}/story").status == 403


def test_a_row_names_three_of_the_rules_that_stood_and_counts_the_rest(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    check = pages.town.open_check(trip.qr_text)
    pages.town.loader.post(f"/checks/{check.id}/decision", None)

    auditor = pages.user("auditor").open("/events?kind=check-decided")

    assert re.search(r"✕ 不准装 (\S+, ){2}\S+ \+[0-9]+ ", auditor.text)
