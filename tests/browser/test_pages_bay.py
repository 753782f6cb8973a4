"""The bay in a real browser: a scanner that types, sizes of tablets, a word to read from afar."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, DemoSite, register_site
from tests.harness.page_user import PageTown, page_town
from tests.harness.public_site import chromium, serving
from tests.harness.stories import Trip
from waybill.clock import FixedClock

pytestmark = pytest.mark.browser

TABLETS = [(1024, 768), (768, 1024), (390, 844)]


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers; what a browser shows needs one dialect only."""
    made = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bay:
    """The installation, served, and a tablet at its first bay."""

    pages: PageTown
    address: str
    page: Page

    def scan(self, text: str) -> None:
        """Let a hardware scanner type a code and press Enter."""
        # A text inserted at once has no keys, by which the page would find the way to the field.
        expect(self.page.locator("#text")).to_be_focused()
        self.page.keyboard.insert_text(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def press(self, selector: str) -> None:
        """Press a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).click()


@pytest.fixture(params=TABLETS, ids=lambda size: f"{size[0]}x{size[1]}")
def bay(
    request: pytest.FixtureRequest, databases: Databases, site: DemoSite, clock: FixedClock
) -> Iterator[Bay]:
    """A tablet at the first bay, signed in."""
    url = databases.copy(site.url)
    with page_town(site, url, clock) as pages, serving(pages.app) as address, chromium() as browser:
        yield Bay(pages=pages, address=address, page=_tablet(browser, request.param, address))
    databases.drop(url)


def _tablet(browser: Browser, size: tuple[int, int], address: str) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.locator("#username").fill("loader")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.locator(".tiles button").first.click()
    page.wait_for_url("**/bay")
    return page


def walk_through(bay: Bay, trip: Trip) -> None:
    """Scan every card and answer every question of a trip."""
    bay.scan(trip.qr_text)
    for card in (
        trip.vehicle_card(),
        trip.vehicle_card(trip.case.trailer),
        trip.tank_card(),
        trip.driver_card(),
        trip.escort_card(),
        trip.town.supervisor_card(),
    ):
        bay.scan(card)
    for unit, plate in (("tractor", trip.case.tractor), ("trailer", trip.case.trailer)):
        bay.page.locator(f"#{unit}-plate").fill(plate)
        bay.page.locator(f"[name={unit}-plate_colour]").select_option("yellow")
        bay.press(f"form:has(#{unit}-plate) button")
    bay.press("form:has(input[value=escort]) button[value=yes]")
    answer_everything(bay)
    bay.press(".decide button")


def answer_everything(bay: Bay) -> None:
    """Go to the hand-over, say yes to all that is asked, and come back."""
    check = bay.page.url.partition("?")[0]
    bay.press(".to-hand-over a")
    for button in bay.page.locator(".asked .yes input").all():
        button.check()
    bay.press(".keep button")
    bay.page.goto(check)


def is_in_sight(page: Page, selector: str) -> bool:
    """Return whether an element lies wholly on the screen, without scrolling."""
    box, size = page.locator(selector).bounding_box(), page.viewport_size
    assert box
    assert size
    return (
        box["x"] >= 0
        and box["x"] + box["width"] <= size["width"]
        and (box["y"] >= 0 and box["y"] + box["height"] <= size["height"])
    )


def small_targets(page: Page) -> list[str]:
    """Return the targets of the work itself that a glove would miss."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('main button, main a.button, main select,'
            + ' main input:not([type=hidden]):not(.unseen), main .strip a, main label.button')]
          .filter(e => e.offsetParent && e.getBoundingClientRect().height < 60)
          .map(e => e.outerHTML.slice(0, 90))"""
    )
    return found


def test_a_refusal_fills_the_screen_and_nothing_is_too_small(bay: Bay, tmp_path: Path) -> None:
    trip = bay.pages.town.issue("methanol-trap")
    bay.page.reload()
    assert small_targets(bay.page) == []

    bay.scan(trip.qr_text)
    assert small_targets(bay.page) == []
    bay.page.goto(f"{bay.address}/bay")
    walk_through(bay, trip)

    word = bay.page.locator(".word")
    expect(word).to_have_text("不准装")
    assert float(word.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 72
    assert is_in_sight(bay.page, ".word")
    expect(bay.page.locator(".reasons")).to_contain_text("没有 UN 1230")
    assert small_targets(bay.page) == []
    width = bay.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0
    bay.page.screenshot(path=tmp_path / "refused.png", full_page=True)


def test_the_hand_over_shows_the_signs_and_a_glove_answers_it(bay: Bay) -> None:
    bay.scan(bay.pages.town.issue("petrol").qr_text)

    bay.press(".to-hand-over a")

    assert small_targets(bay.page) == []
    assert bay.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(bay.page.locator(".sign.orange svg")).to_be_visible()
    expect(bay.page.locator(".sign.diamond svg")).to_be_visible()
    bay.page.locator("#answer-no_leak .no input").check()
    bay.press(".keep button")
    expect(bay.page.locator("#answer-no_leak")).to_have_class("asked failed")
    assert small_targets(bay.page) == []


def test_a_clean_trip_is_cleared_and_the_screen_turns_for_the_driver(bay: Bay) -> None:
    trip = bay.pages.town.issue("petrol")
    bay.page.reload()

    walk_through(bay, trip)

    expect(bay.page.locator(".word")).to_have_text("准装")
    bay.page.locator("label[for=turn]").click()
    turned = bay.page.locator(".turning").evaluate("e => getComputedStyle(e).transform")
    assert turned.startswith("matrix(-1,")
