"""Every page there is, in a real browser: for everybody, at every size, in both languages.

The pages are those of the URL map, so that a new one cannot be forgotten.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from api.auth import SESSION_COOKIE
from api.pages.bay import BAY_COOKIE
from tests.harness.axe import SIZE_RULES, WCAG, bring_axe, serious_now
from tests.harness.databases import Databases
from tests.harness.demo_site import REGISTERED_AT, register_site
from tests.harness.every_page import Places, SeenPage, busy_town, find_pages
from tests.harness.page_user import HTML, PageTown
from tests.harness.public_site import chromium, serving
from tests.harness.web_scan import header_faults, page_faults
from waybill.clock import FixedClock

pytestmark = pytest.mark.browser

DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 800}
TABLET: Final[ViewportSize] = {"width": 800, "height": 1280}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
NOT_PAGES: Final = {
    "/bay/checks/<uuid:check_id>/slip.pdf": "a file",
    "/cards.pdf": "a file",
    "/exports/<uuid:export_id>/file": "a file",
    "/healthz": "for programs",
    "/metrics": "for programs",
    "/presence-tags/<uuid:facility_id>/tags.pdf": "a file",
    "/readyz": "for programs",
    "/reports/<uuid:report_id>/report.json": "a file",
    "/reports/<uuid:report_id>/report.jws": "a file",
    "/reports/<uuid:report_id>/report.pdf": "a file",
    "/reports/<uuid:report_id>/report.xlsx": "a file",
    "/sign-in/second-step": "half way in; its own test visits it",
    "/sign-in/sso/<provider_id>/callback": "from a provider to a page",
    "/waybills/goods": "a part of a page, for its script",
    "/waybills/<uuid:waybill_id>/print.pdf": "a file",
    "/waybills/<uuid:waybill_id>/receipt.zip": "a file",
    "/waybills/<uuid:waybill_id>/story/photos/<uuid:check_id>/<sha256>": "a picture",
}
"""What answers a GET and is no page, and why."""
TOO_WIDE: Final = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


class Visitor:
    """A browser in which each account has a tab, and what was found wrong."""

    def __init__(self, browser: Browser, address: str, places: Places) -> None:
        self._browser, self._address, self._places = browser, address, places
        self._tabs: dict[tuple[str, str], Page] = {}

    def open(self, place: SeenPage, language: str) -> Page:
        """Open a page as the account that may see it."""
        key = (place.username, language)
        if key not in self._tabs:
            self._tabs[key] = self._tab(*key)
        page = self._tabs[key]
        answer = page.goto(f"{self._address}{place.address}", wait_until="load")
        if answer is None or not answer.ok:
            raise AssertionError(place)
        return page

    def _tab(self, username: str, language: str) -> Page:
        size = PHONE if language == "en" else DESKTOP
        context = self._browser.new_context(locale="zh-CN", viewport=size)
        context.set_default_timeout(20_000)
        bring_axe(context)
        client = self._places.users[username].client
        kept = {name: client.get_cookie(name) for name in (SESSION_COOKIE, BAY_COOKIE)}
        held = {name: cookie.value for name, cookie in kept.items() if cookie} | {"lang": language}
        context.add_cookies(
            [{"name": name, "value": value, "url": self._address} for name, value in held.items()]
        )
        return context.new_page()


def faults(page: Page, size: ViewportSize, rules: Sequence[str] = ()) -> list[str]:
    """Return what is wrong with an open page at a size."""
    if page.viewport_size != size:
        page.set_viewport_size(size)
    wide = [f"wider than {size['width']}"] if page.evaluate(TOO_WIDE) else []
    return [*serious_now(page, rules), *wide]


@pytest.fixture(scope="module")
def pages(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageTown]:
    """A busy installation; what a browser shows needs one dialect only."""
    site = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    with busy_town(site, site.url, FixedClock(REGISTERED_AT)) as made:
        yield made
    databases.drop(site.url)


@pytest.fixture(scope="module")
def places(pages: PageTown) -> Places:
    """Where the pages of the installation are."""
    return find_pages(pages)


def test_a_page_that_nobody_can_visit_is_named_with_its_reason(places: Places) -> None:
    assert places.unseen == set(NOT_PAGES)


def test_every_page_keeps_to_itself(places: Places) -> None:
    found: dict[str, list[str]] = {}
    for place in places.pages:
        answer = places.users[place.username].client.get(place.address, headers=HTML)
        found[f"{place.username} {place.address}"] = [*header_faults(answer), *page_faults(answer)]

    assert {where: said for where, said in found.items() if said} == {}


def test_every_page_is_for_everybody_and_fits(pages: PageTown, places: Places) -> None:
    # What a page links is fetched once and not asked for again with each page.
    pages.app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    found: dict[str, list[str]] = {}

    with serving(pages.app) as address, chromium() as browser:
        visitor = Visitor(browser, address, places)
        for place in places.pages:
            where = f"{place.username} {place.address}"
            page = visitor.open(place, "zh")
            found[f"desktop {where}"] = faults(page, DESKTOP)
            found[f"tablet {where}"] = faults(page, TABLET, SIZE_RULES)
            found[f"phone {where}"] = faults(visitor.open(place, "en"), PHONE, WCAG)

    assert {where: said for where, said in found.items() if said} == {}
