"""A line that breaks, a full disk, a paper that expired, a server that disowns the tablet."""

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.harness import typing_scanner
from tests.harness.cutting_proxy import Cut, Cutting, cutting_line
from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.public_site import chromium
from tests.harness.stories import gross_mass_kg
from tests.harness.tablet_hands import TabletHands
from tests.harness.tablet_offline import OfflineHands, forget_tablets, rows_of
from tests.harness.tablet_site import Done, TabletSite, cards_of, tablet_site
from waybill.clock import FixedClock
from waybill.registry.offline import RecordState

pytestmark = pytest.mark.browser

LANDSCAPE: ViewportSize = {"width": 1280, "height": 800}
SEEDS = range(int(os.environ.get("WAYBILL_TABLET_CUTS", "1")))
"""Each seed cuts every kind of write at another byte; `make faults-long` takes many."""
WRITES = ("/api/v1/checks", "/api/v1/tablet/records", "/api/v1/tablet/photos")
KINDS = {
    "checks", "scans", "plates", "presences", "consent", "answers", "photos", "decision", "release",
}  # fmt: skip
PHOTOS = {"photos"}
NO_ROOM_AT_THE_END = """(() => {
  globalThis.noRoom = false
  const put = IDBObjectStore.prototype.put
  const open = new Map()
  IDBObjectStore.prototype.put = function (...given) {
    const asked = put.apply(this, given)
    const { transaction } = this
    if (!globalThis.noRoom) return asked
    open.set(transaction, (open.get(transaction) ?? 0) + 1)
    asked.addEventListener('success', () => {
      open.set(transaction, open.get(transaction) - 1)
      if (open.get(transaction) > 0) return
      const error = new DOMException('no room', 'QuotaExceededError')
      Object.defineProperty(transaction, 'error', { get: () => error })
      transaction.abort()
    })
    return asked
  }
})()"""
"""Every write of a transaction succeeds, and then it finds no room on the disk."""


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
def context(browser: Browser, site: TabletSite) -> Iterator[BrowserContext]:
    """A tablet's browser, by the server's clock."""
    made = browser.new_context(viewport=LANDSCAPE, locale="zh-CN")
    site.set_clock(made)
    made.set_default_timeout(30_000)
    yield made
    made.close()


def at_work(site: TabletSite, page: Page) -> TabletHands:
    hands = TabletHands(site=site, page=page)
    hands.enrol()
    hands.sign_on()
    return hands


def twice(done: Sequence[Done]) -> list[tuple[str, str]]:
    """Return what stands in the log more than once."""
    told = Counter((each.kind, each.what) for each in done)
    return [each for each, times in told.items() if times > 1]


