"""The tree over a log that was written straight into PostgreSQL, written straight too.

Hashes, tiles and checkpoint are the product's own; only the statements are others: the sequencer
gives places to some thousands of events a second, and ten million would take it half an hour.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import psycopg

from tests.benchmarks.log_rows import Rows, end_of
from waybill.clock import FixedClock
from waybill.services.log.sequencer import LogTerms, open_log, sign_head
from waybill.storage.session import make_engine, session_factory, write_session
from waybill.transparency.entry import event_entry
from waybill.transparency.merkle import EMPTY_ROOT, leaf_hash, perfect_root
from waybill.transparency.tiles import ENTRIES, WIDTH, Tile, grow, hashes_of, write_bundle

CHUNK: Final = WIDTH * 128
ORIGIN: Final = "bench.example/log"
_TILES: Final = "COPY log_tile (epoch, level, index, content, root) FROM STDIN"
_ENTRIES: Final = "COPY log_entry (index, event_id) FROM STDIN"
_AFTER: Final = (
    # The trigger looks at each row whether its event has a place; here all of them have.
    "ALTER TABLE event_pending DISABLE TRIGGER USER",
    ("DELETE FROM event_pending USING log_entry WHERE log_entry.event_id = event_pending.event_id"),
    "ALTER TABLE event_pending ENABLE TRIGGER USER",
    "VACUUM (ANALYZE) event_pending",
    "VACUUM (ANALYZE) log_entry",
    "VACUUM (ANALYZE) log_tile",
)


def plant(url: str, rows: Rows, key_dir: Path) -> None:
    """Give every event its place, oldest first, and sign the tree over all of them."""
    clock = FixedClock(end_of(rows))
    sessions = session_factory(make_engine(url))
    with write_session(sessions) as session:
        identity = open_log(session, LogTerms(origin=ORIGIN, key_dir=key_dir), clock=clock)
    size, root = _write(url.replace("+psycopg", ""))
    with write_session(sessions) as session:
        sign_head(session, identity, key_dir, size=size, root=root, clock=clock)


def _write(conninfo: str) -> tuple[int, bytes]:
    size, root = 0, EMPTY_ROOT
    edge: dict[Tile, bytes] = {}
    with (
        psycopg.connect(conninfo) as reader,
        psycopg.connect(conninfo) as one,
        psycopg.connect(conninfo) as two,
        reader.cursor("events") as events,
        one.cursor().copy(_TILES) as tiles,
        two.cursor().copy(_ENTRIES) as entries,
    ):
        events.itersize = CHUNK
        events.execute("SELECT id, body, salt FROM event ORDER BY id")
        for chunk in _chunks(events):
            taken = [event_entry(*row) for row in chunk]
            growth = grow(size, edge.__getitem__, [leaf_hash(entry) for entry in taken])
            for at, (event_id, _body, _salt) in enumerate(chunk):
                entries.write_row((size + at, event_id))
            # Every chunk but the last ends with a bundle, so none has to be read again.
            for at in range(0, len(taken) - WIDTH + 1, WIDTH):
                bundle = write_bundle(taken[at : at + WIDTH])
                tiles.write_row((0, ENTRIES, (size + at) // WIDTH, bundle, None))
            for tile, content in growth.tiles.items():
                if tile.width == WIDTH:
                    top = perfect_root(hashes_of(tile, content))
                    tiles.write_row((0, tile.level, tile.index, content, top))
            edge |= {tile: content for tile, content in growth.tiles.items() if tile.width < WIDTH}
            size, root = growth.size, growth.root
    with psycopg.connect(conninfo, autocommit=True) as last:
        for statement in _AFTER:
            last.execute(statement)
    return size, root


def _chunks(rows: Iterator[Any]) -> Iterator[Sequence[Any]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
