"""The installation that tablets work with, served, on the day that the tests live in."""

import io
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from PIL import Image
from playwright.sync_api import BrowserContext, Page
from typing_extensions import override

from api.demo.tablets import PINS
from api.runtime import EXTENSION, Runtime
from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite
from tests.harness.page_user import PageTown, page_town
from tests.harness.public_site import serving
from tests.harness.stories import Town, Trip
from waybill.clock import Clock, FixedClock, SystemClock
from waybill.services.devices import make_badge, new_pin
from waybill.storage.session import write_session

_SHIFT: Final = """(shift) => {
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length > 0) super(...given)
      else super(Real.now() + shift)
    }
    static now() { return Real.now() + shift }
  }
}"""


class RunningClock(FixedClock):
    """A clock that is set once and then goes on as every clock does."""

    def __init__(self, start: Clock) -> None:
        super().__init__(start.now())
        self._since = time.monotonic()

    @override
    def now(self) -> datetime:
        return super().now() + timedelta(seconds=time.monotonic() - self._since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something that the log says was done at a tablet; `what` knows no time of day."""

    kind: str
    what: str
    device: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TabletSite:
    """The demonstration's plant with its server, and what its people carry."""

    pages: PageTown
    address: str
    clock: RunningClock
    badges: Mapping[str, str]

    @property
    def town(self) -> Town:
        """The people who work over HTTP."""
        return self.pages.town

    def enrolment_code(self, label: str = "3 号位") -> str:
        """Return a one-time code, made by the supervisor."""
        code: str = self.town.account("supervisor").post(
            "/devices/enrolments",
            {"facility_id": str(self.town.register.facility), "label": label},
        )["code"]
        return code

    def done_at_tablets(self, trip: Trip) -> "list[Done]":
        """Read from the log what was done at tablets about a waybill, oldest first."""
        events = [event["body"] for event in self.town.events_of(trip.id)]
        accounts = {str(u.user_id): name for name, u in self.town.register.users.items()}
        return [
            Done(
                kind=event["kind"],
                what=json.dumps(_timeless(event["data"]), sort_keys=True),
                device=event["device"],
                account=accounts[event["actor"]["user"]],
            )
            for event in events
            if "device" in event
        ]

    def set_clock(self, context: BrowserContext, *, late: timedelta = timedelta(0)) -> None:
        """Let a browser live in the server's time, or `late` after it."""
        ahead = self.clock.now() + late - SystemClock().now()
        context.add_init_script(f"({_SHIFT})({round(ahead.total_seconds() * 1000)})")

    def go(self, page: Page) -> None:
        """Open the tablet's page."""
        page.goto(f"{self.address}/tablet/")


@contextmanager
def tablet_site(databases: Databases, site: DemoSite, clock: Clock) -> Iterator[TabletSite]:
    """Serve the installation over a copy of the site's database."""
    running = RunningClock(clock)
    url = databases.copy(site.url)
    with page_town(site, url, running) as pages, serving(pages.app) as address:
        yield TabletSite(pages=pages, address=address, clock=running, badges=badges_of(pages))
    databases.drop(url)


def badges_of(pages: PageTown) -> dict[str, str]:
    """Make badges for the accounts that work at the bay, and return what their codes say."""
    runtime: Runtime = pages.app.extensions[EXTENSION]
    users = pages.town.register.users
    with write_session(runtime.sessions) as session:
        made = {
            account: make_badge(
                session,
                users["supervisor"],
                users[account].user_id,
                new_pin(pin),
                clock=runtime.clock,
            ).text
            for account, pin in PINS.items()
        }
    return {account: text for account, text in made.items() if text is not None}


def _timeless(data: object) -> object:
    if isinstance(data, Mapping):
        return {name: _timeless(value) for name, value in data.items() if name != "at"}
    return [_timeless(each) for each in data] if isinstance(data, list) else data


def cards_of(trip: Trip) -> list[str]:
    """Return the codes that a trip's people and units carry, the waybill's apart."""
    cards = [trip.vehicle_card(), trip.driver_card(), trip.escort_card()]
    if trip.case.trailer:
        cards.insert(1, trip.vehicle_card(trip.case.trailer))
    if trip.case.tank:
        cards.append(trip.tank_card())
    return cards


def a_picture() -> bytes:
    """Return a photo as a tablet's camera application would give it, and like no other."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", (32, 24), os.urandom(32 * 24 * 3)).save(buffer, "JPEG")
    return buffer.getvalue()
