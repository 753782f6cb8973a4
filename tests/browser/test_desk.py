"""The auditor's desk in a real browser: searches, a trip's story, exports."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from api.runtime import EXTENSION, Runtime
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, DemoSite, register_site
from tests.harness.page_user import PageTown, page_town
from tests.harness.public_site import chromium, serving
from waybill.clock import FixedClock
from waybill.services.desk.export_run import ExportPlace, run_exports

pytestmark = pytest.mark.browser

DESKTOP: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers; what a browser shows needs one dialect only."""
    made = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The installation, served, a browser on the auditor's desk, and the worker beside it."""

    pages: PageTown
    address: str
    page: Page
    place: ExportPlace

    def sign_in(self, username: str) -> None:
        """Sign in through the page."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator("#password").press("Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(f"{self.address}{path}")


@pytest.fixture
def desk(databases: Databases, site: DemoSite, clock: FixedClock, tmp_path: Path) -> Iterator[Desk]:
    """A browser where nobody has signed in."""
    url = databases.copy(site.url)
    with page_town(site, url, clock) as pages, serving(pages.app) as address, chromium() as browser:
        runtime: Runtime = pages.app.extensions[EXTENSION]
        runtime.settings = replace(runtime.settings, exports_dir=tmp_path / "exports")
        place = ExportPlace(
            sessions=runtime.sessions,
            clock=clock,
            folder=tmp_path / "exports",
            key_dir=site.key_dir,
            issuer="demo",
            kept_for=timedelta(days=7),
        )
        context = browser.new_context(viewport=DESKTOP, locale="zh-CN")
        context.set_default_timeout(20_000)
        yield Desk(pages=pages, address=address, page=context.new_page(), place=place)
    databases.drop(url)


def ask_for_export(desk: Desk) -> None:
    """Ask for an export of the page's search, as CSV and as a workbook."""
    page = desk.page
    page.locator("details.ask", has=page.locator("form[action='/exports']")).locator(
        "summary"
    ).click()
    page.locator("input[value=xlsx]").check()
    page.locator("form[action='/exports'] button").click()
    page.wait_for_url("**/exports?**")


def test_a_trip_is_found_by_the_sentence_and_its_story_is_one_click_away(desk: Desk) -> None:
    trip = desk.pages.town.issue("petrol")
    page = desk.page
    desk.sign_in("auditor")
    desk.open("/events")

    page.locator("#kind").select_option("waybill-issued")
    page.locator("#un").fill("1203")
    page.locator("form.sentence button.primary").click()
    page.wait_for_url("**un=1203**")

    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#kind")).to_have_value("waybill-issued")
    page.locator("td.subjects a", has_text="运单").click()
    page.locator("a", has_text="查看全程").click()
    page.wait_for_url(f"**/waybills/{trip.id}/story")
    expect(page.locator(".story > li").first).to_contain_text("起草运单")
    expect(page.locator(".paper")).to_contain_text("签名有效")


def test_a_person_never_comes_into_the_address(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("senior-auditor")
    desk.open("/events")

    page.locator("#id_number").fill("110101199003070011")
    page.locator("form.person button").click()

    page.wait_for_load_state()
    assert page.url == f"{desk.address}/events"


def test_an_export_tells_how_far_it_is_without_a_reload(desk: Desk) -> None:
    page = desk.page
    desk.sign_in("auditor")
    desk.open("/events")
    ask_for_export(desk)
    expect(page.locator("#exports .tag")).to_have_text("等待中")

    run_exports(desk.place)

    expect(page.locator("#exports .tag")).to_have_text("已完成")
    with page.expect_download() as download:
        page.locator("#exports a.button").click()
    assert download.value.suggested_filename.startswith("waybill-export-")
