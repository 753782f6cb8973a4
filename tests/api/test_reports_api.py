"""Reports over HTTP and by pages: asked for, made, fetched as PDF, workbook, JSON and JWS."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD, SignIn
from tests.harness.line import Line
from tests.harness.page_user import PageUser
from tests.harness.report_maker import keys, verified
from tests.harness.sequenced import counted_up
from tests.harness.workbooks import sheets
from waybill.clock import FixedClock
from waybill.registry.access import Role
from waybill.services.reports.making import make_reports
from waybill.services.reports.totals import close_days
from waybill.storage.session import write_session

API = "/api/v1"
DAYS = {"from": "2026-10-01", "until": "2026-11-22"}


@pytest.fixture
def counted(runtime: Runtime, line: Line) -> Line:
    """A released trip, carried over to the tables for counting."""
    with write_session(runtime.sessions) as session:
        _, check_id = line.cleared(session)
        line.release(session, check_id)
        counted_up(session)
    return line


@pytest.fixture
def report_id(
    client: FlaskClient, sign_in: SignIn, runtime: Runtime, counted: Line, clock: FixedClock
) -> str:
    """A report that the auditor ordered and the worker made."""
    assert counted.clock is clock
    auditor = sign_in(Role.AUDITOR)
    ordered = client.post(
        f"{API}/report-orders", json=DAYS, headers=auditor | {"Idempotency-Key": "ordered-once"}
    )
    assert ordered.status_code == 201, ordered.get_data(as_text=True)
    assert make_reports(runtime.sessions, keys, clock=clock) == 1
    order = client.get(f"{API}/report-orders/{ordered.get_json()['id']}", headers=auditor)
    found: str = order.get_json()["report_id"]
    return found


def pdf_text(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return "".join(re.sub(r"\s+", "", page.extract_text()) for page in pages)


@pytest.mark.usefixtures("counted")
def test_an_order_tells_its_progress(client: FlaskClient, sign_in: SignIn) -> None:
    ordered = client.post(f"{API}/report-orders", json=DAYS, headers=sign_in(Role.SENIOR_AUDITOR))

    said = ordered.get_json()
    assert (said["status"], said["sections_done"], said["sections"]) == ("waiting", 0, 6)
    assert (said["from"], said["until"], said["report_id"]) == ("2026-10-01", "2026-11-22", None)


def test_a_report_is_answered_with_its_signature(
    client: FlaskClient, sign_in: SignIn, report_id: str
) -> None:
    auditor = sign_in(Role.AUDITOR)

    said = client.get(f"{API}/reports/{report_id}", headers=auditor).get_json()
    listed = client.get(f"{API}/reports", headers=auditor).get_json()["items"]

    assert json.loads(verified(said["compact_jws"])[0]) == said["document"]
    assert said["document"]["sections"][0]["figures"][0] == {
        "keys": ["arrival", "passed"],
        "count": 1,
        "planned_kg": "28000",
        "loaded_kg": None,
    }
    assert [entry["digest"] for entry in listed] == [said["digest"]]


def test_the_pdf_reads_as_the_report(client: FlaskClient, sign_in: SignIn, report_id: str) -> None:
    answer = client.get(f"/reports/{report_id}/report.pdf", headers=sign_in(Role.AUDITOR))

    text = pdf_text(answer.data)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="report-2026-10-01-2026-11-22.pdf"'
    )
    for said in (
        "危险货物道路运输装货查验统计报告",
        "2026-10-01–2026-11-22",
        "暂行PROVISIONAL",
        "淮安市交通运输局",
        "按地区",
        "320800",
        "淮安危货运输有限公司",
        "27,900",
        f"报告编号report{report_id}",
        "第1页",
    ):
        assert said in text


def test_the_workbook_has_every_table_with_figures_as_numbers(
    client: FlaskClient, sign_in: SignIn, report_id: str
) -> None:
    answer = client.get(f"/reports/{report_id}/report.xlsx", headers=sign_in(Role.AUDITOR))

    found = sheets(answer.data)
    assert list(found) == [
        "报告 report",
        "总数 totals",
        "月份 months",
        "地区 districts",
        "承运人 carriers",
        "类别 classes",
        "规则 rules",
    ]
    assert found["报告 report"][0] == ["编号 id", report_id]
    assert found["承运人 carriers"] == [
        [
            "承运人 Carrier",
            "签发 issued",
            "未签发 not issued",
            "准装 cleared",
            "不准装 refused",
            "未能核实 not proven",
            "放行 released",
            "不放行 release refused",
            "装货量 kg loaded kg",
        ],
        ["淮安危货运输有限公司", "1", "0", "1", "0", "0", "1", "0", "27900"],
    ]


def test_json_and_jws_are_the_signed_bytes(
    client: FlaskClient, sign_in: SignIn, report_id: str
) -> None:
    auditor = sign_in(Role.AUDITOR)
    plain = client.get(f"/reports/{report_id}/report.json", headers=auditor)
    compact = client.get(f"/reports/{report_id}/report.jws", headers=auditor)

    assert verified(compact.get_data(as_text=True))[0] == plain.data


@pytest.mark.usefixtures("counted")
def test_the_page_makes_a_report_and_shows_it(
    app: Flask, runtime: Runtime, clock: FixedClock
) -> None:
    auditor = PageUser(client=app.test_client()).sign_in("auditor", PASSWORD)
    auditor.open("/reports").send("/reports", {"from": "2026-11-01", "until": "2026-11-22"})
    waiting = (auditor.text, "<progress" in auditor.html)
    make_reports(runtime.sessions, keys, clock=clock)
    auditor.open("/reports")
    shown = re.search(r'href="(/reports/[0-9a-f-]{36})"', auditor.html)
    assert shown

    auditor.open(shown[1])

    assert "等待 0 / 6 部分" in waiting[0]
    assert waiting[1]
    assert "淮安危货运输有限公司 1 0 1 0 0 1 0 27,900" in auditor.text
    assert "waybill report recompute" in auditor.text


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("form", "link"),
    [
        pytest.param({"from": "", "until": "2026-11-22"}, 'href="#from"', id="no first day"),
        pytest.param({"from": "2026-11-22", "until": "2026-11-01"}, 'href="#until"', id="reversed"),
    ],
)
def test_a_period_that_cannot_be_comes_back(app: Flask, form: dict[str, str], link: str) -> None:
    auditor = PageUser(client=app.test_client()).sign_in("auditor", PASSWORD)

    auditor.open("/reports").send("/reports", form)

    assert (auditor.status, link in auditor.html) == (422, True)
    assert 'value="2026-11-' in auditor.html


@pytest.mark.usefixtures("counted")
def test_totals_are_listed_with_their_signature(
    client: FlaskClient, sign_in: SignIn, runtime: Runtime, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=1))
    close_days(runtime.sessions, keys, clock=clock)
    days = {"from": "2026-11-20", "to": "2026-11-22"}
    auditor = sign_in(Role.AUDITOR)

    listed = client.get(f"{API}/totals", query_string=days, headers=auditor).get_json()
    refused = client.get(
        f"{API}/totals", query_string={"from": "2026-11-22", "to": "2026-11-20"}, headers=auditor
    )

    read = [json.loads(verified(total["compact_jws"])[0]) for total in listed]
    assert [t["day"] for t in listed] == ["2026-11-22", "2026-11-21", "2026-11-20"]
    assert read == [t["document"] for t in listed]
    assert refused.status_code == 422
    page = client.get("/reports", headers=auditor | {"Accept": "text/html"}).get_data(as_text=True)
    assert all(t["digest"][:16] in page for t in listed)
