"""The log's trees as they stand in the tables: origins, heads, entries, tiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm import Session

from waybill.storage.log import (
    EventRow,
    LogCheckpointRow,
    LogCosignatureRow,
    LogEntryRow,
    LogIdentityRow,
    LogTileRow,
)
from waybill.transparency.entry import event_entry
from waybill.transparency.errors import TileError
from waybill.transparency.merkle import HASH_BYTES, leaf_hash, perfect_root
from waybill.transparency.notes import Signature
from waybill.transparency.tiles import (
    ENTRIES,
    WIDTH,
    Growth,
    ReadTile,
    Tile,
    hashes_of,
    read_bundle,
    write_bundle,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An origin of the log, and how its leaves lie among the entries.

    The first origin's leaves are the entries. A later one begins with its succession, which has
    the place `succession_index` among the entries; then come those before it, then those after.
    """

    epoch: int
    origin: str
    succession_index: int | None = None
    event_id: UUID | None = None

    def entry_ranges(self, low: int, high: int) -> list[range]:
        """Return the places among the entries of the leaves from `low` to before `high`."""
        turn = self.succession_index
        if turn is None:
            return [range(low, high)]
        found = [range(turn, turn + 1)] if low <= 0 < high else []
        found.append(range(max(low, 1) - 1, min(high, turn + 1) - 1))
        found.append(range(max(low, turn + 1), high))
        return [places for places in found if places]

    def leaf_of(self, index: int) -> int:
        """Return the leaf of an entry."""
        turn = self.succession_index
        if turn is None or index > turn:
            return index
        return 0 if index == turn else index + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A checkpoint as the log signed it."""

    size: int
    root: bytes
    note: bytes
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """An event as it stands in a tree."""

    index: int
    event_id: UUID
    entry: bytes


def list_identities(session: Session) -> tuple[Identity, ...]:
    """Return every origin, the current one last."""
    rows = session.scalars(select(LogIdentityRow).order_by(LogIdentityRow.epoch))
    return tuple(
        Identity(
            epoch=row.epoch,
            origin=row.origin,
            succession_index=row.succession_index,
            event_id=row.event_id,
        )
        for row in rows
    )


def current_identity(session: Session) -> Identity | None:
    """Return the origin under which the log is published, `None` before its first checkpoint."""
    known = list_identities(session)
    return known[-1] if known else None


def find_head(session: Session, epoch: int) -> Head | None:
    """Return the newest checkpoint of an origin."""
    row = session.execute(
        select(
            LogCheckpointRow.size,
            LogCheckpointRow.root,
            LogCheckpointRow.note,
            LogCheckpointRow.recorded_at,
        )
        .where(LogCheckpointRow.epoch == epoch)
        .order_by(LogCheckpointRow.size.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Head(**row._mapping)  # noqa: SLF001  a row's public name for it


def cosignatures_of(session: Session, epoch: int, size: int) -> tuple[Signature, ...]:
    """Return what witnesses have signed of a checkpoint, oldest first."""
    rows = session.scalars(
        select(LogCosignatureRow)
        .where(LogCosignatureRow.epoch == epoch, LogCosignatureRow.size == size)
        .order_by(LogCosignatureRow.at, LogCosignatureRow.name)
    )
    return tuple(Signature(name=row.name, key_id=row.key_id, blob=row.blob) for row in rows)


def entry_count(session: Session) -> int:
    """Return how many events have their place; places are contiguous from 0."""
    last = session.scalar(select(func.max(LogEntryRow.index)))
    return 0 if last is None else last + 1


def read_leaves(session: Session, identity: Identity, low: int, high: int) -> list[Leaf]:
    """Return the leaves from `low` to before `high`, made anew from their events.

    Raises:
        TileError: the entries do not reach so far.
    """
    ranges = identity.entry_ranges(low, high)
    if not ranges:
        return []
    rows = session.execute(
        select(LogEntryRow.index.label("place"), EventRow.id, EventRow.body, EventRow.salt)
        .join(EventRow, EventRow.id == LogEntryRow.event_id)
        .where(or_(*(LogEntryRow.index.between(r.start, r.stop - 1) for r in ranges)))
    )
    leaves = sorted(
        (
            Leaf(
                index=identity.leaf_of(row.place),
                event_id=row.id,
                entry=event_entry(row.id, row.body, row.salt),
            )
            for row in rows
        ),
        key=lambda leaf: leaf.index,
    )
    if [leaf.index for leaf in leaves] != list(range(low, high)):
        raise TileError(f"the entries from {low} to {high} are not all there")
    return leaves


def tile_reader(session: Session, identity: Identity) -> ReadTile:
    """Return how the tiles and bundles of a tree are read; each is read once."""
    known: dict[Tile, bytes] = {}

    def read(tile: Tile) -> bytes:
        if tile not in known:
            known[tile] = read_tile(session, identity, tile)
        return known[tile]

    return read


def read_tile(session: Session, identity: Identity, tile: Tile) -> bytes:
    """Return a tile or a bundle: as stored, cut from a wider one, or made from what lies below.

    Raises:
        TileError: the tree does not reach so far.
    """
    stored = session.scalar(
        select(LogTileRow.content).where(
            LogTileRow.epoch == identity.epoch,
            LogTileRow.level == tile.level,
            LogTileRow.index == tile.index,
        )
    )
    if stored is None:
        return _edge_tile(session, identity, tile)
    if tile.level == ENTRIES:
        whole = read_bundle(Tile(ENTRIES, tile.index, WIDTH), stored)
        return write_bundle(whole[: tile.width])
    return stored[: tile.width * HASH_BYTES]


def _edge_tile(session: Session, identity: Identity, tile: Tile) -> bytes:
    if tile.width == WIDTH:
        raise TileError(f"there is no tile {tile.path}")
    first = tile.index * WIDTH
    if tile.level <= 0:
        entries = [leaf.entry for leaf in read_leaves(session, identity, first, first + tile.width)]
        if tile.level == ENTRIES:
            return write_bundle(entries)
        return b"".join(map(leaf_hash, entries))
    roots = session.scalars(
        select(LogTileRow.root)
        .where(
            LogTileRow.epoch == identity.epoch,
            LogTileRow.level == tile.level - 1,
            LogTileRow.index.between(first, first + tile.width - 1),
        )
        .order_by(LogTileRow.index)
    ).all()
    found = b"".join(root for root in roots if root is not None)
    if len(found) != tile.width * HASH_BYTES:
        raise TileError(f"there is no tile {tile.path}")
    return found


def write_tiles(
    session: Session, identity: Identity, growth: Growth, bundles: Sequence[tuple[Tile, bytes]]
) -> None:
    """Keep what has become full: tiles of hashes with the hash above them, and bundles."""
    full = [
        {
            "epoch": identity.epoch,
            "level": tile.level,
            "index": tile.index,
            "content": content,
            "root": None if tile.level == ENTRIES else perfect_root(hashes_of(tile, content)),
        }
        for tile, content in [*growth.tiles.items(), *bundles]
        if tile.width == WIDTH
    ]
    if full:
        session.execute(insert(LogTileRow), full)
