"""What axe-core finds serious on a page that is open in a browser."""

from collections.abc import Sequence
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

GRAVE: Final = frozenset({"serious", "critical"})
SIZE_RULES: Final = ("color-contrast", "scrollable-region-focusable", "target-size")
"""What can be another on the same page at another size."""
WCAG: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The rules of the standard, without those that axe's authors only recommend."""
_RUN: Final = """async only => {
  const asked = { resultTypes: ["violations"], preload: false, iframes: false, elementRef: false };
  if (only.length) asked.runOnly = only;
  const { violations } = await axe.run(asked);
  return violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes[0].html }));
}"""


def bring_axe(context: BrowserContext) -> None:
    """Let every page of a browser's session have axe from the start, which is sent once."""
    # A browser's own scripts are not bound by the policy of a page.
    context.add_init_script(Axe().axe_script)


def serious_now(page: Page, only: Sequence[str] = ()) -> list[str]:
    """Return what `serious` does, of a page that has axe: by all rules, or some (ids or tags)."""
    found: list[dict[str, Any]] = page.evaluate(_RUN, list(only))
    return [f"{each['id']}: {each['html'][:120]}" for each in found if each["impact"] in GRAVE]


def serious(page: Page) -> list[str]:
    """Return the serious and critical violations, each with the first element that has it."""
    page.evaluate(Axe().axe_script)
    return serious_now(page)
