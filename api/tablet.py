"""The tablet's application as it is served here."""

import json
from functools import cache
from pathlib import Path
from typing import Final

MANIFEST: Final = Path(__file__).parent / "static" / "tablet" / "version.json"
"""Written by the application's build: `{"version": "…"}`."""


@cache
def tablet_version() -> str | None:
    """Return the version of the application that was built into this server, `None` without one."""
    try:
        version = json.loads(MANIFEST.read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return version if isinstance(version, str) else None