# The server is left with half a picture, in a file of its own without a name.
@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("cut", list(Cut))
def test_a_line_that_breaks_within_every_write_loses_and_doubles_nothing(
    site: TabletSite, context: BrowserContext, cut: Cut, seed: int
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    cutting = Cutting(cut=cut, chance=random.Random(seed), paths=WRITES)  # noqa: S311  no secret
    with cutting_line(site.address, cutting) as address:
        hands = at_work(replace(site, address=address), context.new_page())
        cutting.on = True

        hands.open(trip, alone=True)
        hands.check_all(trip, alone=True)
        # Whether a photo is asked of this trip is drawn by chance.
        unasked = set() if hands.page.locator(".strip button", has_text="照片").count() else PHOTOS
        hands.expect_all_sent()
        hands.decide()
        hands.expect_word("准装")
        hands.expect_all_sent()
        quantity = trip.case.quantity_kg
        hands.load(quantity, gross_mass_kg(trip.case, quantity))
        expect(hands.page.locator(".word")).to_have_text("放行", timeout=20_000)
        hands.expect_all_sent()

    assert cutting.done.keys() >= KINDS - unasked
    assert all(at < length for at, length in cutting.done.values())
    ended = trip.ended()
    assert (ended.status, ended.releases) == ("released", 1)
    assert [cleared for cleared, _ in ended.decisions] == [True]
    done = site.done_at_tablets(trip)
    assert twice(done) == []
    kinds = Counter(each.kind for each in done)
    assert (kinds["check-opened"], kinds["code-scanned"]) == (1, len(cards_of(trip)))


def test_what_finds_no_room_when_it_is_written_is_told_and_not_claimed(
    site: TabletSite, context: BrowserContext
) -> None:
    trip = site.town.issue("petrol")
    trip.report_position()
    context.add_init_script(NO_ROOM_AT_THE_END)
    hands = at_work(site, context.new_page())
    hands.open(trip)
    vehicle, trailer = cards_of(trip)[:2]

    hands.page.evaluate("noRoom = true")
    typing_scanner.scan(hands.page, vehicle)
    expect(hands.page.locator(".problem")).to_contain_text("平板存储空间已满，此操作没有记录")
    expect(hands.page.locator(".strip .step.passed", has_text="车辆")).to_have_count(0)
    hands.page.evaluate("noRoom = false")

    hands.show(trailer)
    # The same code is read again only after it was out of sight for a while.
    hands.page.wait_for_timeout(2_200)
    hands.show(vehicle)
    hands.expect_met("车辆")
    hands.expect_all_sent()
    kinds = Counter(each.kind for each in site.done_at_tablets(trip))
    assert kinds == {"check-opened": 1, "code-scanned": 2}


def test_a_driver_whose_qualification_expired_reads_it_in_english(
    site: TabletSite, context: BrowserContext
) -> None:
    trip = site.town.issue("driver-expired")
    trip.report_position()
    hands = at_work(site, context.new_page())
    hands.open(trip)
    for card in cards_of(trip):
        hands.show(card)

    hands.decide_as_it_is()
    hands.expect_word("不准装")
    hands.press("转向驾驶人")
    hands.press("English")

    shown = hands.page.locator(".for-driver[lang=en]")
    expect(shown.locator(".word")).to_have_text("Refused")
    expect(shown).to_contain_text("qualification")
    expect(shown).to_contain_text("expired")
    assert [cleared for cleared, _ in trip.ended().decisions] == [False]


def test_a_revoked_tablet_tells_what_it_never_sent_and_forgets_everything(
    site: TabletSite, context: BrowserContext
) -> None:
    hands = OfflineHands(site=site, page=context.new_page())
    trip = site.town.issue("petrol")
    trip.report_position()
    hands.begin()
    hands.cut()
    hands.open_here(trip)
    hands.show(trip.vehicle_card())
    kept = hands.stored
    supervisor = site.town.account("supervisor")
    [device] = supervisor.get("/devices")["items"]
    supervisor.post(f"/devices/{device['id']}/revocation", {"reason": "丢失"})

    hands.page.context.set_offline(offline=False)

    expect(hands.page.get_by_role("heading", name="本平板已停用")).to_be_visible()
    assert {place: count for place, (count, _) in kept.items() if count} == {
        "device": 3, "people": 2, "kept": 1, "checks": 1, "acts": 2,
    }  # fmt: skip
    expect(hands.page.locator(".revoked")).not_to_contain_text("正在上传")
    private = (trip.case.tractor, trip.read()["summary"]["number"], "loader", "supervisor")
    assert not [word for word in private for _, text in kept.values() if word in text]
    for _ in range(2):
        left = hands.stored
        assert {place: count for place, (count, _) in left.items() if count} == {"device": 1}
        assert '"revoked":true' in left["device"][1]
        hands.page.reload()
        expect(hands.page.get_by_role("heading", name="本平板已停用")).to_be_visible()
    typing_scanner.scan(hands.page, trip.qr_text)
    expect(hands.page.locator(".strip, .arrival-list, .people")).to_have_count(0)
    rows = rows_of(site, trip)
    [told] = rows.records
    assert (told.state, told.cleared, told.case_id) == (RecordState.REFUSED, None, None)
    assert "device-revoked" in told.problems
    assert (rows.checks, rows.clearances) == (0, 0)
    assert trip.status == "issued"


def test_a_tablet_that_the_server_has_forgotten_is_enrolled_again_and_sends(
    site: TabletSite, context: BrowserContext
) -> None:
    hands = OfflineHands(site=site, page=context.new_page())
    trip = site.town.issue("petrol")
    trip.report_position()
    hands.begin()
    hands.cut()
    hands.open_here(trip)
    hands.show(trip.vehicle_card())
    forget_tablets(site)

    hands.page.context.set_offline(offline=False)
    expect(hands.page.get_by_role("heading", name="服务器不认识本平板")).to_be_visible()
    assert hands.stored["acts"][0] >= hands.unsent > 0
    hands.page.locator("#code").fill(site.enrolment_code("3 号位"))
    hands.page.keyboard.press("Enter")
    hands.page.locator(".tile").first.click()
    hands.expect_sent()

    [told] = rows_of(site, trip).records
    # Nobody is known to have been signed on: nothing of it is judged.
    assert (told.state, told.cleared, told.case_id) == (RecordState.CONTRADICTED, None, None)
    assert "session-unknown" in told.problems
    assert trip.status == "issued"
