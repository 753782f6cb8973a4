"""The statistics in a real browser: bars that lead to exactly their rows, by mouse and keyboard."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from api.runtime import EXTENSION, Runtime
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, REGISTERED_AT, DemoSite, register_site
from tests.harness.page_user import page_town
from tests.harness.public_site import chromium, serving
from tests.harness.sequenced import counted_up
from waybill.clock import FixedClock
from waybill.services.patterns.finding import look_for_patterns
from waybill.storage.session import write_session

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1280, "height": 900}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An installation with a day's refusals, and a browser."""

    address: str
    browser: Browser

    def auditor(self) -> Page:
        """Return a page of an auditor who has signed in."""
        context = self.browser.new_context(viewport=DESK, locale="zh-CN")
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": "lang", "value": "zh", "url": self.address}])
        page = context.new_page()
        page.goto(f"{self.address}/sign-in")
        page.fill("#username", "auditor")
        page.fill("#password", PASSWORD)
        with page.expect_navigation():
            page.press("#password", "Enter")
        return page


@pytest.fixture(scope="module")
def served(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Four checks, three of them refused for a tank; what a browser shows needs one dialect."""
    site: DemoSite = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    clock = FixedClock(REGISTERED_AT)
    with page_town(site, site.url, clock) as made:
        for case in ("methanol-trap", "methanol-trap", "methanol-trap", "petrol"):
            made.town.open_check(made.town.issue(case).qr_text).decide()
        runtime: Runtime = made.app.extensions[EXTENSION]
        with write_session(runtime.sessions) as session:
            counted_up(session)
            look_for_patterns(session, clock=clock)
        with serving(made.app) as address, chromium() as browser:
            yield Served(address=address, browser=browser)
    databases.drop(site.url)


@pytest.mark.parametrize("plot", ["checks", "carriers", "plants", "rules", "hours", "offline"])
def test_a_bar_leads_to_exactly_the_rows_it_says(served: Served, plot: str) -> None:
    page = served.auditor()
    page.goto(f"{served.address}/statistics")
    bar = page.locator(f"#{plot} svg.plot a").last
    said = re.search(r"([0-9]+)$", bar.get_attribute("aria-label") or "")
    assert said is not None

    with page.expect_navigation():
        bar.locator("rect").click()

    rows = page.locator("table tbody a[href^='/events/0']")
    expect(rows).to_have_count(int(said[1]))


def test_bars_are_reached_and_followed_by_keyboard(served: Served) -> None:
    page = served.auditor()
    page.goto(f"{served.address}/statistics")
    bar = page.locator("#carriers svg.plot a").first
    page.locator("#rules summary").focus()

    page.keyboard.press("Tab")

    expect(bar).to_be_focused()
    drawn = bar.locator("rect").evaluate("e => parseFloat(getComputedStyle(e).strokeWidth)")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert drawn >= 3
    assert "organisation=" in page.url


def test_every_plot_has_its_table(served: Served) -> None:
    page = served.auditor()
    page.goto(f"{served.address}/statistics")
    section = page.locator("#carriers")

    section.locator("summary").click()

    expect(section.locator("tbody a")).to_have_text("4")
