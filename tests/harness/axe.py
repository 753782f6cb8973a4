"""What axe-core finds serious on a page that is open in a browser."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE: Final = frozenset({"serious", "critical"})
_RUN: Final = (
    "axe.run({resultTypes: ['violations'], preload: false, iframes: false})"
    ".then(results => results.violations)"
)


def send_axe(page: Page) -> None:
    """Put axe into the page as it was loaded; it stays until the next one is."""
    # Axe is injected by the browser's own debugger, which the page's policy does not bind.
    page.evaluate(Axe().axe_script)


def serious_now(page: Page) -> list[str]:
    """Return what `serious` does, of a page into which axe was put."""
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in found
        if violation["impact"] in GRAVE
    ]


def serious(page: Page) -> list[str]:
    """Return the serious and critical violations, each with the first element that has it."""
    send_axe(page)
    return serious_now(page)
