"""The public page in a real browser: the code of a release."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.harness.public_site import chromium, phone, public_site, trust
from tests.harness.sealed_codes import NOW, NOW_S, code_of, trusted
from waybill.clock import FixedClock
from waybill.codec import JsonValue
from waybill.sealing.keys import jwks_document

pytestmark = pytest.mark.browser

OWN_KEYS: JsonValue = jwks_document(trusted().keys)
RELEASED_S: Final = NOW_S - 60
RELEASE: Final[dict[str, JsonValue]] = {
    "knd": "release",
    "jti": "01a21acdb3d47c5b8f3e9bed2ce7ea49",
    "rev": 1,
    "num": "3208654321202611220001123X",
    "rel": RELEASED_S,
    "iss": "demo",
    "iat": NOW_S,
    "nbf": RELEASED_S,
    "exp": NOW_S + 3600,
    "veh": "苏H12345",
    "trl": None,
    "gds": [["1203", "II", 27900, "kg"]],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application."""
    with public_site(tmp_path_factory.mktemp("site"), FixedClock(NOW)) as address:
        yield address


@pytest.fixture
def page() -> Iterator[Page]:
    """A Chinese phone whose clock stands at the moment of the vectors."""
    with chromium() as browser, phone(browser) as context:
        opened = context.new_page()
        opened.clock.set_fixed_time(NOW)
        yield opened


def open_code(page: Page, site: str, text: str) -> None:
    page.goto(f"{site}/q#{text.partition('#')[2]}")
    page.wait_for_selector('[data-code-page]:not([data-state="reading"])')


def state(page: Page) -> str | None:
    return page.locator("[data-code-page]").get_attribute("data-state")


def test_a_release_says_when_which_waybill_and_which_vehicle(page: Page, site: str) -> None:
    trust(page, OWN_KEYS)

    open_code(page, site, code_of(RELEASE))

    assert state(page) == "verified"
    assert "放行" in page.locator(".verdict:visible").inner_text()
    assert page.locator('[data-part="number"]').inner_text() == "3208654321202611220001123X"
    assert page.locator('[data-part="released-at"]').inner_text()
    assert "苏H" in page.locator('[data-part="plates"]').inner_text()


def test_a_release_that_was_signed_before_it_happened_is_refused(page: Page, site: str) -> None:
    trust(page, OWN_KEYS)

    open_code(page, site, code_of({**RELEASE, "iat": RELEASED_S - 1}))

    assert state(page) == "failed"
