"""Where the system's Chromium is. Nothing is downloaded, and nothing is skipped without it."""

import os
import shutil
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str:
    """Return Chromium's program: the one `WAYBILL_CHROMIUM` names, or the system's.

    Raises:
        FileNotFoundError: there is none; says how to get one.
    """
    named = os.environ.get("WAYBILL_CHROMIUM")
    for name in (named,) if named else NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise FileNotFoundError(
        "The browser tests need Chromium: run `make system-packages` as root, install it with the"
        " system's package manager, or name its program in WAYBILL_CHROMIUM."
    )


def launch_arguments() -> list[str]:
    """Return what Chromium needs to run here: root and small containers lack its sandbox."""
    arguments = ["--disable-dev-shm-usage", "--force-color-profile=srgb", "--lang=zh-CN"]
    return [*arguments, "--no-sandbox"] if os.geteuid() == 0 else arguments
