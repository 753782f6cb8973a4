"""Whether every tile is what its leaves make it, range by range."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.services.log.checking import LogMismatchError
from waybill.storage.log import LogTileRow
from waybill.storage.log_tree import Identity, read_leaves, read_tile
from waybill.transparency.errors import TransparencyError
from waybill.transparency.merkle import leaf_hash, perfect_root
from waybill.transparency.tiles import WIDTH, Tile, hashes_of


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
