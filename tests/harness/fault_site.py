"""An installation to be broken: real gunicorn with real workers over a database of its own.

On PostgreSQL the application reaches its database through a network that can be cut.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session, sessionmaker

from api.demo.register import Register
from tests.harness.database_proxy import CuttingProxy
from tests.harness.demo_site import DemoSite
from tests.harness.jumping_clock import CLOCK_FILE, ENTRY, JumpingClock
from tests.harness.sequenced_log import sequencer
from tests.harness.verifying import REPOSITORY
from waybill.sequencing import Sequencing
from waybill.settings import Settings
from waybill.storage.session import make_engine, session_factory

WORKERS: Final = 2
SEED: Final = 20261127
STARTED_WITHIN_S: Final = 60.0
STOPPED_WITHIN_S: Final = 45.0


@dataclass(slots=True, kw_only=True)
class FaultSite:
    """The installation, what serves it, and what breaks it.

    `settings` reach the database directly, for counting; the server and the sequencer go through
    `network` where there is one.
    """

    folder: Path
    settings: Settings
    register: Register
    clock: JumpingClock
    network: CuttingProxy | None
    port: int
    sessions: sessionmaker[Session]
    workers_wanted: int = WORKERS
    engines: list[Engine]
    server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def served_url(self) -> str:
        """The database as server and sequencer reach it."""
        url = make_url(self.settings.database_url)
        if self.network is not None:
            url = url.set(port=self.network.port)
        return url.render_as_string(hide_password=False)

    def start(self) -> None:
        """Serve, and return when it answers."""
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [*gunicorn, ENTRY],
                cwd=REPOSITORY,
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_served()

    def wait_until_served(self) -> None:
        """Wait until the server answers.

        Raises:
            RuntimeError: it does not; the server's last words are in the message.
        """
        until = time.monotonic() + STARTED_WITHIN_S
        while time.monotonic() < until:
            if self.is_alive():
                return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "server.log").read_text()[-3000:])

    def is_alive(self, path: str = "/healthz") -> bool:
        """Return whether a request is answered well within a second."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """Return the processes that answer requests."""
        if self.server is None:
            return []
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        return [int(number) for number in children.read_text().split()]

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Stop the server, as its service manager does or harder."""
        if self.server is None:
            return
        if how == signal.SIGKILL:
            os.killpg(self.server.pid, how)
        else:
            self.server.send_signal(how)
        self.server.wait(STOPPED_WITHIN_S)
        self.server = None

    def sequencer(self) -> Sequencing:
        """Return a sequencer with connections of its own."""
        engine = make_engine(self.served_url)
        self.engines.append(engine)
        return sequencer(session_factory(engine), self.settings.key_dir, self.clock)

    def _environment(self) -> dict[str, str]:
        told = {
            "WAYBILL_DATABASE_URL": self.served_url,
            "WAYBILL_SECRET_KEY": self.settings.secret_key,
            "WAYBILL_PII_KEY": urlsafe_b64encode(self.settings.pii_key).decode(),
            "WAYBILL_PII_INDEX_KEY": urlsafe_b64encode(self.settings.pii_index_key).decode(),
            "WAYBILL_KEY_DIR": str(self.settings.key_dir),
            "WAYBILL_EXPORTS_DIR": str(self.settings.exports_dir),
            "WAYBILL_ISSUER": self.settings.issuer,
            "WAYBILL_PUBLIC_URL": self.settings.public_url,
            "WAYBILL_SECOND_FACTOR_ROLES": "none",
            "WAYBILL_WORKERS": str(self.workers_wanted),
            "PORT": str(self.port),
            CLOCK_FILE: str(self.folder / "clock"),
        }
        return {**os.environ, "PYTHONPATH": str(REPOSITORY), **told}


@contextmanager
def fault_site(
    site: DemoSite, url: str, folder: Path, *, workers: int = WORKERS
) -> Iterator[FaultSite]:
    """Serve a copy of the demonstration's plant, to the end of the block."""
    parsed = make_url(url)
    network = None
    if parsed.port is not None:
        network = CuttingProxy(target=parsed.port, seed=SEED)
    clock = JumpingClock(folder / "clock")
    clock.set_off(timedelta())
    engine = make_engine(url)
    made = FaultSite(
        folder=folder,
        settings=site.settings(url),
        register=site.register,
        clock=clock,
        network=network,
        port=_free_port(),
        sessions=session_factory(engine),
        workers_wanted=workers,
        engines=[engine],
    )
    try:
        made.start()
        yield made
    finally:
        made.stop(signal.SIGKILL)
        if network is not None:
            network.stop()
        for each in made.engines:
            each.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
