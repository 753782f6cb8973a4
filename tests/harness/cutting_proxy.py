"""A line between browser and server that breaks in the middle of a request or of its answer.

It passes bytes on as they are. The first request of each kind of write is cut: either after a share
of the request's own bytes, which the server then never has whole, or the server has it, and the
answer is cut after a share of its bytes. Both ends then see a connection that was reset.
"""

import random
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock, Thread
from typing import Final
from urllib.parse import urlsplit

_RESET: Final = struct.pack("ii", 1, 0)
"""To linger for no time at all: closing sends a reset instead of an orderly end."""
_AT_ONCE: Final = 65_536
_PATIENCE_S: Final = 20


class Cut(StrEnum):
    """What is cut in its middle."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass(slots=True, kw_only=True)
class Cutting:
    """What is cut, and what was: per kind of write, after how many bytes of how many."""

    cut: Cut
    chance: random.Random
    paths: tuple[str, ...]
    done: dict[str, tuple[int, int]] = field(default_factory=dict)
    on: bool = False
    _lock: Lock = field(default_factory=Lock)

    def takes(self, method: str, path: str) -> str | None:
        """Return the kind of a write that is to be cut, `None` for what is left alone."""
        kind = path.partition("?")[0].rpartition("/")[2]
        kind = "<sha256>" if len(kind) == 64 else kind
        meant = self.on and method != "GET" and path.startswith(self.paths)
        with self._lock:
            if not meant or kind in self.done:
                return None
            self.done[kind] = (0, 0)
        return kind

    def after(self, kind: str, length: int) -> int:
        """Return after how many bytes to cut, at least before the last; notes it."""
        at = self.chance.randrange(length)
        self.done[kind] = (at, length)
        return at


@contextmanager
def cutting_line(address: str, cutting: Cutting) -> Iterator[str]:
    """Give an address at which the server of another one is reached, until the line is cut."""
    server = urlsplit(address)
    listening = socket.create_server(("127.0.0.1", 0))
    upstream = (str(server.hostname), int(server.port or 80))

    def accept() -> None:
        while True:
            try:
                browser, _ = listening.accept()
            except OSError:
                return
            Thread(target=_serve, args=(browser, upstream, cutting), daemon=True).start()

    thread = Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _serve(browser: socket.socket, upstream: tuple[str, int], cutting: Cutting) -> None:
    with browser, suppress(OSError):
        browser.settimeout(_PATIENCE_S)
        request = _request(browser)
        if not request:
            return
        method, path, _ = request.split(b"\r\n", 1)[0].decode().split(" ", 2)
        kind = cutting.takes(method, path)
        with socket.create_connection(upstream, _PATIENCE_S) as server:
            if kind and cutting.cut is Cut.REQUEST:
                server.sendall(request[: cutting.after(kind, len(request))])
                # Closed in order, as by a proxy in front: the server has what came so far.
                server.shutdown(socket.SHUT_WR)
                _reset(browser)
                return
            server.sendall(request)
            answer = b"".join(iter(lambda: server.recv(_AT_ONCE), b""))
        if kind:
            browser.sendall(answer[: cutting.after(kind, len(answer))])
            _reset(browser)
        else:
            browser.sendall(answer)


def _request(browser: socket.socket) -> bytes:
    """Read one request: the server behind ends each connection after one."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = browser.recv(_AT_ONCE)
        if not more:
            return b""
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    fields = [line.lower() for line in head.split(b"\r\n")]
    lengths = [int(line[15:]) for line in fields if line.startswith(b"content-length:")]
    missing = (lengths[0] if lengths else 0) - len(body)
    while missing > 0:
        more = browser.recv(_AT_ONCE)
        if not more:
            return b""
        got += more
        missing -= len(more)
    return got


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()
