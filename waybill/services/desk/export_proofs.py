"""The proofs of an export: for each of its rows the path from its leaf to the signed root.

Where the rows stand is kept in a file while they are written, because the checkpoint that all
paths lead to is the log's newest when the last row is written. Memory stays flat.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from waybill.services.desk.export_files import ExportedEvent
from waybill.storage.log_tree import Head, Identity, tile_reader
from waybill.storage.session import read_session
from waybill.transparency.merkle import inclusion_proof
from waybill.transparency.tiles import TileNodes

FILE_NAME: Final = "proofs.ndjson"
CHUNK_ROWS: Final = 2_000
"""So many paths are made of one read of their tiles, which neighbours share."""
_ID_BYTES: Final = 16
_INDEX_BYTES: Final = 8

Placed: TypeAlias = tuple[UUID, int]


class Places:
    """Writes where each row stands in the log to a file; rows without a place are left out."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, event: ExportedEvent) -> None:
        """Add a row."""
        if event.index is not None:
            self._file.write(event.id.bytes + event.index.to_bytes(_INDEX_BYTES, "big"))

    def close(self) -> None:
        """End the file."""
        self._file.close()


def write_proofs(
    sessions: sessionmaker[Session], places: Path, target: Path, tree: tuple[Identity, Head]
) -> None:
    """Write a line for each row that is in the tree: id, index, and hashes from the sibling up."""
    identity, head = tree
    with target.open("w", encoding="ascii", newline="\n") as file:
        for chunk in _read_chunks(places):
            with read_session(sessions) as session:
                nodes = TileNodes(head.size, tile_reader(session, identity))
                file.writelines(_lines(chunk, nodes))


def _lines(placed: Iterable[Placed], nodes: TileNodes) -> Iterator[str]:
    for event_id, index in placed:
        if index >= nodes.size:
            continue
        path = inclusion_proof(index, nodes.size, nodes)
        hashes = [base64.b64encode(found).decode() for found in path]
        yield json.dumps({"id": str(event_id), "index": index, "hashes": hashes}) + "\n"


def _read_chunks(places: Path) -> Iterator[list[Placed]]:
    width = _ID_BYTES + _INDEX_BYTES
    with places.open("rb") as file:
        while data := file.read(width * CHUNK_ROWS):
            rows = (data[at : at + width] for at in range(0, len(data), width))
            yield [
                (UUID(bytes=row[:_ID_BYTES]), int.from_bytes(row[_ID_BYTES:], "big"))
                for row in rows
            ]
