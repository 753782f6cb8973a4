"""The bay tablet's screens in their scripted states, built and served for a browser.

The states are written in `scanners/tablet/src/ui/fixture`: no server and no camera stand behind
them, so that every state can be shown, also those that are hard to reach.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final

from playwright.sync_api import Page
from typing_extensions import override

from api.tablet_files import POLICY

TABLET: Final = Path(__file__).resolve().parents[2] / "scanners" / "tablet"


class TabletNotInstalledError(Exception):
    """What builds the tablet is missing."""


def build_screens(folder: Path) -> Path:
    """Build the page of all states into a folder and return it.

    Raises:
        TabletNotInstalledError: node or the tablet's modules are missing.
    """
    beside = Path(sys.executable).with_name("node")
    node = str(beside) if beside.exists() else shutil.which("node")
    vite = TABLET / "node_modules" / "vite" / "bin" / "vite.js"
    if node is None or not vite.exists():
        raise TabletNotInstalledError("Run `make tablet` once: it installs what builds the tablet.")
    environment = os.environ | {"WAYBILL_UI_BUILD": str(folder)}
    subprocess.run(
        [node, str(vite), "build", "--config", "vite.ui.config.ts", "--logLevel", "error"],
        cwd=TABLET,
        env=environment,
        check=True,
    )
    return folder


class _Files(SimpleHTTPRequestHandler):
    """Serves files under the policy of the real tablet."""

    @override
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving_screens(folder: Path) -> Iterator[str]:
    """Serve the page of all states on a free port and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ui.html"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def show(page: Page, state: str, *, training: bool = False, **settings: str | float) -> None:
    """Show a state, drawn to its end; settings are the tablet's own (`language`, `theme` ...)."""
    page.evaluate(
        "([state, settings, training]) => fixture.show(state, settings, training)",
        [state, settings, training],
    )


def state_names(page: Page) -> list[str]:
    """Return the names of all states."""
    names: list[str] = page.evaluate("() => fixture.names")
    return names
