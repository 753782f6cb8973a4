"""The public page for those signed in: from the code to waybill and emergency telephone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from api import create_app
from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import PASSWORD, seed_accounts
from tests.harness.line import seed_line
from tests.harness.public_site import chromium, phone, serving, site_settings
from waybill.clock import FixedClock
from waybill.storage.session import write_session

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """An issued petrol trip, the site that issued it, and a phone."""

    page: Page
    address: str
    waybill_id: UUID
    code: str
    emergency_phone: str

    def open_code(self) -> None:
        """Open the public page as a phone's scanner does."""
        self.page.goto(f"{self.address}/q#{self.code.partition('#')[2]}")
        expect(self.page.locator(".verdict:visible")).to_contain_text("已核实")

    def sign_in(self, username: str) -> None:
        """Sign in through the page."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.locator('[name="username"]').fill(username)
        self.page.locator('[name="password"]').fill(PASSWORD)
        self.page.locator('[name="password"]').press("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.fixture
def trip(fresh_database_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Trip]:
    """A waybill in a database of its own, its key published by the site itself."""
    app = create_app(site_settings(fresh_database_url, tmp_path), clock=clock)
    runtime: Runtime = app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        accounts = seed_accounts(session, clock.now())
    line = seed_line(runtime, accounts)
    with write_session(runtime.sessions) as session:
        issued = line.issued(session)
    with serving(app) as address, chromium() as browser, phone(browser) as context:
        page = context.new_page()
        page.clock.set_fixed_time(clock.now())
        yield Trip(
            page=page,
            address=address,
            waybill_id=issued.id,
            code=issued.qr_text,
            emergency_phone=line.yard.draft().emergency_phone,
        )
    runtime.engine.dispose()


def test_the_code_leads_a_stranger_to_the_card_alone(trip: Trip) -> None:
    trip.open_code()

    assert trip.page.get_by_role("link", name="打开运单").count() == 0
    trip.page.get_by_role("link", name="应急卡", exact=True).click()
    expect(trip.page.locator("h1")).to_contain_text("UN 1203")
    assert trip.emergency_phone not in trip.page.content()


def test_the_code_leads_its_carrier_to_waybill_and_telephone(trip: Trip) -> None:
    trip.sign_in("carrier")

    trip.open_code()

    link = trip.page.get_by_role("link", name="打开运单")
    assert link.get_attribute("href") == f"/waybills/{trip.waybill_id}"
    trip.page.get_by_role("link", name="应急卡", exact=True).click()
    expect(trip.page.locator(f'a[href="tel:{trip.emergency_phone}"]')).to_be_visible()
