"""The authority's desk by its pages, without a script: cases, four eyes, carriers, the public."""

import re
from datetime import timedelta
from typing import Final

import pytest

from tests.harness.bay_steps import look_at_everything
from tests.harness.page_user import PageTown, PageUser
from waybill.clock import FixedClock

ID = re.compile(r"/([0-9a-f-]{36})")


def open_case(user: PageUser, **changes: str) -> str:
    """Open a case about a vehicle, or what is named, and return its address."""
    user.open("/cases/new")
    form = {
        "about": "vehicle",
        "reference": "苏H·10001",
        "matter": "loading",
        "text": "装货前未清洗",
    }
    user.send("/cases", form | changes)
    return user.address


def act(user: PageUser, act_: str, **form: str) -> PageUser:
    """Send one of the forms of the page that is open."""
    return user.send(f"{user.address}/{act_}", {"version": user.version, **form})


def tractor(pages: PageTown, key: str = "petrol") -> tuple[str, str]:
    """Return plate and id of a case's tractor."""
    trip = pages.town.draft(key)
    plate = trip.case.tractor
    return plate, str(pages.town.register.vehicles[plate])


def propose(user: PageUser, kind: str, record: str, **changes: str) -> PageUser:
    """Propose a measure about a record that one came from."""
    about, _, identity = record.partition(":")
    user.open(f"/measures/new?about={about}&id={identity}")
    form = {
        "about": about,
        "id": identity,
        "subject": record,
        "kind": kind,
        "reason": "装货前未清洗罐体",
        "legal_basis": "《道路危险货物运输管理规定》",
        "decision_number": "淮交罚 2026-118",
        "valid_from": "2026-11-22",
    }
    return user.send("/measures", form | changes)


def test_the_whole_story_without_a_script(pages: PageTown) -> None:
    trip = pages.town.issue("methanol-trap")
    refused = look_at_everything(trip)
    assert not refused.decide().clears
    following = pages.town.issue("petrol")
    _, vehicle = tractor(pages)

    auditor = pages.user("auditor")
    number = trip.read()["summary"]["number"]
    open_case(auditor, about="waybill", reference=number, matter="loading")
    case = auditor.address
    assert "办理中" in auditor.text
    assert number in auditor.text
    carrier_id = trip.read()["summary"]["carrier_id"]
    act(
        auditor,
        "request",
        organisation_id=carrier_id,
        asked="请说明适装介质",
        asked_due_on="2026-12-01",
    )
    assert "待承运人答复" in auditor.text

    carrier = pages.user("carrier")
    assert "待答复的更正要求（1）" in carrier.open("/").text
    carrier.open("/corrections")
    link = ID.search(carrier.html.partition('class="row-link')[2])
    assert link
    carrier.open(f"/corrections/{link[1]}")
    assert "请说明适装介质" in carrier.text
    carrier.send(
        carrier.address, {"version": carrier.version, "text": "已改派罐车", "waybill": number}
    )
    assert carrier.status == 200
    assert "已答复" in carrier.text
    assert "待答复的更正要求" not in carrier.open("/").text

    auditor.open(case)
    assert "已改派罐车" in auditor.text
    act(auditor, "acceptance")
    propose(auditor, "suspension", f"vehicle:{vehicle}", case=case.rpartition("/")[2])
    measure = auditor.address
    assert "您提出的，须由另一名高级审计员批准。" in auditor.text
    assert "未生效" in auditor.text

    at_the_bay = look_at_everything(following)
    senior = pages.user("senior-auditor").open(measure)
    assert "由 auditor 提出，须由另一名高级审计员批准。" in senior.text
    act(senior, "approval", reason="属实")
    assert "生效中" in senior.text
    shown = pages.user("carrier").open(f"/waybills/{following.id}").text
    assert "预审有变化" in shown
    assert not at_the_bay.decide().clears

    auditor.open(case)
    assert "暂停使用" in auditor.text
    act(auditor, "decision", outcome="measure", decision="暂停使用至整改完成")
    act(auditor, "closing")
    assert "已结案" in auditor.text


def test_ones_own_proposal_says_who_has_to_approve(pages: PageTown) -> None:
    _, vehicle = tractor(pages)
    senior = pages.user("senior-auditor")
    propose(senior, "suspension", f"vehicle:{vehicle}")

    assert "须由另一名高级审计员批准。您可以撤回。" in senior.text
    assert "批准，立即生效" not in senior.text
    act(senior, "approval", reason="同意")
    assert senior.status == 403

    other = pages.user("senior-auditor-2").open(senior.address.removesuffix("/approval"))
    act(other, "approval", reason="同意")
    assert "senior-auditor-2" in other.text
    assert "生效中" in other.text


