"""Tiles and bundles as a source has them, a few ahead of whoever takes them."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from waybill.transparency.errors import TileError
from waybill.transparency.tiles import ENTRIES, WIDTH, Tile, hashes_of, read_bundle
from waybill.verifier.faults import FaultKind, range_fault
from waybill.verifier.sources import AbsentError, Source

AHEAD: Final = 4
"""How many files per reader wait to be taken."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """256 entries, fewer at the end of a log, and the hashes that the tree's tile has of them."""

    index: int
    entries: list[bytes]
    stored: list[bytes]


def read_piece(source: Source, index: int, size: int) -> Piece:
    """Read a bundle and its tile of a log of this size, which must reach so far.

    Raises:
        LogFaultError: one of them is missing or malformed.
        UnreadableError: the source could not be asked.
    """
    tile = Tile(0, index, min(WIDTH, size - index * WIDTH))
    bundle = replace(tile, level=ENTRIES)
    return Piece(index, read_entries(source, bundle), read_hashes(source, tile))


def read_entries(source: Source, bundle: Tile) -> list[bytes]:
    """Read the entries of a bundle; what a wider one holds beyond it is left out."""
    start = bundle.index * WIDTH
    try:
        found, content = _widest(source, bundle)
        return read_bundle(found, content)[: bundle.width]
    except AbsentError as error:
        detail = f"there is no tile/{bundle.path}"
        raise range_fault(FaultKind.BUNDLE_MISSING, start, start + 1, detail) from error
    except TileError as error:
        kind, until = FaultKind.BUNDLE_MALFORMED, start + bundle.width
        raise range_fault(kind, start, until, str(error)) from error


def read_hashes(source: Source, tile: Tile) -> list[bytes]:
    """Read the hashes of a tile; what a wider one holds beyond it is left out."""
    each = WIDTH ** max(tile.level, 0)
    start = tile.index * WIDTH * each
    until = start + tile.width * each
    try:
        found, content = _widest(source, tile)
        return hashes_of(found, content)[: tile.width]
    except AbsentError as error:
        detail = f"there is no tile/{tile.path}"
        raise range_fault(FaultKind.TILE_MISSING, start, until, detail) from error
    except TileError as error:
        raise range_fault(FaultKind.TILE_WRONG, start, until, str(error)) from error


def _widest(source: Source, tile: Tile) -> tuple[Tile, bytes]:
    """Return a tile, or the full one in its place: a log may forget those that were not full."""
    try:
        return tile, source.read(f"tile/{tile.path}")
    except AbsentError:
        if tile.width == WIDTH:
            raise
    full = replace(tile, width=WIDTH)
    return full, source.read(f"tile/{full.path}")


def read_ahead(numbers: Iterable[int], job: Callable[[int], T], readers: int) -> Iterator[T]:
    """Yield what a job reads for each number, in order; failures come in their turn."""
    if readers == 1:
        yield from map(job, numbers)
        return
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(readers) as pool:
        try:
            for number in numbers:
                waiting.append(pool.submit(job, number))
                if len(waiting) >= readers * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
