"""An event is verified in a real browser, and what was altered is not."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select, text

from api.runtime import EXTENSION, Runtime
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, DemoSite, register_site
from tests.harness.page_user import page_town
from tests.harness.public_site import chromium, serving
from tests.harness.sequenced_log import sequencer
from waybill.clock import FixedClock
from waybill.sequencing import Sequencing
from waybill.services.log.keys import add_log_key
from waybill.storage.log import EventRow, LogKeyRow

pytestmark = pytest.mark.browser

VERIFIED = "核验通过"
REFUSED = "核验未通过"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An auditor's browser on the page of an event, over a log that a sequencer keeps."""

    page: Page
    address: str
    log: Sequencing
    event_id: UUID

    def open(self) -> None:
        """Go to the page of the event."""
        self.page.goto(f"{self.address}/events/{self.event_id}")

    def verify(self) -> str:
        """Press the button and return how it went."""
        self.page.locator("[data-proof] button").click()
        section = self.page.locator("[data-proof]:not([data-state=working])[data-state]")
        expect(section).to_be_visible()
        return section.get_attribute("data-state") or ""

    @property
    def said(self) -> str:
        """What the page says."""
        return self.page.locator("[data-proof] [role=status]").inner_text()


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers; what a browser computes needs one dialect only."""
    made = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


def make_key_with_a_plus(log: Sequencing) -> None:
    """Make a key whose text has more pluses than those between its parts."""
    found = False
    while not found:
        with log.sessions() as session:
            add_log_key(session, None, log.terms.key_dir, clock=log.clock)
            public_key = session.scalars(select(LogKeyRow.public_key)).one()
            found = b"+" in base64.b64encode(b"\x01" + public_key)
            if found:
                session.commit()


@pytest.fixture
def desk(databases: Databases, site: DemoSite, clock: FixedClock, tmp_path: Path) -> Iterator[Desk]:
    """An auditor who has signed in."""
    url = databases.copy(site.url)
    with page_town(site, url, clock) as pages, serving(pages.app) as address, chromium() as browser:
        runtime: Runtime = pages.app.extensions[EXTENSION]
        log = sequencer(runtime.sessions, tmp_path / "keys", clock)
        make_key_with_a_plus(log)
        log.all()
        with runtime.sessions() as session:
            kind = EventRow.kind == "vehicle-registered"
            event_id = session.scalars(select(EventRow.id).where(kind)).first()
        assert event_id is not None
        page = browser.new_context(locale="zh-CN").new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{address}/sign-in")
        page.locator("#username").fill("auditor")
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        page.wait_for_url(lambda there: "sign-in" not in there)
        yield Desk(page=page, address=address, log=log, event_id=event_id)
    databases.drop(url)


def test_an_event_is_verified_and_still_is_when_the_log_has_grown(desk: Desk) -> None:
    desk.open()
    first = desk.verify()
    size = desk.page.locator("[data-part=size]").inner_text()
    desk.log.all()  # looking at the event was an event itself
    second = desk.verify()

    assert (first, second) == ("verified", "verified")
    assert desk.said.endswith("检查点签名有效。")
    assert int(desk.page.locator("[data-part=size]").inner_text()) > int(size)


def test_an_event_altered_in_the_database_fails(desk: Desk) -> None:
    with desk.log.sessions.begin() as session:
        session.execute(text("DROP TRIGGER event_append_only_update"))
        session.execute(
            text("UPDATE event SET body = CAST(replace(body, '\"2026-', '\"2025-') AS BLOB)")
        )
    desk.open()

    assert desk.verify() == "path"
    assert REFUSED in desk.said


def answer_with(old: str, new: str, desk: Desk, address: str) -> None:
    """Let the browser get an answer in which something was replaced on the way."""

    def alter(route: Route) -> None:
        answer = route.fetch()
        altered = answer.text().replace(old, new, 1)
        assert altered != answer.text()
        route.fulfill(response=answer, body=altered)

    desk.page.route(address, alter)


@pytest.mark.parametrize(
    ("old", "new", "address", "state"),
    [
        pytest.param('\\"actor\\"', '\\"actoR\\"', "**/proof", "body", id="the body"),
        pytest.param('"index":', '"index": 1', "**/proof", "path", id="the index"),
        pytest.param("\n— localhost/log ", "\n— elsewhere/log ", "**/checkpoint", "signature",
                     id="who signed"),
        pytest.param("\n\n", "\nmore\n\n", "**/checkpoint", "signature", id="the signed text"),
    ],
)  # fmt: skip
def test_what_is_altered_on_the_way_fails(
    desk: Desk, old: str, new: str, address: str, state: str
) -> None:
    desk.open()
    answer_with(old, new, desk, address)

    assert desk.verify() == state
    assert REFUSED in desk.said


def test_a_page_that_shows_something_else_fails(desk: Desk) -> None:
    desk.open()
    desk.page.locator("[data-shown-body]").evaluate(
        "e => { e.textContent = e.textContent.replace('vehicle', 'vessel'); }"
    )

    assert desk.verify() == "shown"


def test_a_browser_without_ed25519_says_that_the_signature_was_not_checked(desk: Desk) -> None:
    desk.page.add_init_script(
        "const real = crypto.subtle.importKey.bind(crypto.subtle);"
        "crypto.subtle.importKey = (form, key, name, ...rest) => name === 'Ed25519'"
        " ? Promise.reject(new DOMException('', 'NotSupportedError'))"
        " : real(form, key, name, ...rest);"
    )
    desk.open()

    assert desk.verify() == "unsigned"
    assert "签名未核对" in desk.said


def test_what_waits_is_said_to_wait(desk: Desk) -> None:
    desk.open()  # an event of its own
    with desk.log.sessions() as session:
        newest = session.scalars(select(EventRow.id).order_by(EventRow.id.desc())).first()
    desk.page.goto(f"{desk.address}/events/{newest}")

    assert desk.verify() == "pending"
