"""An installation served by gunicorn as `deploy/gunicorn.conf.py` says, in processes of its own."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
COMMAND: Final = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:application")
# The shell's own number becomes gunicorn's, as service managers hand a socket over.
WITH_SOCKET: Final = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
START_LIMIT_S: Final = 60.0
STOP_LIMIT_S: Final = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running server; `journal` is where its lines go."""

    process: subprocess.Popen[bytes]
    port: int
    journal: Path

    def stop(self) -> int:
        """Ask it to end what it has begun and stop; return its exit code."""
        self.process.terminate()
        return self.process.wait(STOP_LIMIT_S)


@contextmanager
def listening() -> Iterator[socket.socket]:
    """Give a listening socket, as a service manager holds it."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        held.listen(256)
        yield held


def start(held: socket.socket, environ: Mapping[str, str], journal: Path) -> Served:
    """Start a server on a socket that stays ours, and wait until it answers."""
    shell = ["/bin/sh", "-c", WITH_SOCKET, "sh", sys.executable, *COMMAND]
    with journal.open("ab") as output:
        process = subprocess.Popen(
            shell,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # The first descriptor a service manager hands over is the third.
            preexec_fn=lambda: os.dup2(held.fileno(), 3),  # noqa: PLW1509  no thread is started here
            pass_fds=(3,),
        )
    served = Served(process=process, port=held.getsockname()[1], journal=journal)
    wait_until_alive(served)
    return served


def wait_until_alive(served: Served) -> None:
    """Wait for the first answer.

    Raises:
        AssertionError: it ended or took too long; holds its last words.
    """
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit and served.process.poll() is None:
        try:
            if ask(served.port, "/healthz", timeout_s=5) == HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise AssertionError(served.journal.read_text()[-2000:])


def ask(port: int, path: str, *, timeout_s: float = 30) -> int:
    """Ask on a connection of its own, read the whole answer, and return its status.

    Raises:
        OSError: the connection was refused or cut.
        http.client.HTTPException: the answer was cut.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
