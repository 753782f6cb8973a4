"""The sequencer killed at any moment, doubled, rolled back, cut off; events committed out of order.

Whatever happens: nothing acknowledged is lost, nothing is entered twice, and every checkpoint that
was ever signed is of the one tree.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from tests.harness.killed_sequencer import kill_again_and_again
from tests.harness.races import race
from tests.harness.sequenced_log import sequencer, tell
from waybill.clock import SystemClock
from waybill.codec import new_id
from waybill.sequencing import Sequencing, sequencing
from waybill.services.log import sequencer as sequencer_module
from waybill.services.log.checking import check_at_start, check_bundles
from waybill.services.log.sequencer import sequence_batch
from waybill.services.log.serving import find_identity
from waybill.services.log.whole import check_tiles
from waybill.storage.events import Event, EventKind, event_statements
from waybill.storage.log import EventPendingRow, EventRow, LogCheckpointRow, LogEntryRow
from waybill.storage.log_tree import tile_reader
from waybill.storage.session import read_session, session_factory, write_session
from waybill.storage.write import write_together
from waybill.transparency.merkle import EMPTY_ROOT, tree_root
from waybill.transparency.tiles import WIDTH, TileNodes

T = TypeVar("T")
CLOCK = SystemClock()
SECONDS = 4.0
SEED = 20261122


@pytest.fixture
def sessions(committing_engine: Engine) -> sessionmaker[Session]:
    return session_factory(committing_engine)


@pytest.fixture
def log(sessions: sessionmaker[Session], tmp_path: Path) -> Sequencing:
    made = sequencer(sessions, tmp_path / "keys", CLOCK)
    made.open()
    return made


def verify_everything(sessions: sessionmaker[Session], acknowledged: set[UUID]) -> int:
    """Verify the whole log and return its size."""
    with read_session(sessions) as session:
        identity = find_identity(session)
        head = check_at_start(session, identity)
        full = range(head.size // WIDTH)
        check_bundles(session, identity, full)
        check_tiles(session, identity, full)
        entered = list(session.scalars(select(LogEntryRow.event_id)))
        events = set(session.scalars(select(EventRow.id)))
        waiting = session.scalar(select(func.count()).select_from(EventPendingRow))
        nodes = TileNodes(head.size, tile_reader(session, identity))
        signed = session.execute(select(LogCheckpointRow.size, LogCheckpointRow.root)).all()
        roots = [tree_root(size, nodes) if size else EMPTY_ROOT for size, _ in signed]
    assert (len(entered), set(entered), waiting) == (head.size, events, 0)
    assert acknowledged <= events
    assert roots == [root for _, root in signed]
    return head.size


@contextmanager
def writers(sessions: sessionmaker[Session], seed: int) -> Iterator[set[UUID]]:
    """Write events in threads, a few in each transaction; some think better of it.

    Gives the ids of those whose commit was acknowledged.
    """
    acknowledged: set[UUID] = set()
    stop = threading.Event()

    def write(chance: random.Random) -> None:
        while not stop.wait(chance.uniform(0, 0.01)):
            with sessions() as session:
                ids = [write_event(session, new_id()) for _ in range(chance.randint(1, 4))]
                time.sleep(chance.uniform(0, 0.004))
                if chance.random() < 0.2:
                    session.rollback()
                else:
                    session.commit()
                    acknowledged.update(ids)

    threads = [
        threading.Thread(target=write, args=(random.Random(seed + number),))  # noqa: S311  no secret
        for number in range(2)
    ]
    for thread in threads:
        thread.start()
    yield acknowledged
    stop.set()
    for thread in threads:
        thread.join()


def write_event(session: Session, event_id: UUID) -> UUID:
    event = Event(kind=EventKind.SIGNED_IN, at=CLOCK.now(), actor=None)
    write_together(session, event_statements(event, event_id))
    return event_id


def test_killed_again_and_again_it_loses_and_doubles_nothing(
    fresh_database_url: str, log: Sequencing
) -> None:
    def signed() -> int:
        with read_session(log.sessions) as session:
            return session.scalar(select(func.count()).select_from(LogCheckpointRow)) or 0

    with writers(log.sessions, SEED) as acknowledged:
        killed = kill_again_and_again(
            fresh_database_url, log.terms.key_dir, signed=signed, for_s=SECONDS, seed=SEED
        )
    signed_meanwhile = signed()
    log.all()

    size = verify_everything(log.sessions, acknowledged)
    assert killed > 3
    assert signed_meanwhile > 3
    assert size > 50


def test_two_at_once_take_turns(log: Sequencing) -> None:
    def work() -> None:
        while log.batch()[0]:
            pass

    for _ in range(5):
        tell(log.sessions, CLOCK, 40)
        race([work, work, work])
    log.all()

    assert verify_everything(log.sessions, set()) == 201


def test_a_second_leader_without_the_lock_fails_at_the_table(
    log: Sequencing, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    monkeypatch.setattr(sequencer_module, "lock_names", lambda *_: None)
    tell(log.sessions, CLOCK, 3)
    failed: list[Exception] = []

    def second() -> None:
        try:
            with write_session(log.sessions) as session:
                sequence_batch(session, log.terms.key_dir, clock=CLOCK)
        except IntegrityError as error:
            failed.append(error)

    with log.sessions() as first:
        sequence_batch(first, log.terms.key_dir, clock=CLOCK)
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)  # it waits for what the first has not committed
        first.commit()
    thread.join()

    assert len(failed) == 1
    assert verify_everything(log.sessions, set()) == 4


def test_an_older_event_that_is_committed_later_is_entered_too(
    log: Sequencing, dialect: str
) -> None:
    older, newer = new_id(), new_id()
    assert older < newer
    late = log.sessions()
    if dialect == "postgresql":  # SQLite's second writer would wait for the first
        write_event(late, older)
    with write_session(log.sessions) as session:
        write_event(session, newer)
    log.all()
    if dialect == "sqlite":
        write_event(late, older)
    late.commit()
    late.close()
    log.all()

    verify_everything(log.sessions, {older, newer})
    with read_session(log.sessions) as session:
        order = session.scalars(select(LogEntryRow.event_id).order_by(LogEntryRow.index)).all()
    assert order[1:] == [newer, older]


@pytest.mark.parametrize("broken", ["write_tiles", "sign_head", "_enter_pending"])
def test_a_batch_that_fails_leaves_nothing(
    log: Sequencing, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = tell(log.sessions, CLOCK, 300)
    real: Callable[..., object] = getattr(sequencer_module, broken)

    def fail(*given: object, **more: object) -> None:
        real(*given, **more)
        raise RuntimeError("power is gone")

    monkeypatch.setattr(sequencer_module, broken, fail)
    with pytest.raises(RuntimeError, match="power is gone"):
        log.batch()
    with read_session(log.sessions) as session:
        assert session.scalar(select(func.count()).select_from(LogEntryRow)) == 0
    monkeypatch.undo()
    log.all()

    assert verify_everything(log.sessions, set(ids)) == 301


def until_connected(act: Callable[[], T]) -> T:
    """Do something again as long as its own connection is one of those that were cut."""
    for _ in range(20):
        with suppress(OperationalError):
            return act()
        time.sleep(0.05)
    return act()


def test_cut_off_from_the_database_it_goes_on(log: Sequencing, dialect: str) -> None:
    if dialect == "sqlite":
        pytest.skip("SQLite has no connections to cut")
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    ids: list[UUID] = []
    other = session_factory(log.sessions.kw["bind"].engine)

    def cut_off() -> None:
        with other() as session:
            session.execute(cut)

    with sequencing(log):
        for _ in range(8):
            ids += until_connected(lambda: tell(other, CLOCK, 5))
            time.sleep(0.15)
            until_connected(cut_off)
        time.sleep(1.2)

    assert log.refusal is None
    log.stop.clear()
    log.all()
    assert verify_everything(log.sessions, set(ids)) == 41


def test_it_is_less_than_a_second_behind(log: Sequencing) -> None:
    with sequencing(log):
        time.sleep(0.5)
        (event_id,) = tell(log.sessions, CLOCK)
        time.sleep(1.0)
        with read_session(log.sessions) as session:
            waits = session.get(EventPendingRow, event_id)

    assert waits is None
