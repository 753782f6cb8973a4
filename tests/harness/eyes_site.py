"""A page with nothing but the tablet's eyes, built and served as the product is."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

from typing_extensions import override

TABLET: Final = Path(__file__).parents[2] / "scanners" / "tablet"
PAGE: Final = "/tablet/dev/eyes.html"
POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self';"
    " style-src 'self'; img-src 'self' blob:; connect-src 'self'; media-src 'self' blob:"
)


def build_eyes(folder: Path) -> None:
    """Build the page into `<folder>/tablet`."""
    vite = TABLET / "node_modules" / "vite" / "bin" / "vite.js"
    # Node comes from a wheel and lies beside Python.
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    node = shutil.which("node", path=places) or "node"
    where = ["--outDir", str(folder / "tablet"), "--emptyOutDir"]
    subprocess.run(
        [node, str(vite), "build", "--config", "dev/vite.config.ts", "--logLevel", "warn", *where],
        cwd=TABLET,
        check=True,
        env=os.environ | {"NODE_ENV": "production"},
    )


@contextmanager
def eyes_site(folder: Path) -> Iterator[str]:
    """Serve a folder in which the page was built, and whatever else is put there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files with the policy that the tablet's own pages have."""

    @override
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def wait_until(true: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait until it is true.

    Playwright's own `wait_for_function` needs `unsafe-eval`, which the tablet's policy forbids.
    """
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            raise AssertionError(f"not true within {seconds:g} s")
        time.sleep(0.02)