def test_an_urgent_suspension_says_when_it_lapses(pages: PageTown) -> None:
    _, vehicle = tractor(pages)
    senior = pages.user("senior-auditor", english=True)

    propose(senior, "suspension", f"vehicle:{vehicle}", at_once="1")

    assert "Lapses by itself unless approved by 2026-11-25 14:05." in senior.text
    assert "acts already, waits for approval" in senior.text


def test_a_form_that_is_wrong_keeps_what_was_typed(pages: PageTown) -> None:
    _, vehicle = tractor(pages)
    auditor = pages.user("auditor")

    propose(auditor, "black-listing", f"vehicle:{vehicle}", valid_until="2026-11-01")

    assert auditor.status == 422
    assert 'href="#valid_until"' in auditor.html
    assert 'value="2026-11-01"' in auditor.html
    assert 'value="装货前未清洗罐体"' in auditor.html


def test_what_cannot_be_found_by_name_is_said_beside_the_field(pages: PageTown) -> None:
    auditor = pages.user("auditor")

    open_case(auditor, reference="苏Z99999")
    wrong = (auditor.status, 'id="reference-wrong"' in auditor.html)
    auditor.open("/measures/new?about=tank&reference=nothing")

    assert wrong == (422, True)
    assert "没有找到，请核对名称或编号。" in auditor.text


def test_what_is_overdue_stands_first_and_is_marked(pages: PageTown, clock: FixedClock) -> None:
    plate, _ = tractor(pages)
    auditor = pages.user("auditor")
    open_case(auditor, reference=plate)
    open_case(auditor, reference=plate)
    second = auditor.text.partition("案件 C-")[2][:11]
    act(auditor, "deadline", due_on="2026-11-22")
    clock.advance(timedelta(days=1))

    listed = pages.user("auditor").open("/cases").text

    assert "逾期" in listed.partition("来源")[2]
    rows = re.findall(r"C-2026-[0-9]{6}", listed)
    assert rows[0] == f"C-{second}"
    only = pages.user("auditor").open("/cases?overdue=1").text
    assert re.findall(r"C-2026-[0-9]{6}", only) == rows[:1]


class TestPublic:
    FORM: Final = {
        "matter": "leak",
        "text": "罐车尾部滴漏",
        "place": "G2 淮安服务区",
        "seen_at": "2026-11-22 13:30",
        "contact": "13905170000",
    }

    @pytest.fixture
    def anybody(self, pages: PageTown) -> PageUser:
        """Somebody without an account."""
        return PageUser(client=pages.app.test_client())

    def test_a_report_becomes_a_case_and_its_contact_is_asked_for(
        self, pages: PageTown, anybody: PageUser
    ) -> None:
        explained = anybody.open("/public-report").text
        anybody.send("/public-report", self.FORM)
        assert "加密保存" in explained
        assert "C-2026-000001" in anybody.text

        auditor = pages.user("auditor").open("/cases?source=public")
        link = ID.search(auditor.html.partition('class="row-link')[2])
        assert link
        auditor.open(f"/cases/{link[1]}")
        before = auditor.text
        auditor.send(f"/cases/{link[1]}/contact", {"reason": "回访"})

        assert ("G2 淮安服务区" in before, "13905170000" in before) == (True, False)
        assert "13905170000" in auditor.text

    def test_a_report_that_is_wrong_keeps_what_was_typed(self, anybody: PageUser) -> None:
        anybody.open("/public-report").send("/public-report", self.FORM | {"seen_at": "昨天"})

        assert anybody.status == 422
        assert "罐车尾部滴漏" in anybody.html
        assert "请填写日期和时间" in anybody.text

    def test_one_address_sends_only_a_few(self, anybody: PageUser) -> None:
        anybody.open("/public-report")
        answers = [anybody.send("/public-report", self.FORM).status for _ in range(6)]

        assert answers == [200] * 5 + [429]

    def test_the_published_list_says_when_it_was_read(
        self, pages: PageTown, anybody: PageUser
    ) -> None:
        plate, vehicle = tractor(pages)
        auditor = pages.user("auditor")
        propose(auditor, "black-listing", f"vehicle:{vehicle}", published="1")
        before = anybody.open("/blacklist").text
        act(pages.user("senior-auditor").open(auditor.address), "approval", reason="属实")

        after = anybody.open("/blacklist").text

        assert "目前没有公布的记录。" in before
        assert "读取时间 2026-11-22 14:05:00" in after
        assert f"{plate[:2]}·{plate[2:]}" in after
