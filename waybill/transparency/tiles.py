"""The tree in tiles of 256 hashes, and its entries in bundles (C2SP tlog-tiles).

Level 0 holds the hashes of leaves; from level 1 on each hash is the root above a full tile below.
`ENTRIES` stands for the bundles of entries, whose tiles have the places of level 0.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from waybill.transparency.errors import TileError
from waybill.transparency.merkle import EMPTY_ROOT, HASH_BYTES, node_hash, perfect_root, tree_root

WIDTH: Final = 256
HEIGHT: Final = 8
ENTRIES: Final = -1
MAX_LEVEL: Final = 63
MAX_ENTRY_BYTES: Final = 0xFFFF

_PATH: Final = re.compile(
    r"(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """The place of a tile and how many hashes or entries it holds, 1 to 256."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """The tile's address behind `tile/`, such as `0/x001/234.p/5`."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"{level}/{number}" + (f".p/{self.width}" if self.width < WIDTH else "")


ReadTile: TypeAlias = Callable[[Tile], bytes]


def parse_tile_path(path: str) -> Tile:
    """Read an address as `Tile.path` writes it.

    Raises:
        TileError: it is written in any other way.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise TileError("no such address of a tile")
    level = ENTRIES if found["level"] == "entries" else int(found["level"])
    index = int(found["index"].replace("x", "").replace("/", ""))
    tile = Tile(level, index, int(found["width"] or WIDTH))
    if tile.path != path:
        raise TileError("an address of a tile has no more zeros than it needs")
    return tile


def tile_at(level: int, index: int, size: int) -> Tile | None:
    """Return the tile at a place in a tree of this size, `None` where the tree does not reach."""
    hashes = size >> (HEIGHT * max(level, 0))
    width = min(WIDTH, hashes - index * WIDTH)
    return Tile(level, index, width) if width > 0 else None


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of hashes that a tree of this size needs, level by level."""
    level = 0
    while hashes := size >> (HEIGHT * level):
        for index in range(-(-hashes // WIDTH)):
            yield Tile(level, index, min(WIDTH, hashes - index * WIDTH))
        level += 1


def bundles_of(size: int) -> Iterator[Tile]:
    """Yield every bundle of entries of a tree of this size."""
    for index in range(-(-size // WIDTH)):
        yield Tile(ENTRIES, index, min(WIDTH, size - index * WIDTH))


def hashes_of(tile: Tile, content: bytes) -> list[bytes]:
    """Return the hashes in a tile.

    Raises:
        TileError: it does not hold as many as its width says.
    """
    if len(content) != tile.width * HASH_BYTES:
        raise TileError(f"tile {tile.path} has {len(content)} bytes")
    return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]


@dataclass(slots=True)
class TileNodes:
    """The hashes of a tree's perfect subtrees, read from its tiles.

    Each tile is read once and each hash made once, so that the proofs of many neighbours cost
    little more than one; what was made stays in memory as long as this.
    """

    size: int
    read: ReadTile
    _tiles: dict[Tile, list[bytes]] = field(default_factory=dict)
    _made: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of the subtree at (level, index).

        Raises:
            TileError: the tree does not reach so far, or a tile is not what its place asks for.
        """
        if level % HEIGHT == 0:
            return self._read(level // HEIGHT, index)
        found = self._made.get((level, index))
        if found is None:
            found = node_hash(self(level - 1, index * 2), self(level - 1, index * 2 + 1))
            self._made[level, index] = found
        return found

    def _read(self, level: int, index: int) -> bytes:
        tile = tile_at(level, index // WIDTH, self.size)
        if tile is None or index % WIDTH >= tile.width:
            raise TileError(f"a tree of {self.size} has no hash {index} in tiles of level {level}")
        if tile not in self._tiles:
            self._tiles[tile] = hashes_of(tile, self.read(tile))
        return self._tiles[tile][index % WIDTH]


def root_from_tiles(size: int, read: ReadTile) -> bytes:
    """Return the root of a tree as its right edge of tiles tells it."""
    return tree_root(size, TileNodes(size, read))


@dataclass(frozen=True, slots=True)
class Growth:
    """What a tree became: its size and root, and the tiles that are new or wider."""

    size: int
    root: bytes
    tiles: Mapping[Tile, bytes]


def grow(size: int, read: ReadTile, leaves: Sequence[bytes]) -> Growth:
    """Append hashes of leaves to a tree and return what must be kept, hashes only."""
    grown: dict[Tile, bytes] = {}
    hashes, level, below = list(leaves), 0, size
    while hashes:
        start, used = divmod(below, WIDTH)
        held = read(Tile(level, start, used)) if used else b""
        content = held + b"".join(hashes)
        hashes = []
        for at in range(0, len(content), WIDTH * HASH_BYTES):
            piece = content[at : at + WIDTH * HASH_BYTES]
            tile = Tile(level, start + at // (WIDTH * HASH_BYTES), len(piece) // HASH_BYTES)
            grown[tile] = piece
            if tile.width == WIDTH:
                hashes.append(perfect_root(hashes_of(tile, piece)))
        level, below = level + 1, below // WIDTH
    size += len(leaves)

    def read_grown(tile: Tile) -> bytes:
        return grown[tile] if tile in grown else read(tile)

    return Growth(size, root_from_tiles(size, read_grown) if size else EMPTY_ROOT, grown)


def write_bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as a bundle: each behind its length as two bytes, big-endian.

    Raises:
        TileError: an entry is longer than two bytes can say.
    """
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise TileError(f"an entry has at most {MAX_ENTRY_BYTES} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(tile: Tile, content: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        TileError: it does not hold as many as its width says, and nothing else.
    """
    entries = []
    at = 0
    while at < len(content):
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        if at + 2 > len(content) or end > len(content):
            raise TileError(f"bundle {tile.path} breaks off")
        entries.append(content[at + 2 : end])
        at = end
    if len(entries) != tile.width:
        raise TileError(f"bundle {tile.path} has {len(entries)} entries")
    return entries
