"""Somebody at a bay tablet without network, and what the server has of it afterwards."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import expect
from sqlalchemy import delete, select
from typing_extensions import override

from api.runtime import EXTENSION, Runtime
from tests.harness import typing_scanner
from tests.harness.stories import Trip
from tests.harness.tablet_hands import LAST, SENDING_MS, TabletHands
from tests.harness.tablet_site import TabletSite
from waybill.registry.offline import RecordState
from waybill.storage.devices import BaySessionRow, DeviceEnrolmentRow, DeviceRow
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.identity import RefreshTokenRow
from waybill.storage.offline import OfflineItemRow, OfflineRecordRow
from waybill.storage.registry import FacilityRow
from waybill.storage.session import write_session
from waybill.storage.waybills import ClearanceRow, LoadingCheckRow

JUDGED_HERE: Final = "本机离线判定"
_COUNT: Final = re.compile(r"未上传 (\d+)")
_INSTALLED: Final = """async () => {
  await navigator.serviceWorker.ready
  while (!navigator.serviceWorker.controller) await new Promise((go) => setTimeout(go, 20))
}"""

_STORED: Final = """async () => {
  const opened = await new Promise((go) => {
    const asked = indexedDB.open('waybill-tablet')
    asked.onsuccess = () => go(asked.result)
  })
  const bytes = (_, value) => {
    const binary = value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    return binary ? new TextDecoder().decode(value) : value
  }
  const found = {}
  for (const place of opened.objectStoreNames) {
    const asked = opened.transaction(place).objectStore(place).getAll()
    found[place] = await new Promise((go) => { asked.onsuccess = () => go(asked.result) })
  }
  opened.close()
  const text = (rows) => JSON.stringify(rows, bytes)
  return Object.entries(found).map(([place, rows]) => [place, rows.length, text(rows)])
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineHands(TabletHands):
    """A tablet whose people signed on with a network and go on without one."""

    def begin(self, label: str = "3 号位") -> None:
        """Enrol the tablet and let supervisor and loader sign on, with network."""
        self.enrol(label)
        self.sign_on("supervisor")
        self.page.get_by_role("button", name="锁定").click()
        expect(self.page.get_by_role("heading", name="已锁定")).to_be_visible()
        self.show_badge("loader")
        expect(self.page.locator(".arrival-list li").first).to_be_visible()
        self.page.evaluate(_INSTALLED)

    def cut(self) -> None:
        """Take the network away."""
        self.page.context.set_offline(offline=True)

    def restart(self) -> None:
        """Start the tablet anew, as after its battery was empty."""
        self.page.reload()
        expect(self.page.locator(".arrival-list")).to_be_visible()

    def mend(self) -> None:
        """Give the network back, and wait until all has been sent."""
        self.page.context.set_offline(offline=False)
        self.expect_sent()

    def send_now(self) -> None:
        """Give the network back and send, as somebody does who does not want to wait."""
        self.page.locator(".connection").click()
        self.page.context.set_offline(offline=False)
        # The tablet begins by itself, and where all is sent there is nothing to press any more.
        self.page.get_by_role("button", name="立即上传").click(force=True)
        self.expect_sent()
        self.press("返回")

    def expect_sent(self) -> None:
        """Expect that nothing waits any more."""
        expect(self.page.locator(".connection")).to_contain_text("在线", timeout=SENDING_MS)
        expect(self.page.locator(".connection")).to_contain_text("已全部上传", timeout=SENDING_MS)

    @property
    def stored(self) -> dict[str, tuple[int, str]]:
        """What lies in the browser's database: per place how many rows, and all of it as text."""
        found = self.page.evaluate(_STORED)
        return {place: (count, text) for place, count, text in found}

    @property
    def unsent(self) -> int:
        """How many acts the tablet says that it has not sent."""
        bar = self.page.locator(".connection")
        # While it tries to send, the bar says so instead of the count.
        expect(bar).to_contain_text(_COUNT)
        found = _COUNT.search(bar.text_content() or "")
        return int(found[1]) if found else self.unsent

    def open_here(self, trip: Trip) -> None:
        """Open a check with the waybill's code, by what is kept here."""
        self.press("扫描运单")
        typing_scanner.scan(self.page, trip.qr_text)
        expect(self.page.locator(".strip")).to_be_visible()
        expect(self.page.get_by_role("status", name=LAST)).to_contain_text(JUDGED_HERE)

    @override
    def show(self, text: str) -> None:
        before = self.unsent
        typing_scanner.scan(self.page, text)
        expect(self.page.locator(".connection")).to_contain_text(f"未上传 {before + 1}")
        expect(self.page.get_by_role("status", name=LAST)).to_contain_text(JUDGED_HERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A record as the server keeps it: under which number, and what became of it."""

    number: str
    state: RecordState
    problems: tuple[str, ...]
    cleared: bool | None
    items: int
    case_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the server's tables have of a waybill, in the order in which it came."""

    records: tuple[Arrived, ...]
    checks: int
    clearances: int


def rows_of(site: TabletSite, trip: Trip) -> Rows:
    """Read from the database what it has of a waybill."""
    waybill = str(trip.id)
    runtime: Runtime = site.pages.app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        found = session.scalars(select(OfflineRecordRow).order_by(OfflineRecordRow.id)).all()
        items = list(session.scalars(select(OfflineItemRow.record_id)))
        checks = session.scalars(select(LoadingCheckRow.waybill_id))
        clearances = session.scalars(select(ClearanceRow.waybill_id))
        return Rows(
            records=tuple(
                Arrived(
                    number=row.number,
                    state=row.state,
                    problems=tuple(row.problems),
                    cleared=row.cleared,
                    items=items.count(row.id),
                    case_id=str(row.case_id) if row.case_id else None,
                )
                for row in found
                if str(row.waybill_id) == waybill
            ),
            checks=[str(each) for each in checks].count(waybill),
            clearances=[str(each) for each in clearances].count(waybill),
        )


def forget_tablets(site: TabletSite) -> None:
    """Let the server know of no tablet, as after an older backup of its database was restored."""
    runtime: Runtime = site.pages.app.extensions[EXTENSION]
    families = select(BaySessionRow.family)
    restored = Event(kind=EventKind.FACILITY_CHANGED, at=site.clock.now(), actor=None)
    with write_session(runtime.sessions) as session:
        session.execute(delete(RefreshTokenRow).where(RefreshTokenRow.family.in_(families)))
        for row in (BaySessionRow, DeviceEnrolmentRow, DeviceRow):
            session.execute(delete(row))
        record_event(session, restored)


@contextmanager
def asks_for_consent(site: TabletSite) -> Iterator[None]:
    """Let the plant ask for the supervisor's consent for a while."""
    _ask(site, asked=True)
    yield
    _ask(site, asked=False)


def _ask(site: TabletSite, *, asked: bool) -> None:
    runtime: Runtime = site.pages.app.extensions[EXTENSION]
    changed = Event(kind=EventKind.FACILITY_CHANGED, at=site.clock.now(), actor=None)
    with write_session(runtime.sessions) as session:
        facility = session.get_one(FacilityRow, site.town.register.facility)
        facility.supervisor_consents = asked
        record_event(session, changed)
