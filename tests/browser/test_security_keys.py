"""Second factors in a real browser: a security key (Chromium's own virtual one), and the pages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from api.runtime import EXTENSION, Runtime
from tests.harness.axe import bring_axe, serious_now
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, register_site
from tests.harness.page_user import page_town
from tests.harness.public_site import chromium, serving
from waybill.clock import FixedClock

pytestmark = pytest.mark.browser

SIZES = ((1280, 800), (800, 1280), (390, 844))
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass(frozen=True, slots=True)
class Desk:
    """A browser before the installation, with a security key plugged in."""

    page: Page
    cdp: CDPSession
    key: str
    home: str

    def sign_in(self) -> None:
        self.page.goto(f"{self.home}/sign-in")
        self.page.fill("#username", "auditor")
        self.page.fill("#password", PASSWORD)
        self.page.keyboard.press("Enter")

    def sign_out(self) -> None:
        self.page.goto(f"{self.home}/account")
        self.page.get_by_role("button", name="退出", exact=True).click()

    def credential(self) -> dict[str, Any]:
        told = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.key})
        found: dict[str, Any] = told["credentials"][0]
        return found

    def faults(self) -> list[str]:
        found = []
        for width, height in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            found += serious_now(self.page)
            found += [f"wider than {width}"] if self.page.evaluate(TOO_WIDE) else []
        return found


@pytest.fixture
def context(
    databases: Databases, clock: FixedClock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[BrowserContext, str]]:
    """A browser, and an installation that asks auditors for a second factor."""
    site = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    with page_town(site, site.url, clock) as town, serving(town.app) as address:
        home = address.replace("127.0.0.1", "localhost")
        runtime: Runtime = town.app.extensions[EXTENSION]
        runtime.settings = replace(
            runtime.settings, public_url=home, second_factor_roles=frozenset({"auditor"})
        )
        with chromium() as browser:
            made = browser.new_context(locale="zh-CN")
            made.set_default_timeout(20_000)
            bring_axe(made)
            yield made, home
    databases.drop(site.url)


@pytest.fixture
def desk(context: tuple[BrowserContext, str]) -> Desk:
    """The auditor's desk."""
    made, home = context
    page = made.new_page()
    cdp = made.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made_key = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Desk(page, cdp, str(made_key["authenticatorId"]), home)


def test_a_security_key_is_made_used_and_never_copied(desk: Desk) -> None:
    page, faults = desk.page, dict[str, list[str]]()
    desk.sign_in()
    page.wait_for_url("**/sign-in/second-step?next=/")
    faults["first"] = desk.faults()

    page.fill("#key-name", "办公室 USB 密钥")
    page.keyboard.press("Enter")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    faults["codes"] = desk.faults()
    page.goto(f"{desk.home}/account")
    expect(page.get_by_text("办公室 USB 密钥").first).to_be_visible()
    faults["account"] = desk.faults()

    page.get_by_role("button", name="设置验证器").click()
    expect(page.locator(".told-code svg")).to_be_visible()
    faults["totp"] = desk.faults()

    before = desk.credential()
    desk.sign_out()
    desk.sign_in()
    page.wait_for_url("**/sign-in/second-step?next=/")
    faults["second step"] = desk.faults()
    page.get_by_role("button", name="使用安全密钥").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/events")

    # A copy of the key counts from where it was copied.
    desk.sign_out()
    desk.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": desk.key})
    copied = {"authenticatorId": desk.key, "credential": {**before, "signCount": 1}}
    desk.cdp.send("WebAuthn.addCredential", copied)
    desk.sign_in()
    page.get_by_role("button", name="使用安全密钥").click()
    expect(page.get_by_role("alert").filter(has_text="第二步验证未通过")).to_be_visible()

    # A key that does not verify its user is none.
    verified = {"authenticatorId": desk.key, "isUserVerified": False}
    desk.cdp.send("WebAuthn.setUserVerified", verified)
    page.get_by_role("button", name="使用安全密钥").click()
    expect(page.locator("[data-message]")).to_contain_text("安全密钥未响应")

    assert faults == {name: [] for name in faults}
