"""Trees in memory, and the fixed cases of the log's format."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from waybill.transparency.merkle import leaf_hash, node_hash
from waybill.transparency.tiles import Tile, grow

FOLDER: Final = Path(__file__).parents[1] / "vectors" / "transparency"


@lru_cache
def log_vectors(name: str) -> Any:  # noqa: ANN401  as the file has it
    """Return one file of `tests/vectors/transparency`."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def slow_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a few hashes of leaves exactly as RFC 6962 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(slow_root(leaves[:split]), slow_root(leaves[split:]))


class MemoryTree:
    """A tree whose tiles stand in a dictionary, widest only, as a log that forgets keeps them."""

    def __init__(self, entries: Sequence[bytes] = ()) -> None:
        self.size = 0
        self.root = b""
        self.tiles: dict[Tile, bytes] = {}
        self.append(entries)

    def append(self, entries: Sequence[bytes]) -> None:
        """Append entries."""
        grown = grow(self.size, self.read, [leaf_hash(entry) for entry in entries])
        self.size, self.root = grown.size, grown.root
        self.tiles.update(grown.tiles)

    def read(self, tile: Tile) -> bytes:
        """Return a tile that was written."""
        return self.tiles[tile]
