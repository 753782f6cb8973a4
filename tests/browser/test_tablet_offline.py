"""Tablets without network, against the real server: what they keep, decide, and send afterwards."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from tests.harness import typing_scanner
from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.public_site import chromium
from tests.harness.tablet_offline import OfflineHands, asks_for_consent, rows_of
from tests.harness.tablet_site import TabletSite, cards_of, tablet_site
from waybill.clock import FixedClock
from waybill.registry.offline import RecordState
from waybill.services.checks.told import LATE

pytestmark = pytest.mark.browser

LANDSCAPE: ViewportSize = {"width": 1280, "height": 800}
NO_ROOM = """(() => {
  globalThis.noRoom = false
  const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function (...given) {
    if (globalThis.noRoom) throw new DOMException('no room', 'QuotaExceededError')
    return put.apply(this, given)
  }
})()"""
LOOK_FOR_NEXT = """async () => {
  const found = await navigator.serviceWorker.getRegistration('/tablet/')
  await found.update()
  while (!found.waiting) await new Promise((go) => setTimeout(go, 20))
}"""
CACHES = "() => caches.keys()"
ONLY_NEXT = """async () => {
  while ((await caches.keys()).join() !== 'waybill-tablet-next')
    await new Promise((go) => setTimeout(go, 20))
}"""


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
def contexts(browser: Browser, site: TabletSite) -> Iterator[list[BrowserContext]]:
    """Two tablets' browsers, by the server's clock."""
    made = [browser.new_context(viewport=LANDSCAPE, locale="zh-CN") for _ in range(2)]
    for context in made:
        site.set_clock(context)
        context.set_default_timeout(30_000)
    yield made
    for context in made:
        context.close()


@pytest.fixture
def built(repository: Path, tmp_path: Path, site: TabletSite) -> Path:
    """A copy of the build that the site serves and that a test may change."""
    folder = shutil.copytree(repository / "api/static/tablet", tmp_path / "static" / "tablet")
    site.pages.app.static_folder = str(folder.parent)
    return folder


@pytest.fixture
def hands(site: TabletSite, contexts: list[BrowserContext]) -> OfflineHands:
    """A tablet that is not enrolled yet."""
    return OfflineHands(site=site, page=contexts[0].new_page())


def test_what_is_cleared_without_network_is_judged_again_and_cleared_once(
    site: TabletSite, hands: OfflineHands
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    hands.begin()

    hands.cut()
    hands.restart()
    expect(hands.page.locator(".arrival-list li")).to_have_count(1)
    expect(hands.page.locator(".banners")).to_contain_text("离线")
    hands.open_here(trip)
    hands.check_all(trip)
    hands.decide()
    hands.expect_word("准装")
    expect(hands.page.locator(".word-about")).to_contain_text("本机离线判定")
    expect(hands.page.locator(".connection")).to_contain_text("离线")
    waiting, before = hands.unsent, trip.status
    hands.send_now()

    expect(hands.page.get_by_role("button", name="提交并判定放行")).to_be_visible()
    assert waiting > 0
    assert (before, trip.status) == ("issued", "cleared")
    rows = rows_of(site, trip)
    [record] = rows.records
    assert (record.state, record.problems, record.cleared) == (RecordState.ACCEPTED, (), True)
    assert (rows.checks, rows.clearances) == (1, 1)
    done = site.done_at_tablets(trip)
    kinds = Counter(each.kind for each in done)
    assert (kinds["check-opened"], kinds["offline-record-received"]) == (1, 1)
    assert (kinds["code-scanned"], kinds["check-decided"]) == (len(cards_of(trip)), 1)
    assert len({(each.kind, each.what) for each in done}) == len(done)
    assert len({each.device for each in done}) == 1
    # Photos that the draw asks for come after the record that names them.
    apart = ("check-opened", "offline-record-received", "offline-photo-received")
    told = [each for each in done if each.kind not in apart]
    assert all(
        f'"offline": true, "offline_record": "{record.number}"' in each.what for each in told
    )


def test_of_two_tablets_that_cleared_one_waybill_one_is_contradicted(
    site: TabletSite, contexts: list[BrowserContext]
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    first, second = (OfflineHands(site=site, page=each.new_page()) for each in contexts)
    for hands, label in ((first, "3 号位"), (second, "4 号位")):
        hands.begin(label)
        hands.cut()
        hands.open_here(trip)
        hands.check_all(trip)
        hands.decide()
        hands.expect_word("准装")

    first.mend()
    second.mend()

    first.expect_word("准装")
    second.expect_word("不准装")
    rows = rows_of(site, trip)
    [ours, theirs] = rows.records
    assert (ours.state, ours.cleared, ours.case_id) == (RecordState.ACCEPTED, True, None)
    assert (theirs.state, theirs.cleared) == (RecordState.CONTRADICTED, False)
    assert theirs.problems == ("cleared-elsewhere",)
    assert (trip.status, rows.clearances) == ("cleared", 1)
    second.page.get_by_role("button", name="查看").click()
    card = second.page.locator(".card", has_text=theirs.number)
    expect(card).to_contain_text("该运单已由另一次查验准装或放行")
    assert card.get_by_role("link").get_attribute("href") == f"/cases/{theirs.case_id}"
    expect(first.page.get_by_text("记录与服务器判定不同")).to_have_count(0)
    auditor = site.pages.user("auditor")
    assert f"/cases/{theirs.case_id}" in auditor.open("/cases").html
    case = auditor.open(f"/cases/{theirs.case_id}").text
    assert theirs.number in case
    assert "该运单已由另一次查验准装或放行" in case
    done = site.done_at_tablets(trip)
    assert len({each.device for each in done}) == 2
    kinds = Counter(each.kind for each in done)
    assert kinds["offline-record-received"] == 2


def test_what_finds_no_room_is_refused_and_what_was_kept_stays(
    site: TabletSite, contexts: list[BrowserContext]
) -> None:
    contexts[0].add_init_script(NO_ROOM)
    hands = OfflineHands(site=site, page=contexts[0].new_page())
    trip = site.town.issue("petrol")
    trip.report_position()
    vehicle, trailer, driver = cards_of(trip)[:3]
    hands.begin()
    hands.cut()
    hands.open_here(trip)
    hands.show(vehicle)
    hands.show(trailer)

    hands.page.evaluate("noRoom = true")
    typing_scanner.scan(hands.page, driver)

    expect(hands.page.locator(".problem")).to_contain_text("平板存储空间已满，此操作没有记录")
    expect(hands.page.locator(".problem")).to_contain_text("已保存的内容没有丢失")
    expect(hands.page.locator(".banners")).to_contain_text("存储空间不足")
    assert hands.unsent == 3
    hands.restart()
    hands.page.locator(".arrival-list button").first.click()
    for step in ("车辆", "挂车"):
        hands.expect_met(step)
    assert hands.unsent == 3
    hands.show(driver)
    hands.send_now()
    rows = rows_of(site, trip)
    assert (rows.records, rows.checks, rows.clearances) == ((), 1, 0)
    done = site.done_at_tablets(trip)
    assert Counter(each.kind for each in done) == {"check-opened": 1, "code-scanned": 3}
    assert len({each.what for each in done}) == 4


def test_an_update_waits_until_everything_is_sent_and_no_check_is_open(
    site: TabletSite, hands: OfflineHands, built: Path
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    hands.begin()
    [old] = hands.page.evaluate(CACHES)
    worker = built / "worker.js"
    worker.write_text(worker.read_text().replace(old.removeprefix("waybill-tablet-"), "next"))
    hands.page.evaluate(LOOK_FOR_NEXT)

    hands.cut()
    hands.open_here(trip)
    hands.show(trip.vehicle_card())
    ask_for_update(hands)
    expect(hands.page.locator(".problem")).to_contain_text("还有未上传的内容或未结束的查验")
    hands.press("返回")
    hands.mend()
    ask_for_update(hands)
    expect(hands.page.locator(".problem")).to_contain_text("还有未上传的内容或未结束的查验")
    assert set(hands.page.evaluate(CACHES)) == {old, "waybill-tablet-next"}
    hands.press("返回")
    hands.press("中止查验")
    hands.press("车辆已离开，未装货")
    hands.press("中止")
    expect(hands.page.get_by_role("button", name="中止查验")).to_have_count(0)
    hands.expect_sent()
    with hands.page.expect_event("load"):
        ask_for_update(hands)

    hands.page.evaluate(ONLY_NEXT)
    expect(hands.page.get_by_role("heading", name="待装车辆")).to_be_visible()
    expect(hands.page.locator(".connection")).to_contain_text("已全部上传")
    done = site.done_at_tablets(trip)
    kinds = Counter(each.kind for each in done)
    assert kinds == {"check-opened": 1, "code-scanned": 1, "check-aborted": 1}


def ask_for_update(hands: OfflineHands) -> None:
    hands.page.get_by_role("button", name="菜单").click()
    hands.press("设备状况")
    hands.press("更新")


def test_a_plant_that_asks_for_a_consent_is_cleared_by_it_alone(
    site: TabletSite, hands: OfflineHands
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    with asks_for_consent(site):
        hands.begin()
        hands.cut()
        hands.open_here(trip)
        begun_at = site.clock.now()
        hands.check_all(trip)
        # The supervisor agreed before plates and answers were seen.
        hands.decide_as_it_is()
        hands.expect_word("未能核实")
        expect(hands.page.get_by_text("需装卸管理人员再次同意").first).to_be_visible()
        hands.press("改正后再查")
        hands.to_step("驾驶人")
        hands.press("装卸管理人员同意")
        hands.badge_and_pin("supervisor")
        hands.expect_met("装卸管理")
        hands.decide()
        hands.expect_word("准装")
        # People take longer. What is told sooner was begun as it came in, after the consent.
        left = begun_at + LATE + timedelta(seconds=1) - site.clock.now()
        hands.page.wait_for_timeout(max(0, left.total_seconds() * 1000))
        hands.mend()

    first, last = rows_of(site, trip).records
    assert (first.state, first.cleared) == (RecordState.ACCEPTED, False)
    assert (last.state, last.cleared) == (RecordState.ACCEPTED, True)
    assert trip.status == "cleared"
