"""The authority acts, in a real browser: a case, four eyes, and a bay that refuses at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.harness.bay_steps import look_at_everything
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, DemoSite, register_site
from tests.harness.page_user import PageTown, page_town
from tests.harness.public_site import chromium, serving
from waybill.clock import FixedClock

pytestmark = pytest.mark.browser

DESKTOP: ViewportSize = {"width": 1366, "height": 900}


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers; what a browser shows needs one dialect only."""
    made = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The installation, served, and a browser in which several people sign in."""

    pages: PageTown
    address: str
    browser: Browser

    def sign_in(self, username: str) -> Page:
        """Return a page of a session of its own."""
        context = self.browser.new_context(viewport=DESKTOP, locale="zh-CN")
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"{self.address}/sign-in")
        page.locator("#username").fill(username)
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page


@pytest.fixture
def authority(databases: Databases, site: DemoSite, clock: FixedClock) -> Iterator[Authority]:
    """The installation and a browser, where nobody has signed in."""
    url = databases.copy(site.url)
    with page_town(site, url, clock) as pages, serving(pages.app) as address, chromium() as browser:
        yield Authority(pages=pages, address=address, browser=browser)
    databases.drop(url)


def press(page: Page, selector: str) -> None:
    """Press a button that leads to another page."""
    with page.expect_navigation():
        page.locator(selector).click()


def test_a_refused_trip_becomes_a_case_and_a_suspension_that_the_bay_heeds(
    authority: Authority,
) -> None:
    town = authority.pages.town
    refused, following = town.issue("methanol-trap"), town.issue("petrol")
    assert not look_at_everything(refused).decide().clears

    auditor = authority.sign_in("auditor")
    auditor.goto(f"{authority.address}/waybills/{refused.id}")
    press(auditor, "a:has-text('立案')")
    auditor.locator("#matter").select_option("loading")
    auditor.locator("#text").fill("适装介质不含甲醇，仍安排装货")
    press(auditor, "button.primary")
    case = auditor.url.partition("?")[0]
    auditor.locator("#asked").fill("请说明为何安排该罐车")
    press(auditor, "form:has(#asked) button")
    expect(auditor.locator("h1")).to_contain_text("待承运人答复")

    carrier = authority.sign_in("carrier")
    expect(carrier.locator("main")).to_contain_text("待答复的更正要求（1）")
    press(carrier, "section:has-text('待答复的更正要求') a.row-link")
    carrier.locator("#text").fill("派车失误，已改派")
    press(carrier, "button.primary")
    expect(carrier.locator("h1")).to_contain_text("已答复")

    auditor.goto(case)
    expect(auditor.locator("main")).to_contain_text("派车失误，已改派")
    press(auditor, "button:has-text('接受答复')")
    vehicle = town.register.vehicles[following.case.tractor]
    auditor.goto(f"{authority.address}/registry/vehicles/{vehicle}")
    press(auditor, "a:has-text('提出监管措施')")
    auditor.locator("#kind").select_option("suspension")
    for field, text in (
        ("reason", "多次违规安排装货"),
        ("legal_basis", "《道路危险货物运输管理规定》"),
        ("decision_number", "淮交罚 2026-118"),
    ):
        auditor.locator(f"#{field}").fill(text)
    press(auditor, "button.primary")
    expect(auditor.locator(".four-eyes")).to_contain_text("等待批准")
    expect(auditor.locator(".four-eyes")).to_contain_text("未生效")
    at_the_bay = look_at_everything(following)

    senior = authority.sign_in("senior-auditor")
    senior.goto(auditor.url)
    senior.locator("#reason").fill("事实清楚")
    press(senior, "button:has-text('批准，立即生效')")
    expect(senior.locator(".eyes.acts")).to_contain_text("生效中")

    carrier.goto(f"{authority.address}/waybills/{following.id}")
    expect(carrier.locator("#pre-clearance")).to_contain_text("预审有变化")
    assert not at_the_bay.decide().clears
