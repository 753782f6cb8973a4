"""The bay tablet and the real server: a trip from enrolment to release, and what can go wrong."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, ViewportSize, expect

from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.fake_camera import FakeCamera, seeing
from tests.harness.stories import gross_mass_kg
from tests.harness.tablet_hands import TabletHands
from tests.harness.tablet_site import TabletSite, cards_of, tablet_site
from waybill.clock import FixedClock

pytestmark = pytest.mark.browser

KEPT = """async () => {
  const [{ name }] = await indexedDB.databases()
  const database = await new Promise((go) => {
    indexedDB.open(name).onsuccess = ({ target }) => go(target.result)
  })
  const found = {}
  for (const place of database.objectStoreNames) {
    const count = await new Promise((go) => {
      const asked = database.transaction(place).objectStore(place).count()
      asked.onsuccess = () => go(asked.result)
    })
    if (count > 0) found[place] = count
  }
  return found
}"""
LANDSCAPE: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def registered(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers; what a browser shows needs one dialect only."""
    made = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    return FakeCamera(tmp_path_factory.mktemp("camera") / "camera.y4m")


@pytest.fixture(scope="module")
def browser(repository: Path, camera: FakeCamera) -> Iterator[Browser]:
    if not (repository / "api" / "static" / "tablet" / "index.html").exists():
        pytest.skip("the tablet is not built: `make tablet`")
    with seeing(camera) as started:
        yield started


@pytest.fixture
def site(databases: Databases, registered: DemoSite, clock: FixedClock) -> Iterator[TabletSite]:
    with tablet_site(databases, registered, clock) as served:
        yield served


@pytest.fixture
def page(browser: Browser, site: TabletSite) -> Iterator[Page]:
    """A tablet's browser, by the server's clock."""
    context = browser.new_context(viewport=LANDSCAPE, locale="zh-CN", permissions=["camera"])
    site.set_clock(context)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def hands(site: TabletSite, page: Page) -> TabletHands:
    """A tablet that is enrolled, and the loader who has signed on there with a scanner."""
    return at_work(TabletHands(site=site, page=page))


def at_work(hands: TabletHands) -> TabletHands:
    hands.enrol()
    hands.sign_on()
    return hands


def keys_of(page: Page) -> set[str]:
    """Return a set that grows with the key of each act that a page sends."""
    keys: set[str] = set()

    def look(request: Request) -> None:
        key = request.headers.get("idempotency-key")
        if key:
            keys.add(key)

    page.on("request", look)
    return keys


@pytest.mark.parametrize("by", ["scanner", "camera"])
def test_a_trip_is_cleared_loaded_and_released(
    by: str, site: TabletSite, page: Page, camera: FakeCamera
) -> None:
    hands = at_work(TabletHands(site=site, page=page, camera=camera if by == "camera" else None))
    trip = site.town.issue("petrol")
    trip.report_position()
    acts = keys_of(page)

    hands.open(trip)
    hands.check_all(trip)
    hands.decide()
    hands.expect_word("准装")
    quantity = trip.case.quantity_kg
    hands.load(quantity, gross_mass_kg(trip.case, quantity))

    hands.expect_word("放行")
    expect(page.get_by_role("img", name="放行码")).to_be_visible()
    assert trip.status == "released"
    done = site.done_at_tablets(trip)
    assert len({(each.kind, each.what) for each in done}) == len(done) == len(acts)
    assert len({each.device for each in done}) == 1
    assert {each.account for each in done} == {"loader", "supervisor"}


def test_a_refusal_is_cured_and_only_what_failed_is_shown_again(
    hands: TabletHands, site: TabletSite
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    other = site.town.register.people["anda-driver-2"]
    hands.open(trip)
    vehicle, trailer, driver, escort, tank = cards_of(trip)
    wrong = trip.carrier.get(f"/people/{other}/card", role="driver")["qr_text"]
    for card in (vehicle, trailer, wrong, escort, tank):
        hands.show(card)
    hands.see_plates(trip)
    hands.press("扫描")
    hands.decide_as_it_is()
    hands.expect_word("不准装")
    expect(hands.page.locator(".all-reasons")).to_contain_text("驾驶人")
    hands.press("改正后再查")

    expect(hands.page.locator(".step.passed.kept", has_text="车辆")).to_be_visible()
    hands.show(driver)
    hands.see_people()
    hands.answer_everything()
    hands.decide()

    hands.expect_word("准装")
    assert [cleared for cleared, _ in trip.ended().decisions] == [False, True]


def test_a_page_that_is_loaded_anew_or_killed_goes_on_where_it_was(
    hands: TabletHands, site: TabletSite
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    hands.open(trip)
    vehicle, trailer, driver, escort, tank = cards_of(trip)
    hands.show(vehicle)
    hands.show(trailer)

    hands.page.reload()
    hands.resume()
    hands.show(driver)
    again = replace(hands, page=hands.page.context.new_page())
    hands.page.close()
    site.go(again.page)
    again.resume()
    for card in (escort, tank):
        again.show(card)
    again.see_people()
    again.see_plates(trip)
    again.answer_everything()
    again.decide()

    again.expect_word("准装")
    done = site.done_at_tablets(trip)
    assert len({(each.kind, each.what) for each in done}) == len(done)


def cut(page: Page, when: str) -> None:
    """Cut the network once for every kind of act, before the server hears of it or after."""
    seen: set[str] = set()

    def meet(route: Route) -> None:
        request = route.request
        kind = request.url.partition("?")[0].rpartition("/")[2]
        if request.method == "GET" or kind in seen:
            route.continue_()
            return
        seen.add(kind)
        if when == "the answer is lost":
            route.fetch()
        route.abort()

    page.route("**/api/v1/checks**", meet)
    page.route("**/api/v1/checks/**", meet)
    page.route("**/api/v1/tablet/records", meet)


@pytest.mark.parametrize("when", ["nothing arrives", "the answer is lost"])
def test_a_network_that_is_cut_at_every_step_loses_and_doubles_nothing(
    when: str, site: TabletSite, page: Page
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    hands = at_work(TabletHands(site=site, page=page))
    cut(page, when)

    hands.open(trip, alone=True)
    hands.check_all(trip, alone=True)
    hands.decide()
    hands.expect_word("准装")

    hands.expect_all_sent()
    assert trip.status == "cleared"
    assert [cleared for cleared, _ in trip.ended().decisions] == [True]
    done = site.done_at_tablets(trip)
    assert len({(each.kind, each.what) for each in done}) == len(done)


def test_six_codes_and_the_verdict_cost_the_server_and_the_tablet_little(
    hands: TabletHands, site: TabletSite
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    took_s = timed(lambda: hands.open(trip))
    took_s += sum(timed(partial(hands.show, card)) for card in cards_of(trip))
    hands.see_people()
    hands.see_plates(trip)
    hands.answer_everything()
    took_s += timed(hands.decide)

    sys.stdout.write(f"\nsix codes and the verdict: {took_s:.2f} s\n")
    hands.expect_word("准装")


def timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
