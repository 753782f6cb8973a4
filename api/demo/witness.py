"""A witness beside the demonstration, so that its checkpoints are cosigned.

On one machine and in one hand it proves nothing; it shows what an authority's own would do.
"""

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine

from waybill.clock import Clock
from waybill.errors import WaybillError
from waybill.sequencing import Sequencing
from waybill.services.log.sequencer import LogTerms
from waybill.services.log.serving import find_identity, key_lines
from waybill.settings import Settings
from waybill.storage.session import read_session, session_factory
from waybill.transparency.errors import TransparencyError
from waybill.witness.key import load_key, make_key
from waybill.worker import leadership

NAME: Final = "demo-witness"
CONFIGURATION: Final = "witness.toml"
LOGGER: Final = logging.getLogger("waybill.demo")


class DemoWitness(NamedTuple):
    """Where the witness keeps its things, and the port it answers at."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Where it shows what it knows of the log."""
        return f"http://127.0.0.1:{self.port}/logs"

    @property
    def listed(self) -> Path:
        """The list of witnesses that names it, for `WAYBILL_WITNESSES`."""
        return self.folder / "witnesses.toml"

    def prepare(self, engine: Engine, settings: Settings, *, log_url: str, clock: Clock) -> bool:
        """Open the log and write what the witness needs; its key and memory stay from before.

        Return whether it can be started: a log that is not what it signed is left to be seen.
        """
        sessions = session_factory(engine)
        try:
            with leadership(engine) as leads:
                if leads:
                    terms = LogTerms.of(settings)
                    Sequencing(sessions=sessions, terms=terms, clock=clock).all()
            with read_session(sessions) as session:
                origin, keys = find_identity(session).origin, key_lines(session).splitlines()
        except (TransparencyError, WaybillError) as error:
            LOGGER.critical("the log is not witnessed: %s", error)
            return False
        self._write(origin, keys, log_url)
        return True

    def start(self) -> None:
        """Start it; it ends with this process, also when this one becomes the server."""
        program = "from api.cli import main; main()"
        arguments = ["--config", str(self.folder / CONFIGURATION)]
        arguments += ["--listen", f"127.0.0.1:{self.port}", "--beside", str(os.getpid())]
        command = [sys.executable, "-c", program, "witness", "serve", *arguments]
        subprocess.Popen(command, close_fds=True)  # noqa: S603  our own program, no shell

    def _write(self, origin: str, keys: Sequence[str], log_url: str) -> None:
        self.folder.mkdir(exist_ok=True, mode=0o700)
        key = self.folder / "witness.key"
        signer = load_key(key) if key.exists() else make_key(key, NAME)
        quoted = ", ".join(f'"{line}"' for line in keys)
        (self.folder / CONFIGURATION).write_text(
            'key = "witness.key"\nstore = "witness.sqlite3"\nlook_every_s = 30\n\n'
            f'[[log]]\norigin = "{origin}"\nkeys = [{quoted}]\nurl = "{log_url}"\n'
        )
        self.listed.write_text(
            f'quorum = 1\n\n[[witness]]\nurl = "http://127.0.0.1:{self.port}"\n'
            f'keys = ["{signer.verifier.text()}"]\n'
        )


def free_port() -> int:
    """Return a port of this machine that nobody uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
