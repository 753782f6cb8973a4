"""Two tablets of two bays in one browser, against the real server: a trip loaded at both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from api.demo.fleet import BAYS
from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.public_site import chromium
from tests.harness.stories import Trip, gross_mass_kg
from tests.harness.tablet_bays import LINE_KG, issue_two_compartments, written_of
from tests.harness.tablet_hands import TabletHands
from tests.harness.tablet_site import TabletSite, cards_of, tablet_site
from waybill.clock import FixedClock

pytestmark = pytest.mark.browser

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
def browser(repository: Path) -> Iterator[Browser]:
    if not (repository / "api" / "static" / "tablet" / "index.html").exists():
        pytest.skip("the tablet is not built: `make tablet`")
    with chromium() as started:
        yield started


@pytest.fixture
def site(databases: Databases, registered: DemoSite, clock: FixedClock) -> Iterator[TabletSite]:
    with tablet_site(databases, registered, clock) as served:
        yield served


@pytest.fixture
def tablets(browser: Browser, site: TabletSite) -> Iterator[list[TabletHands]]:
    """Tablets of the first and the second bay, each with the loader signed on."""
    contexts = [browser.new_context(viewport=LANDSCAPE, locale="zh-CN") for _ in range(2)]
    hands = []
    for bay, context in enumerate(contexts):
        site.set_clock(context)
        context.set_default_timeout(30_000)
        hands.append(TabletHands(site=site, page=context.new_page()))
        hands[-1].enrol(f"{bay + 1} 号位", bay=bay)
        hands[-1].sign_on()
    yield hands
    for context in contexts:
        context.close()


def check_all(hands: TabletHands, trip: Trip) -> None:
    """Do all that a trip's check asks, and let it be cleared."""
    hands.open(trip)
    hands.check_all(trip)
    hands.decide()
    hands.expect_word("准装")


def fill(hands: TabletHands, **figures: str) -> None:
    """Enter figures by the names of their fields, `_` for the dot."""
    for name, figure in figures.items():
        hands.page.locator(f"[name='{name.removeprefix('line').replace('_', '.')}']").fill(figure)


def lose_the_first_answer(page: Page, what: str) -> None:
    """Let the server do what it is asked, once, and the tablet not hear of it."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(f"**/checks/*/{what}", lose, times=1)


def test_a_trip_is_loaded_at_two_bays_in_turn_and_released_at_the_second(
    tablets: list[TabletHands], site: TabletSite
) -> None:
    first, second = tablets
    trip = issue_two_compartments(site)
    check_all(first, trip)
    # The second bay has not heard of it yet: its scan leads to the same trip, not to another check.
    second.press("扫描运单")
    second.hold(trip.qr_text)
    expect(second.page.get_by_role("heading", name=f"到达 {BAYS[1]}")).to_be_visible()
    second.press("待装车辆")
    first.press("填写装货记录")
    plan = first.page.get_by_role("region", name="在哪个车位装什么")
    plan.get_by_role("group", name="2 仓").get_by_role("button", name="到别的车位装").click()
    fill(first, line1_quantityKg=str(LINE_KG), seal_0="P-0001")
    lose_the_first_answer(first.page, "loading-parts")
    first.press(f"记录并转到 {BAYS[1]}")
    expect(plan).to_contain_text("本车位的记录尚未上传")
    expect(first.page.get_by_role("heading", name="待装车辆")).to_be_visible()
    expect(first.page.locator(".arrival").first).to_contain_text(f"{BAYS[0]} → {BAYS[1]}")

    second.press("更新")
    coming = second.page.locator(".arrival.comes-here")
    expect(coming).to_contain_text("转到本车位，待装 1 项")
    coming.click()
    expect(second.page.get_by_role("heading", name=f"到达 {BAYS[1]}")).to_be_visible()
    arrive = second.page.get_by_role("button", name="逐项确认，在此装货")
    expect(arrive).to_be_disabled()
    second.say_yes()
    lose_the_first_answer(second.page, "bays")
    arrive.click()
    expect(second.page.get_by_text("收到答复前不得装货")).to_be_visible()
    expect(second.page.get_by_role("heading", name="装货记录")).to_be_visible()
    expect(second.page.locator(".plan")).to_contain_text(f"{BAYS[0]}已装 14,000 kg")
    fill(
        second,
        line2_quantityKg=str(LINE_KG),
        seal_0="L-0002",
        grossMassKg=gross_mass_kg(trip.case, 2 * LINE_KG),
    )
    second.say_yes()
    second.press("提交并判定放行")

    second.expect_word("放行")
    expect(second.page.get_by_role("img", name="放行码")).to_be_visible()
    assert trip.status == "released"
    written = written_of(site, trip)
    assert written.checks == ["aborted", "released"]
    assert written.loaded == [(1, str(LINE_KG), 0), (2, str(LINE_KG), 1)]
    counted = {kind: written.evidence[kind] for kind in ("bay_arrival", "loading_part", "loading")}
    assert counted == {"bay_arrival": 1, "loading_part": 2, "loading": 1}
    done = site.done_at_tablets(trip)
    assert len({(each.kind, each.what) for each in done}) == len(done)
    assert len({each.device for each in done}) == 2


def test_a_check_refused_at_another_tablet_of_the_bay_is_gone_on_with(
    site: TabletSite, tablets: list[TabletHands]
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    first, other = tablets
    first.open(trip)
    vehicle, trailer, *others = cards_of(trip)
    for card in (vehicle, trailer):
        first.show(card)
    first.decide_as_it_is()
    first.expect_word("不准装")
    move(other)

    other.press("扫描运单")
    # A picture in which the browser finds no code goes to the server.
    with other.page.expect_response("**/api/v1/pictures") as read:
        other.choose_picture()
    assert (read.value.status, read.value.json()["texts"]) == (200, [])
    other.hold(trip.qr_text)
    expect(other.page.get_by_role("heading", name="这张运单之前查验过")).to_be_visible()
    other.press("继续之前的查验")
    expect(other.page.locator(".step.passed.kept", has_text="车辆")).to_be_visible()
    for card in others:
        other.show(card)
    other.see_people()
    other.see_plates(trip)
    other.answer_everything()
    other.decide()

    other.expect_word("准装")
    other.expect_all_sent()
    assert written_of(site, trip).checks == ["aborted", "cleared"]
    assert [cleared for cleared, _ in trip.ended().decisions] == [False, True]


def move(hands: TabletHands) -> None:
    """Carry a tablet to the first bay."""
    hands.press("菜单")
    hands.page.get_by_role("button", name="换车位").click()
    hands.page.locator(".tile").first.click()
    expect(hands.page.get_by_role("heading", name="待装车辆")).to_be_visible()
