"""A database that is stopped hard under the sequencer: nothing acknowledged is lost or doubled."""

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tests.harness.postgres import PostgresServer, start_postgres, stopped_hard
from tests.harness.sequenced_log import sequencer, tell
from tests.harness.verifying import verify_go, verify_ours
from waybill.clock import SystemClock
from waybill.sequencing import Sequencing
from waybill.services.log.exporting import export_log
from waybill.storage.log import EventRow, LogEntryRow
from waybill.storage.migrate import upgrade
from waybill.storage.session import make_engine, read_session, session_factory

STOPS: Final = 3
CLOCK: Final = SystemClock()


@pytest.fixture
def server() -> Iterator[list[PostgresServer]]:
    """A server of this test's own, the last of the list; what it has acknowledged it must keep."""
    servers = [start_postgres()]
    conninfo = servers[0].url.replace("+psycopg", "")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("ALTER DATABASE postgres SET synchronous_commit = on")
    upgrade(servers[0].url)
    yield servers
    servers[-1].stop()


@pytest.fixture
def engine(server: list[PostgresServer]) -> Iterator[Engine]:
    """Connections to that server."""
    made = make_engine(server[0].url)
    yield made
    made.dispose()


def test_a_database_stopped_hard_again_and_again_loses_and_doubles_nothing(
    server: list[PostgresServer], engine: Engine, tmp_path: Path
) -> None:
    log = sequencer(session_factory(engine), tmp_path / "keys", CLOCK)
    log.open()
    acknowledged: set[UUID] = set()
    threads = [
        threading.Thread(target=log.run),
        threading.Thread(target=write, args=(log, acknowledged)),
    ]
    for thread in threads:
        thread.start()
    moments = random.Random(20261122)  # noqa: S311  the same in every run
    sizes = []
    try:
        for _ in range(STOPS):
            time.sleep(moments.uniform(0.5, 1.5))
            server.append(stopped_hard(server[-1]))
            sizes.append(verified(log, tmp_path / "exported", tmp_path / "state"))
    finally:
        log.stop.set()
        for thread in threads:
            thread.join()
    assert log.refusal is None
    log.all()

    sizes.append(verified(log, tmp_path / "exported", tmp_path / "state"))

    with read_session(log.sessions) as session:
        entered = session.scalars(select(LogEntryRow.event_id)).all()
        events = set(session.scalars(select(EventRow.id)))
    assert (len(entered), set(entered)) == (sizes[-1], events)
    assert acknowledged <= events
    assert sizes == sorted(sizes)
    assert len(acknowledged) > STOPS


def write(log: Sequencing, acknowledged: set[UUID]) -> None:
    """Write events, and note those whose commit was acknowledged."""
    while not log.stop.wait(0.01):
        try:
            acknowledged.update(tell(log.sessions, CLOCK, 3))
        except (DBAPIError, PoolTimeoutError):
            log.stop.wait(0.1)


def verified(log: Sequencing, folder: Path, state: Path) -> int:
    """Export what the log now publishes, and return its size; both verifiers find it whole.

    Ours remembers what it saw before the last stop: nothing of that may be gone.
    """
    export_log(
        log.sessions, folder, with_bodies=False, clock=CLOCK, progress=lambda _done, _all: None
    )
    key = (folder / "key").read_text().split()[0]
    ours = verify_ours(state, folder, "--key", key)
    assert ours.exit_code == 0, ours
    assert verify_go(key, folder).exit_code == 0
    size: int = ours.told["size"]
    return size
