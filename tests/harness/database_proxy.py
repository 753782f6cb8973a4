"""A network between the application and PostgreSQL that breaks when it is told to.

It knows of the protocol only that a transaction ends with the simple query `COMMIT`.
"""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

COMMIT: Final = b"Q\x00\x00\x00\x0bCOMMIT\x00"
PIECE: Final = 1 << 16


class Moment(Enum):
    """When a connection is cut."""

    MID_STATEMENT = auto()
    BEFORE_COMMIT = auto()
    AFTER_COMMIT = auto()
    """The commit is done, and its answer never comes back."""


@dataclass(slots=True)
class _Link:
    """Both ends of one connection; once cut, nothing more goes through."""

    client: socket.socket
    server: socket.socket
    started: bool = False
    swallow: bool = False

    def close(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@dataclass(slots=True, kw_only=True)
class CuttingProxy:
    """Passes everything on to a port of this machine, and breaks as its fields say.

    `moment` and `chance` say when connections are cut and how often; `delay_s` is what each piece
    of a request takes longer. `cuts` counts.
    """

    target: int
    seed: int
    moment: Moment | None = None
    chance: float = 0.0
    delay_s: float = 0.0
    cuts: int = 0
    port: int = field(init=False)
    _listener: socket.socket = field(init=False)
    _open: dict[int, _Link] = field(default_factory=dict, init=False)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311  the same in every run
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def breaking(self, moment: Moment, chance: float) -> Iterator[None]:
        """Cut connections at a moment, to the end of the block."""
        self.chance, self.moment = chance, moment
        try:
            yield
        finally:
            self.moment = None

    @contextmanager
    def slow(self, delay_s: float) -> Iterator[None]:
        """Let each piece of a request wait, to the end of the block."""
        self.delay_s = delay_s
        try:
            yield
        finally:
            self.delay_s = 0.0

    def sever(self) -> None:
        """Cut everything that is open now."""
        for link in list(self._open.values()):
            self._cut(link)

    def stop(self) -> None:
        """Take no more connections and end those there are."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.sever()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            link = _Link(client, server)
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open[id(link)] = link
            threading.Thread(target=self._pass_requests, args=(link,), daemon=True).start()
            threading.Thread(target=self._pass_answers, args=(link,), daemon=True).start()

    def _pass_requests(self, link: _Link) -> None:
        with suppress(OSError):
            while piece := link.client.recv(PIECE):
                if self.delay_s:
                    time.sleep(self.delay_s)
                if not self._request(link, piece):
                    break
        self._end(link)

    def _request(self, link: _Link, piece: bytes) -> bool:
        """Pass a piece on, or part of it, or none; say whether the link still holds."""
        commits, begun = COMMIT in piece, link.started
        link.started = True
        if self.moment is None or self._random.random() >= self.chance:
            link.server.sendall(piece)
            return True
        match self.moment:
            case Moment.MID_STATEMENT if begun and not commits:
                link.server.sendall(piece[: len(piece) // 2])
                self._cut(link)
                return False
            case Moment.BEFORE_COMMIT if commits:
                self._cut(link)
                return False
            case Moment.AFTER_COMMIT if commits:
                link.swallow = True
        link.server.sendall(piece)
        return True

    def _pass_answers(self, link: _Link) -> None:
        with suppress(OSError):
            while piece := link.server.recv(PIECE):
                if link.swallow:
                    self._cut(link)
                    break
                link.client.sendall(piece)
        self._end(link)

    def _cut(self, link: _Link) -> None:
        self.cuts += 1
        link.close()

    def _end(self, link: _Link) -> None:
        link.close()
        if self._open.pop(id(link), None) is None:  # the other direction's thread is through too
            link.client.close()
            link.server.close()
