"""How many events a second the sequencer takes: part of `make bench`.

A backlog is entered in full batches, and then single events one by one, on SQLite and on
PostgreSQL, each in a database of its own. Beside them stands a yardstick of the same run: hashing
and tree alone, without a database.
"""

import secrets
import tempfile
import time
from pathlib import Path

import click

from tests.harness.databases import Databases
from tests.harness.postgres import start_postgres
from tests.harness.sequenced_log import sequencer, tell, tell_quickly
from waybill.clock import SystemClock
from waybill.codec import new_id
from waybill.sequencing import Sequencing
from waybill.services.log.sequencer import BATCH
from waybill.storage.session import session_factory
from waybill.transparency.entry import event_entry
from waybill.transparency.merkle import leaf_hash
from waybill.transparency.tiles import Tile, grow

BACKLOG = 20_000
SINGLES = 100
CLOCK = SystemClock()


def main() -> None:
    """Measure and print."""
    rows = [("tree alone (yardstick)", _tree_alone(), 0.0)]
    server = start_postgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            databases = Databases(server_url=server.url, folder=Path(folder), run="bench_log")
            rows += [
                (dialect, *_measure(databases, dialect, Path(folder) / dialect))
                for dialect in ("sqlite", "postgresql")
            ]
            databases.close()
    finally:
        server.stop()
    click.echo(f"{'sequencer':30} {'backlog, events/s':>20} {'single event, ms':>20}")
    for name, rate, single_ms in rows:
        click.echo(f"{name:30} {rate:20,.0f} {single_ms:20.1f}")


def _measure(databases: Databases, dialect: str, key_dir: Path) -> tuple[float, float]:
    url = databases.fresh(dialect)
    engine = databases.engine(url)
    log = sequencer(session_factory(engine), key_dir, CLOCK)
    log.all()
    tell_quickly(log.sessions, BACKLOG, CLOCK.now())
    begun = time.perf_counter()
    log.all()
    rate = BACKLOG / (time.perf_counter() - begun)
    single_ms = _singles(log)
    engine.dispose()
    databases.drop(url)
    return rate, single_ms


def _singles(log: Sequencing) -> float:
    """Return the milliseconds from a committed event to its signed checkpoint."""
    spent = 0.0
    for _ in range(SINGLES):
        tell(log.sessions, CLOCK)
        begun = time.perf_counter()
        log.batch()
        spent += time.perf_counter() - begun
    return spent / SINGLES * 1000


def _tree_alone() -> float:
    events = [(new_id(), secrets.token_bytes(400), secrets.token_bytes(32)) for _ in range(BACKLOG)]
    kept: dict[Tile, bytes] = {}
    begun = time.perf_counter()
    for start in range(0, BACKLOG, BATCH):
        batch = events[start : start + BATCH]
        leaves = [leaf_hash(event_entry(*event)) for event in batch]
        kept.update(grow(start, kept.__getitem__, leaves).tiles)
    return BACKLOG / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
