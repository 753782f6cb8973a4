"""Plays the README's two stories on a running demonstration and takes its pictures.

Start `make demo`, then `python -m tests.harness.pictures http://127.0.0.1:8000 docs/pictures`.
Everything is done as a person would: signing in, pasting codes from the page of codes, typing what
is on the plates, pressing the buttons.
"""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.harness.chromium import chromium_path, launch_arguments
from waybill.clock import SHANGHAI, SystemClock

PASSWORD = "waybill-demo"
TABLET = {"width": 1024, "height": 768}
DESK = {"width": 1280, "height": 900}
CODES_OF_A_CASE = 6


class Visitor:
    """Somebody signed in, on a screen of their own."""

    def __init__(self, browser: Browser, base: str, folder: Path, size: dict[str, int]) -> None:
        context = browser.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.base = base
        self._folder = folder

    def sign_in(self, username: str) -> "Visitor":
        """Sign in through the page."""
        self.page.goto(f"{self.base}/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        with self.page.expect_navigation():
            self.page.press("#password", "Enter")
        return self

    def press(self, selector: str) -> None:
        """Press a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def picture(self, name: str, *, whole: bool = False) -> None:
        """Keep what is seen."""
        self.page.screenshot(path=self._folder / f"{name}.png", full_page=whole)


def codes_of(visitor: Visitor, case: str) -> list[str]:
    """Return the texts of a case's codes, with the supervisor's card last."""
    visitor.page.goto(f"{visitor.base}/demo")
    texts: list[str] = visitor.page.locator(f"#{case} textarea").evaluate_all(
        "boxes => boxes.map(box => box.value)"
    )
    supervisor = visitor.page.locator("textarea").first.input_value()
    if len(texts) != CODES_OF_A_CASE:
        raise SystemExit(f"the page of codes shows {len(texts)} codes for {case}")
    return [*texts, supervisor]


def check(loader: Visitor, case: str, plates: dict[str, str]) -> None:
    """Scan every code of a case and answer every question, up to the decision."""
    codes = codes_of(loader, case)
    loader.page.goto(f"{loader.base}/bay")
    if loader.page.url.endswith("/choose"):
        loader.press(".tiles button")
    for text in codes:
        expect(loader.page.locator("#text")).to_be_focused()
        loader.page.keyboard.insert_text(text)
        with loader.page.expect_navigation():
            loader.page.keyboard.press("Enter")
    for unit, plate in plates.items():
        loader.page.fill(f"#{unit}-plate", plate)
        loader.page.select_option(f"[name={unit}-plate_colour]", "yellow")
        loader.press(f"form:has(#{unit}-plate) button")
    for role in ("driver", "escort"):
        loader.press(f"form:has(input[value={role}]) button[value=yes]")
    address = loader.page.url.partition("?")[0]
    loader.page.goto(f"{address}/hand-over")
    say_yes(loader)
    loader.press(".keep button")
    loader.page.goto(address)


def say_yes(visitor: Visitor) -> None:
    """Answer every question of the present page with yes."""
    for button in visitor.page.locator(".asked .yes input").all():
        button.check()


def release(loader: Visitor, quantity_kg: str) -> None:
    """Enter the loading record of a cleared trip and release it."""
    now = SystemClock().now().astimezone(SHANGHAI) + timedelta(seconds=1)
    moment = now.strftime("%Y-%m-%d %H:%M")
    loader.page.goto(loader.page.url.removesuffix("/verdict") + "/release")
    loader.page.fill("[name=lines-1-quantity_kg]", quantity_kg)
    loader.page.fill("[name=seals]", "DEMO-000456")
    loader.page.fill("[name=started_at]", moment)
    loader.page.fill("[name=finished_at]", moment)
    say_yes(loader)
    loader.press("main form button.primary")


def petrol(loader: Visitor) -> None:
    """Play the clean trip from the first code to the release."""
    check(loader, "petrol", {"tractor": "苏H90001", "trailer": "苏H9001挂"})
    loader.picture("petrol-check", whole=True)
    loader.press(".decide button")
    loader.picture("petrol-cleared")
    release(loader, "28500")
    loader.picture("petrol-released")


def methanol(browser: Browser, base: str, folder: Path) -> None:
    """Play the trap: warned at issue, refused at the bay, read by the bureau."""
    carrier = Visitor(browser, base, folder, DESK).sign_in("carrier")
    number = _issue_again(carrier, "甲醇装入仅适装柴油、乙醇的罐体")
    loader = Visitor(browser, base, folder, TABLET).sign_in("loader")
    check(loader, "methanol-trap", {"tractor": "苏H90002", "trailer": "苏H9002挂"})
    loader.press(".decide button")
    loader.picture("methanol-refused")
    loader.picture("bay-refused")
    auditor = Visitor(browser, base, folder, DESK).sign_in("auditor")
    auditor.page.goto(f"{base}/events?number={number}")
    auditor.picture("methanol-events")


def _issue_again(carrier: Visitor, remark: str) -> str:
    """Write the trap's draft once more, ask for its review, and return the issued one's number."""
    api = carrier.page.request
    token = api.post(
        f"{carrier.base}/api/v1/tokens", data={"username": "carrier", "password": PASSWORD}
    ).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    listed = api.get(f"{carrier.base}/api/v1/waybills?limit=50", headers=headers).json()["items"]
    for line in listed:
        found: dict[str, Any] = api.get(
            f"{carrier.base}/api/v1/waybills/{line['id']}", headers=headers
        ).json()
        if line["number"] and found["draft"]["remarks"].endswith(remark):
            draft = found["draft"]
            break
    else:
        raise SystemExit("today's trips do not hold the methanol trap")
    made = api.post(f"{carrier.base}/api/v1/waybills", data=draft, headers=headers).json()
    carrier.page.goto(f"{carrier.base}/waybills/{made['summary']['id']}/edit")
    carrier.press("button.primary[value=check]")
    carrier.page.locator("button[value=save]").scroll_into_view_if_needed()
    carrier.picture("methanol-issue")
    return str(line["number"])


def main(base: str, folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(launch_arguments())
        )
        petrol(Visitor(browser, base, folder, TABLET).sign_in("loader"))
        methanol(browser, base, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
