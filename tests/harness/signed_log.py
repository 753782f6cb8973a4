"""A log in memory that signs and serves what it is told to, honest or not."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typing_extensions import override  # typing's own needs Python 3.12

from tests.harness.trees import MemoryTree
from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.merkle import consistency_proof, tree_root
from waybill.transparency.notes import Note, NoteSigner
from waybill.transparency.tiles import TileNodes
from waybill.witness.configuration import FollowedLog
from waybill.witness.submission import Submission

ORIGIN: Final = "waybill.example.org/log"


def signer_of(name: str, seed: int = 1) -> NoteSigner:
    return NoteSigner(
        name=name, private_key=Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    )


def entries(count: int, first: int = 0) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(first, first + count)]


@dataclass
class SignedLog:
    """A tree with the key that signs it; `served` overrides what stands at a path."""

    tree: MemoryTree
    signer: NoteSigner = field(default_factory=lambda: signer_of(ORIGIN))
    served: dict[str, bytes | None] = field(default_factory=dict)

    @classmethod
    def of(cls, held: Sequence[bytes]) -> "SignedLog":
        return cls(MemoryTree(held))

    def nodes(self) -> TileNodes:
        return TileNodes(self.tree.size, self.tree.read)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = self.tree.size if size is None else size
        return Checkpoint(origin=self.signer.name, size=size, root=tree_root(size, self.nodes()))

    def note(self, size: int | None = None) -> bytes:
        return self.sign(self.checkpoint(size).text())

    def sign(self, text: str) -> bytes:
        return Note(text=text, signatures=(self.signer.sign(text),)).to_bytes()

    def proof(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        new = self.tree.size if new is None else new
        return consistency_proof(old, new, self.nodes()) if 0 < old <= new else ()

    def submission(self, old: int, size: int | None = None) -> bytes:
        return Submission(old=old, proof=self.proof(old, size), note=self.note(size)).to_bytes()

    def followed(self, **given: object) -> FollowedLog:
        return FollowedLog(origin=self.signer.name, keys=(self.signer.verifier,), **given)  # type: ignore[arg-type]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        path = environ["PATH_INFO"]
        found = self.served[path] if path in self.served else self._stored(path)
        start("404 Not Found" if found is None else "200 OK", [])
        return [found or b""]

    def _stored(self, path: str) -> bytes | None:
        tiles = {f"/tile/{tile.path}": content for tile, content in self.tree.tiles.items()}
        return self.note() if path == "/checkpoint" else tiles.get(path)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Quiet(WSGIRequestHandler):
    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(application: WSGIApplication) -> Iterator[str]:
    """Serve an application on a free port of this machine, and return its address."""
    with make_server(
        "127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet
    ) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
