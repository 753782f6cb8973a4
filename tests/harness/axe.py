"""What axe-core finds serious on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = frozenset({"serious", "critical"})


def serious_faults(page: Page) -> list[tuple[str, str]]:
    """Return rule and place of everything that axe calls serious or critical."""
    violations = Axe().run(page).response["violations"]
    return [
        (found["id"], node["html"][:120])
        for found in violations
        if found["impact"] in SERIOUS
        for node in found["nodes"]
    ]
