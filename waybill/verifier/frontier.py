"""The right edge of a tree that is recomputed: all that must be kept to go on, flat in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from waybill.codec import JsonValue
from waybill.transparency.merkle import EMPTY_ROOT, HASH_BYTES, perfect_root
from waybill.transparency.tiles import HEIGHT, WIDTH, Tile, root_from_tiles


@dataclass(slots=True)
class Frontier:
    """The first `size` leaves, whole bundles of 256, as the hashes their tiles do not sum up yet.

    `edges[k]` are the hashes of level `k + 1` whose tile is not full: at most 255.
    """

    size: int = 0
    edges: list[list[bytes]] = field(default_factory=list)

    def append(self, full_tile: bytes) -> list[bytes]:
        """Append the root of a full tile of 256 leaves, and sum up what is full by it.

        Returns:
            The hashes that the levels from 1 on have become longer by, one each.
        """
        self.size += WIDTH
        promoted = [full_tile]
        for edge in self.edges:
            edge.append(promoted[-1])
            if len(edge) < WIDTH:
                return promoted
            promoted.append(perfect_root(edge))
            edge.clear()
        self.edges.append([promoted[-1]])
        return promoted

    def edge(self, level: int) -> Sequence[bytes]:
        """Return the hashes of a level from 1 on whose tile is not full."""
        return self.edges[level - 1] if level <= len(self.edges) else ()

    def root(self, leaves: Sequence[bytes]) -> bytes:
        """Return the root of the tree that has some further leaves, fewer than 256."""

        def read(tile: Tile) -> bytes:
            return b"".join(self.edge(tile.level) if tile.level else leaves)

        size = self.size + len(leaves)
        return root_from_tiles(size, read) if size else EMPTY_ROOT

    def copy(self) -> "Frontier":
        """Return the frontier as it now is."""
        return Frontier(self.size, [list(edge) for edge in self.edges])

    def first_difference(self, other: "Frontier") -> tuple[int, int] | None:
        """Return the first range of leaves that differ from another frontier of the same size."""
        for level in range(len(self.edges), 0, -1):
            start = self.size >> (HEIGHT * (level + 1)) << (HEIGHT * (level + 1))
            width = 1 << (HEIGHT * level)
            pairs = zip(self.edge(level), other.edge(level), strict=True)
            for at, (mine, theirs) in enumerate(pairs):
                if mine != theirs:
                    return start + at * width, start + (at + 1) * width
        return None

    def to_json(self) -> JsonValue:
        """Return the frontier as it is kept in a file."""
        return {"size": self.size, "edges": [b"".join(edge).hex() for edge in self.edges]}


def read_frontier(value: JsonValue) -> Frontier:
    """Read a frontier as `Frontier.to_json` writes it.

    Raises:
        ValueError: it is not one.
    """
    members = value if isinstance(value, dict) else {}
    size, edges = members.get("size"), members.get("edges")
    if not isinstance(size, int) or size < 0 or size % WIDTH or not isinstance(edges, list):
        raise ValueError("a frontier has a size of whole bundles, and edges")
    read = [_hashes(edge) for edge in edges]
    counts = [size >> (HEIGHT * (level + 1)) for level in range(len(edges))]
    whole = size >> (HEIGHT * (len(edges) + 1)) == 0
    if not whole or [len(edge) for edge in read] != [count % WIDTH for count in counts]:
        raise ValueError("the edges of a frontier do not fit its size")
    return Frontier(size, read)


def _hashes(text: JsonValue) -> list[bytes]:
    data = bytes.fromhex(text) if isinstance(text, str) else b"?"
    if len(data) % HASH_BYTES:
        raise ValueError("an edge holds whole hashes")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
