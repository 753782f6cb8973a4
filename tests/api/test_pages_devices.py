"""The supervisor's page of tablets and badges, as a browser without scripts sees it."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.harness.page_user import HTML, PageTown, PageUser
from tests.harness.tablet import Tablet

CODE = re.compile(r'told-text digits">([2-9A-Z]{4}-[2-9A-Z]{4})<')
PIN = re.compile(r'told-text digits">([0-9]{6})<')
BADGE = re.compile(r'name="badge" value="(WBB1\.[A-Za-z0-9_-]{22})"')


def supervisor_of(pages: PageTown, *, english: bool = False) -> PageUser:
    return pages.user("supervisor", english=english).open("/devices")


def coded(pages: PageTown, supervisor: PageUser) -> str:
    """Return a code that the supervisor has made."""
    facility = str(pages.town.register.facility)
    supervisor.send("/devices/codes", {"facility": facility, "label": "3 号位"})
    found = CODE.search(supervisor.html)
    assert found, supervisor.text
    return found[1]


def tablet_of(pages: PageTown, supervisor: PageUser) -> Tablet:
    made = Tablet(client=supervisor.client, clock=pages.town.clock)
    made.enrol(coded(pages, supervisor))
    return made


def badges_made(pages: PageTown, supervisor: PageUser) -> tuple[str, str]:
    """Return badge and PIN that were made for the loader."""
    user_id = str(pages.town.register.users["loader"].user_id)
    supervisor.send("/devices/badges", {"user": [user_id]})
    badge, pin = BADGE.search(supervisor.html), PIN.search(supervisor.html)
    assert badge, supervisor.text
    assert pin
    return badge[1], pin[1]


def test_a_code_is_shown_large_with_its_qr_and_enrols_a_tablet(pages: PageTown) -> None:
    supervisor = supervisor_of(pages)

    tablet = tablet_of(pages, supervisor)

    assert "<svg" in supervisor.html
    tablet.heartbeat(unsent=2, battery=55)
    supervisor.open("/devices")
    assert "3 号位" in supervisor.text
    assert "电量 55%" in supervisor.text


def test_a_tablet_is_revoked_with_a_reason(pages: PageTown) -> None:
    supervisor = supervisor_of(pages)
    tablet = tablet_of(pages, supervisor)
    address = f"/devices/{tablet.device_id}/revocation"

    supervisor.open("/devices").send(address, {"reason": ""})
    refused = supervisor.status
    supervisor.send(address, {"reason": "遗失"})

    assert (refused, supervisor.status, supervisor.address) == (422, 200, "/devices")
    assert "已停用 遗失" in supervisor.text
    assert tablet.heartbeat().get_json()["code"] == "device-revoked"


def test_badge_and_pin_are_shown_once_and_let_somebody_sign_on(pages: PageTown) -> None:
    supervisor = supervisor_of(pages)
    tablet = tablet_of(pages, supervisor)

    badge, pin = badges_made(pages, supervisor)

    assert tablet.sign_on(badge, pin).status_code == 201
    supervisor.open("/devices")
    assert (badge in supervisor.html, pin in supervisor.html) == (False, False)


def test_the_sheet_names_the_person_s_account_and_not_the_pin(pages: PageTown) -> None:
    supervisor = supervisor_of(pages)
    badge, pin = badges_made(pages, supervisor)

    answer = supervisor.client.post(
        "/devices/badges/sheet.pdf",
        data={"csrf_token": supervisor.token, "badge": [badge, "WBB1.none"]},
        headers=HTML,
    )

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert (answer.mimetype, "loader" in text, pin in text) == ("application/pdf", True, False)


def test_a_sheet_of_nobody_s_badges_is_not_printed(pages: PageTown) -> None:
    supervisor = supervisor_of(pages)

    assert supervisor.send("/devices/badges/sheet.pdf", {"badge": "WBB1.none"}).status == 404


@pytest.mark.parametrize(("user", "status"), [([], 422), (["x"], 404)])
def test_badges_of_nobody_are_refused(pages: PageTown, user: list[str], status: int) -> None:
    assert supervisor_of(pages).send("/devices/badges", {"user": user}).status == status


def test_a_weak_pin_is_refused_and_another_one_set(pages: PageTown) -> None:
    supervisor = supervisor_of(pages)
    tablet = tablet_of(pages, supervisor)
    badge, _ = badges_made(pages, supervisor)
    holder = str(pages.town.register.users["loader"].user_id)

    supervisor.open("/devices").send("/devices/pins", {"holder": holder, "pin": "123456"})
    refused = (supervisor.status, "不能是连号" in supervisor.text)
    supervisor.send("/devices/pins", {"holder": holder, "pin": "482915"})

    assert (refused, "482915" in supervisor.text) == ((422, True), True)
    assert tablet.sign_on(badge, "482915").status_code == 201


def test_a_withdrawn_badge_lets_nobody_sign_on(pages: PageTown) -> None:
    supervisor = supervisor_of(pages)
    tablet = tablet_of(pages, supervisor)
    badge, pin = badges_made(pages, supervisor)
    user_id = pages.town.register.users["loader"].user_id

    supervisor.send(f"/devices/badges/{user_id}/withdrawal", {})

    assert (supervisor.status, tablet.sign_on(badge, pin).status_code) == (200, 401)


def test_oversight_sees_the_tablets_and_keeps_none(pages: PageTown) -> None:
    tablet_of(pages, supervisor_of(pages))

    auditor = pages.user("auditor", english=True).open("/devices")

    assert ("3 号位" in auditor.text, "Revoke" in auditor.text) == (True, False)
    assert "<form" not in auditor.html.split("<main", 1)[1]
