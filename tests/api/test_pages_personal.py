"""Personal values by pages: from event and person to one value; requests; retention."""

import re

import pytest
from flask import Flask

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD
from tests.harness.line import Line
from tests.harness.page_user import PageUser
from tests.harness.personal import name_driver, retire_driver
from waybill.clock import FixedClock
from waybill.services.personal.retention import run_retention
from waybill.storage.session import write_session


@pytest.fixture
def refs(runtime: Runtime, line: Line, clock: FixedClock) -> dict[str, str]:
    """The commitments to the values of a driver who is retired with an issued waybill."""
    with write_session(runtime.sessions) as session:
        made = name_driver(session, line.yard, runtime.vault, clock)
        line.issued(session)
        retire_driver(session, line.yard, runtime.vault, clock)
    return made


def user(app: Flask, name: str, *, english: bool = False) -> PageUser:
    """Return somebody who has signed in."""
    found = PageUser(client=app.test_client())
    if english:
        found.client.set_cookie("lang", "en")
    return found.sign_in(name, PASSWORD)


def test_a_value_is_reached_from_its_person_and_shown_with_its_salt(
    app: Flask, line: Line, refs: dict[str, str]
) -> None:
    carrier = user(app, "carrier").open(f"/registry/people/{line.yard.driver_id}")
    address = f"/personal/values/{refs['phone']}"
    assert address in carrier.html
    carrier.open(address)
    asked = carrier.text

    carrier.send(address, {"reason": "核对运单"})

    assert "13905171234" not in asked
    assert "13905171234" in carrier.text
    assert re.search(r"printf &#39;(\\[0-7]{3}){32}phone\\000%s&#39; 13905171234", carrier.html)
    assert carrier.address == address


def test_a_report_tells_what_is_held_and_who_looked(
    app: Flask, line: Line, refs: dict[str, str]
) -> None:
    report = f"/personal/access-reports/{line.yard.driver_id}"
    carrier = user(app, "carrier").open(f"/registry/people/{line.yard.driver_id}")
    assert report in carrier.html
    carrier.open(f"/personal/values/{refs['phone']}")
    carrier.send(f"/personal/values/{refs['phone']}", {"reason": "核对运单"})
    carrier.open(report)
    before = carrier.text

    carrier.send(report, {"reason": " "})
    asked_again = (carrier.status, "13905171234" in carrier.text)
    carrier.send(report, {"reason": "本人书面申请"})

    assert "13905171234" not in before
    assert asked_again == (422, False)
    assert carrier.status == 200
    for said in ("13905171234", "张建国", "核对运单", "承运"):
        assert said in carrier.text
    assert "本人书面申请" not in carrier.text


def test_a_report_about_anothers_person_is_not_there(
    app: Flask, line: Line, refs: dict[str, str]
) -> None:
    assert refs
    other = user(app, "other-carrier")

    found = other.open(f"/personal/access-reports/{line.yard.driver_id}").status

    assert found == 404


def test_a_reason_is_asked_for(app: Flask, refs: dict[str, str]) -> None:
    carrier = user(app, "carrier")

    carrier.open(f"/personal/values/{refs['name']}").send(
        f"/personal/values/{refs['name']}", {"reason": " "}
    )

    assert (carrier.status, "张建国" in carrier.text) == (422, False)
    assert 'href="#reason"' in carrier.html


def test_an_event_names_the_values_it_commits_to(
    app: Flask, line: Line, refs: dict[str, str]
) -> None:
    carrier = user(app, "carrier")
    address = f"/personal/values/{refs['name']}"
    carrier.open(address).send(address, {"reason": "核对运单"})
    senior = user(app, "senior-auditor").open("/events?kind=personal-value-disclosed")
    event = re.search(r'href="(/events/[0-9a-f-]{36})"', senior.html)
    assert event

    senior.open(event[1])

    assert "本事件涉及的个人信息" in senior.text
    assert address in senior.html
    assert str(line.yard.driver_id) in senior.text


def test_a_request_goes_from_the_person_to_its_decision(
    app: Flask, line: Line, refs: dict[str, str]
) -> None:
    carrier = user(app, "carrier").open(f"/registry/people/{line.yard.driver_id}")
    carrier.send(
        "/personal/requests", {"person_id": str(line.yard.driver_id), "reason": "本人书面申请"}
    )
    made = carrier.address
    senior = user(app, "senior-auditor").open("/personal/requests")
    assert made in senior.html

    senior.open(made).send(f"{made}/decision", {"decision": "approved", "reason": "已核实"})

    assert "已批准" in senior.text
    assert senior.text.count("限制处理 保存至 2027-11-25") == 3
    carrier.open(f"/personal/values/{refs['name']}")
    assert "只能由高级审计员因法定事由查阅" in carrier.text
    senior.open(f"/personal/values/{refs['name']}")
    senior.send(f"/personal/values/{refs['name']}", {"reason": "法院来函", "purpose": "court"})
    assert "张建国" in senior.text


def test_who_asks_twice_is_told_so(app: Flask, line: Line, refs: dict[str, str]) -> None:
    form = {"person_id": str(line.yard.driver_id), "reason": "本人书面申请"}
    admin = user(app, "admin", english=True).open("/personal/requests")
    admin.send("/personal/requests", form)
    own = admin.text

    admin.send("/personal/requests", form)

    assert len(refs) == 3
    assert "Whoever made a request does not decide it." in own
    assert admin.status == 409
    assert "A request to erase this person's data is open." in admin.text


def test_a_decision_needs_its_reason(app: Flask, line: Line, refs: dict[str, str]) -> None:
    form = {"person_id": str(line.yard.driver_id), "reason": "本人书面申请"}
    carrier = user(app, "carrier").open("/personal/requests").send("/personal/requests", form)
    admin = user(app, "admin").open(carrier.address)

    admin.send(f"{carrier.address}/decision", {"decision": "refused", "reason": ""})

    assert len(refs) == 3
    assert (admin.status, 'href="#reason"' in admin.html) == (422, True)


def test_retention_shows_periods_preview_and_runs(
    app: Flask, runtime: Runtime, clock: FixedClock, refs: dict[str, str]
) -> None:
    with write_session(runtime.sessions) as session:
        run_retention(session, now=clock.now())

    auditor = user(app, "auditor", english=True).open("/personal/retention")

    assert len(refs) == 3
    assert "people named in waybills 3 36 months · Order 29 of 2019, art. 24" in auditor.text
    assert "text not read" in auditor.text
    assert "2026-11-22 14:05 0 0 0 3" in auditor.text
