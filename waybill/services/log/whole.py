"""The whole log recomputed from its events: every bundle, every tile, nothing left out."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from waybill.services.log.checking import (
    LogMismatchError,
    check_bundles,
    check_head,
    stray_events,
)
from waybill.services.log.serving import find_identity
from waybill.storage.log import LogTileRow
from waybill.storage.log_tree import Head, Identity, read_leaves, read_tile
from waybill.storage.session import read_session
from waybill.transparency.errors import TransparencyError
from waybill.transparency.merkle import leaf_hash, perfect_root
from waybill.transparency.tiles import WIDTH, Tile, hashes_of

AT_ONCE: Final = 64
"""So many bundles are compared in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeLog:
    """A log of which everything was recomputed; `strays` are events that were left out of it."""

    identity: Identity
    head: Head
    strays: tuple[UUID, ...]


def check_whole(sessions: sessionmaker[Session]) -> WholeLog:
    """Recompute the whole log of the present origin, a few bundles in each transaction.

    Raises:
        NotFoundError: there is no log yet.
        LogMismatchError: names the first thing that is not what was signed.
    """
    with read_session(sessions) as session:
        identity = find_identity(session)
        head = check_head(session, identity)
    full = head.size // WIDTH
    for start in range(0, full, AT_ONCE):
        bundles = range(start, min(start + AT_ONCE, full))
        with read_session(sessions) as session:
            check_bundles(session, identity, bundles)
            check_tiles(session, identity, bundles)
    with read_session(sessions) as session:
        return WholeLog(identity=identity, head=head, strays=stray_events(session, newest=None))


def check_tiles(session: Session, identity: Identity, indexes: range) -> None:
    """Recompute full tiles of leaves from the events, and the tiles above that they complete.

    Raises:
        LogMismatchError: names the first tile that is not what lies below it.
    """
    for index in indexes:
        low = index * WIDTH
        try:
            leaves = read_leaves(session, identity, low, low + WIDTH)
        except TransparencyError as error:
            raise LogMismatchError(f"tile {Tile(0, index, WIDTH).path}: {error}") from error
        hashes = [leaf_hash(leaf.entry) for leaf in leaves]
        _check_tile(session, identity, Tile(0, index, WIDTH), hashes)
        level, above = 1, index + 1
        while above % WIDTH == 0:
            above //= WIDTH
            tile = Tile(level, above - 1, WIDTH)
            _check_tile(session, identity, tile, _roots_below(session, identity, tile))
            level += 1


def _check_tile(session: Session, identity: Identity, tile: Tile, hashes: list[bytes]) -> None:
    root = session.scalar(
        select(LogTileRow.root).where(
            LogTileRow.epoch == identity.epoch,
            LogTileRow.level == tile.level,
            LogTileRow.index == tile.index,
        )
    )
    try:
        found = hashes_of(tile, read_tile(session, identity, tile))
    except TransparencyError as error:
        raise LogMismatchError(f"tile {tile.path}: {error}") from error
    if found != hashes or root != perfect_root(hashes):
        raise LogMismatchError(f"tile {tile.path} is not what lies below it")


def _roots_below(session: Session, identity: Identity, tile: Tile) -> list[bytes]:
    first = tile.index * WIDTH
    return [
        perfect_root(hashes_of(below, read_tile(session, identity, below)))
        for below in (Tile(tile.level - 1, first + at, WIDTH) for at in range(WIDTH))
    ]
