"""Whole logs for the tests: events, their entries, signed checkpoints, and folders to be served."""

import functools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typing_extensions import override  # typing's own needs Python 3.12

from tests.harness.trees import MemoryTree
from waybill.codec import sha256
from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.entry import event_entry
from waybill.transparency.merkle import tree_root
from waybill.transparency.notes import Note, NoteSigner
from waybill.transparency.tiles import (
    TileNodes,
    bundles_of,
    tiles_of,
    write_bundle,
)
from waybill.verifier.bodies import bodies_path, body_line

ORIGIN: Final = "log.test/waybill"
SIGNER: Final = NoteSigner(name=ORIGIN, private_key=Ed25519PrivateKey.from_private_bytes(b"k" * 32))


def other_signer(name: str = ORIGIN, secret: bytes = b"o" * 32) -> NoteSigner:
    """Return a signer with another key."""
    return NoteSigner(name=name, private_key=Ed25519PrivateKey.from_private_bytes(secret))


@dataclass(frozen=True, slots=True)
class Told:
    """One event: what its entry is made from."""

    event_id: UUID
    body: bytes
    salt: bytes

    @property
    def entry(self) -> bytes:
        """The log's entry of it."""
        return event_entry(self.event_id, self.body, self.salt)

    def line(self, index: int) -> bytes:
        """The line by which an export gives body and salt."""
        return body_line(index, self.event_id, self.body, self.salt) + b"\n"


def told(number: int) -> Told:
    """Return the event of a number, always the same."""
    salt = sha256(b"salt %d" % number)
    drawn = int.from_bytes(salt[:8], "big") >> 2
    event_id = UUID(int=(number << 80) | (0x7 << 76) | (0b10 << 62) | drawn)
    body = b'{"data":{"number":%d},"kind":"code-scanned","v":1}' % number
    return Told(event_id, body, salt)


def events(count: int, start: int = 0) -> list[Told]:
    """Return so many events."""
    return [told(number) for number in range(start, start + count)]


@dataclass(slots=True)
class TestLog:
    """A log as an operator would hold it; whoever has the signer can make any other."""

    __test__ = False

    told: list[Told]
    signer: NoteSigner = SIGNER
    notes: list[bytes] = field(default_factory=list)
    tree: MemoryTree = field(init=False)

    def __post_init__(self) -> None:
        self.tree = MemoryTree([event.entry for event in self.told])

    @property
    def key(self) -> str:
        """The public key as it is published."""
        return self.signer.verifier.text()

    def append(self, further: Sequence[Told]) -> None:
        """Append events, as the sequencer does batch by batch."""
        self.told.extend(further)
        self.tree.append([event.entry for event in further])

    def checkpoint(self, size: int | None = None) -> bytes:
        """Return a signed checkpoint of the whole log, or of its beginning."""
        size = self.tree.size if size is None else size
        root = tree_root(size, TileNodes(self.tree.size, self.tree.read))
        text = Checkpoint(origin=self.signer.name, size=size, root=root).text()
        return Note(text=text, signatures=(self.signer.sign(text),)).to_bytes()

    def write(self, folder: Path, *, bodies: bool = False) -> Path:
        """Write the log as `waybill log export` does."""
        size = self.tree.size
        _write(folder / "checkpoint", self.checkpoint())
        _write(folder / "key", f"{self.key}\n".encode())
        for tile in tiles_of(size):
            _write(folder / "tile" / tile.path, self.tree.read(tile))
        for tile in bundles_of(size):
            held = self.told[tile.index * 256 :][: tile.width]
            _write(folder / "tile" / tile.path, write_bundle([event.entry for event in held]))
            if bodies:
                lines = [event.line(tile.index * 256 + at) for at, event in enumerate(held)]
                _write(folder / bodies_path(tile), b"".join(lines))
        return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder of files on this machine and give its address."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(SilentHandler, directory=str(folder))
    )
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class SilentHandler(SimpleHTTPRequestHandler):
    """Any static file server; it keeps connections open and says nothing."""

    protocol_version = "HTTP/1.1"

    @override
    def log_message(self, format: str, *args: object) -> None: ...


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
