"""Takes the pictures of the bay tablet for the documents, each step in both orientations.

`python -m tests.harness.tablet_pictures docs/pictures/tablet` shows the scripted states of
`scanners/tablet/src/ui/fixture` and needs neither a server nor a camera. Run `make tablet` before.
"""

import io
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page

from tests.harness.public_site import chromium
from tests.harness.tablet_screens import build_screens, serving_screens, show

STEPS: Final = {
    "01-enrol": "enrol",
    "02-bay": "bay",
    "03-sign-on": "sign_on",
    "04-arrivals": "arrivals",
    "05-arrivals-offline": "arrivals_offline",
    "06-scan": "scan_passed",
    "07-scan-not-met": "scan_failed",
    "08-scan-not-proven": "scan_unknown",
    "09-number": "number",
    "10-plate": "plate",
    "11-people": "people",
    "12-signs": "signs",
    "13-list": "closing_list",
    "14-plant-items": "plant_items",
    "15-photos": "photos",
    "16-cleared": "cleared",
    "17-refused": "refused",
    "18-refused-for-the-driver": "refused_driver",
    "19-not-proven": "not_proven",
    "20-loading": "loading",
    "21-released": "released",
    "22-unsent": "unsent",
    "23-judged-otherwise": "contradictions",
    "24-training": "scan_training",
    "25-arrivals-of-the-next-bay": "arrivals_under_way",
    "26-loading-at-two-bays": "loading_part",
    "27-arrived-at-the-next-bay": "arrive",
    "28-loading-the-rest": "loading_last",
    "29-refused-before": "earlier",
    "30-card-without-its-holder": "scan_missing",
    "31-not-known-to-the-server": "unknown",
    "32-revoked": "revoked",
    "33-waiting-for-the-release": "release_waiting",
    "34-release-refused": "release_refused",
}
SIZES: Final = ((1280, 800), (800, 1280))
LANGUAGES: Final = ("zh", "en")
THEMES: Final = ("light", "dark")
SHARE: Final = 0.75
"""Of the screen's own pixels: text of 16 px stays readable, and the whole set small."""
QUALITY: Final = 42


def take(page: Page, folder: Path) -> int:
    """Take every picture and return how many bytes they have together."""
    total = 0
    for (width, height), language, theme in product(SIZES, LANGUAGES, THEMES):
        page.set_viewport_size({"width": width, "height": height})
        for name, state in STEPS.items():
            show(page, state, language=language, theme=theme)
            # The drawn scene reaches the video element a few frames later.
            page.wait_for_timeout(300 if page.locator("video").count() else 30)
            seen = Image.open(io.BytesIO(page.screenshot()))
            smaller = (round(width * SHARE), round(height * SHARE))
            path = folder / f"{name}-{width}x{height}-{language}-{theme}.webp"
            seen.convert("RGB").resize(smaller, Image.Resampling.LANCZOS).save(
                path, quality=QUALITY, method=6
            )
            total += path.stat().st_size
    return total


def main(folder: Path) -> None:
    """Build the screens, show each and keep its picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as build,
        serving_screens(build_screens(Path(build))) as address,
        chromium() as browser,
    ):
        page = browser.new_page(locale="zh-CN")
        page.goto(address)
        page.wait_for_selector("[data-ready]", state="attached")
        total = take(page, folder)
    sys.stdout.write(f"{len(list(folder.glob('*.webp')))} pictures, {total / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
