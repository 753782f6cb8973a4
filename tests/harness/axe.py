"""What axe-core finds serious on a page that is open in a browser."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE: Final = frozenset({"serious", "critical"})


def serious(page: Page) -> list[str]:
    """Return the serious and critical violations, each with the first element that has it."""
    # Axe is injected by the browser's own debugger, which the page's policy does not bind.
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in found
        if violation["impact"] in GRAVE
    ]
