"""A report being made and a value disclosed, in a real browser: axe, and no overflow."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize
from sqlalchemy import select

from api.runtime import EXTENSION, Runtime
from tests.harness.axe import serious
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, DemoSite, register_site
from tests.harness.page_user import page_town
from tests.harness.public_site import chromium, serving
from tests.harness.sequenced import counted_up
from waybill.clock import FixedClock
from waybill.registry.kinds import SubjectKind
from waybill.services.keys import KeyKeeper
from waybill.services.reports.making import make_reports
from waybill.storage.personal_rows import PersonalHoldingRow
from waybill.storage.session import write_session

pytestmark = pytest.mark.browser
TABLET: ViewportSize = {"width": 820, "height": 1180}


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers; what a browser shows needs one dialect only."""
    made = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


def sign_in(page: Page, address: str) -> None:
    """Sign in as the senior auditor."""
    page.goto(f"{address}/sign-in")
    page.locator("#username").fill("senior-auditor")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def faults(page: Page) -> list[str]:
    """Return what axe finds serious, and whether the page is wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*serious(page), *(["too wide"] if wide else [])]


def test_a_report_is_made_and_a_value_disclosed_on_a_tablet(
    databases: Databases, site: DemoSite, clock: FixedClock
) -> None:
    url = databases.copy(site.url)
    with page_town(site, url, clock) as pages, serving(pages.app) as address, chromium() as browser:
        runtime: Runtime = pages.app.extensions[EXTENSION]
        pages.town.issue("petrol")
        with write_session(runtime.sessions) as session:
            counted_up(session)
            holding = PersonalHoldingRow
            commitment = session.scalars(
                select(holding.commitment).where(holding.holder_kind == SubjectKind.PERSON).limit(1)
            ).one()
        found: dict[str, list[str]] = {}
        context = browser.new_context(viewport=TABLET)
        context.set_default_timeout(30_000)
        page = context.new_page()
        sign_in(page, address)
        page.goto(f"{address}/reports")
        page.locator("#from").fill("2026-11-01")
        page.locator("#until").fill("2026-11-22")
        page.locator("form.sentence button").click()
        page.locator("progress").wait_for()
        found["being made"] = faults(page)
        keys = KeyKeeper(runtime.sessions, runtime.settings.key_dir, clock)
        assert make_reports(runtime.sessions, keys.ring, clock=clock) == 1
        # The page looks again by itself and shows what was made.
        page.locator("progress").wait_for(state="detached")
        page.locator("#made a").first.click()
        page.locator("h1").wait_for()
        found["report"] = faults(page)
        page.goto(f"{address}/personal/values/{commitment}")
        page.locator("#reason").fill("核对运单")
        page.locator("button.primary").click()
        page.locator("pre").wait_for()
        found["value"] = faults(page)
    databases.drop(url)

    assert {place: said for place, said in found.items() if said} == {}
