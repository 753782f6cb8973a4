"""The sequencer over both databases: places, tiles, checkpoints, and when it refuses."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from tests.harness.sequenced_log import ORIGIN, sequencer, tell, tell_quickly
from waybill import sequencing
from waybill.clock import Clock, FixedClock
from waybill.errors import StateError
from waybill.sequencing import Sequencing
from waybill.services.log.checking import LogMismatchError, check_at_start, check_head
from waybill.services.log.keys import verifier_keys
from waybill.services.log.sequencer import LogTerms, sequence_batch
from waybill.services.log.serving import published, served_tile
from waybill.storage.log import EventPendingRow, EventRow, LogCheckpointRow, LogEntryRow, LogTileRow
from waybill.storage.log_tree import current_identity, read_leaves
from waybill.storage.session import read_session, session_factory, write_session
from waybill.transparency.merkle import EMPTY_ROOT, leaf_hash
from waybill.transparency.policy import Policy, trust
from waybill.transparency.tiles import bundles_of, grow, read_bundle, tiles_of


@pytest.fixture
def sessions(committing_engine: Engine) -> sessionmaker[Session]:
    return session_factory(committing_engine)


@pytest.fixture
def log(sessions: sessionmaker[Session], tmp_path: Path, clock: FixedClock) -> Sequencing:
    made = sequencer(sessions, tmp_path / "keys", clock)
    made.open()
    return made


def refuse_read(tile: object) -> bytes:
    raise AssertionError(f"{tile} was read")


def test_a_new_log_signs_that_it_is_empty(log: Sequencing) -> None:
    with read_session(log.sessions) as session:
        found = published(session)
        identity = current_identity(session)
        keys = verifier_keys(session, found.identity, 0)
        waiting = session.scalars(select(EventRow.kind).join(EventPendingRow)).all()

    assert (found.identity, found.head.size, found.head.root) == (identity, 0, EMPTY_ROOT)
    assert trust(found.note, Policy(origin=ORIGIN, log_keys=keys)).checkpoint.origin == ORIGIN
    assert waiting == ["log-key-added"]


@pytest.mark.parametrize("steps", [(1, 1, 3), (254, 1, 1, 600), (2500,)])
def test_events_are_entered_once_and_the_tree_is_theirs(
    log: Sequencing, clock: FixedClock, steps: tuple[int, ...]
) -> None:
    for step in steps:
        tell_quickly(log.sessions, step, clock.now())
        log.all()

    size = 1 + sum(steps)
    with read_session(log.sessions) as session:
        identity = current_identity(session)
        assert identity is not None
        entries = [leaf.entry for leaf in read_leaves(session, identity, 0, size)]
        rows = session.execute(select(LogEntryRow.index.label("place"), LogEntryRow.event_id)).all()
        waiting = session.scalar(select(func.count()).select_from(EventPendingRow))
        expected = grow(0, refuse_read, [leaf_hash(entry) for entry in entries])
        head = check_at_start(session, identity)
        tiles = {tile: served_tile(session, tile.path)[1] for tile in tiles_of(size)}
        bundles = [read_bundle(t, served_tile(session, t.path)[1]) for t in bundles_of(size)]

    assert sorted(row.place for row in rows) == list(range(size))
    assert len({row.event_id for row in rows}) == size
    assert (head.size, head.root, waiting) == (size, expected.root, 0)
    assert tiles == dict(expected.tiles)
    assert [entry for bundle in bundles for entry in bundle] == entries


def test_nothing_waits_and_nothing_is_signed(log: Sequencing) -> None:
    log.all()

    assert log.all() == 0
    with read_session(log.sessions) as session:
        assert list(session.scalars(select(LogCheckpointRow.size))) == [0, 1]


def test_a_log_keeps_its_origin(log: Sequencing) -> None:
    chosen = LogTerms(origin="other.example/log", key_dir=log.terms.key_dir, fixed=True)
    derived = LogTerms(origin="other.example/log", key_dir=log.terms.key_dir)

    Sequencing(sessions=log.sessions, terms=derived, clock=log.clock).open()
    with pytest.raises(StateError, match=r"the settings say other\.example/log"):
        Sequencing(sessions=log.sessions, terms=chosen, clock=log.clock).open()


def test_without_its_private_key_nothing_is_added(log: Sequencing, clock: FixedClock) -> None:
    tell(log.sessions, clock)
    for path in log.terms.key_dir.iterdir():
        path.unlink()

    with pytest.raises(StateError, match="not here"):
        log.batch()
    with read_session(log.sessions) as session:
        assert session.scalar(select(func.count()).select_from(LogEntryRow)) == 0


TAMPERING = [
    pytest.param(
        "UPDATE event SET body = {other} WHERE kind = 'marked'", id="an event at the edge"
    ),
    pytest.param(
        "UPDATE event SET body = {other} WHERE id ="
        ' (SELECT event_id FROM log_entry WHERE "index" = 3)',
        id="an event in a full bundle",
    ),
    pytest.param("UPDATE log_checkpoint SET root = {other32}", id="a root"),
    pytest.param("UPDATE log_checkpoint SET note = {other}", id="a note"),
    pytest.param("UPDATE log_tile SET content = {other} WHERE level = -1", id="a bundle"),
    pytest.param("UPDATE log_tile SET root = {other32} WHERE level = 0", id="a hash above a tile"),
    pytest.param('DELETE FROM log_entry WHERE "index" = 299', id="the last entry"),
    pytest.param('DELETE FROM log_entry WHERE "index" = 7', id="an entry in the middle"),
    pytest.param("DELETE FROM log_checkpoint", id="every checkpoint"),
]


def without_triggers(engine: Engine, dialect: str, statement: str) -> None:
    """Do what only the owner of the database can: change what is append-only."""
    tables = ("event", "log_entry", "log_tile", "log_checkpoint")
    other = {"other": "CAST('{1}' AS BLOB)", "other32": f"CAST('{'x' * 32}' AS BLOB)"}
    with engine.begin() as connection:
        if dialect == "postgresql":
            other = {name: value.replace("BLOB", "BYTEA") for name, value in other.items()}
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for table in tables:
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER {table}_append_only_{verb}"))
        connection.execute(text(statement.format(**other)))
        if dialect == "postgresql":
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


@pytest.mark.parametrize("statement", TAMPERING)
def test_what_was_changed_behind_its_back_is_never_added_to(
    log: Sequencing, clock: FixedClock, committing_engine: Engine, dialect: str, statement: str
) -> None:
    tell_quickly(log.sessions, 298, clock.now())
    log.all()
    mark(log, clock)
    without_triggers(committing_engine, dialect, statement)
    tell(log.sessions, clock)

    log.run()

    assert isinstance(log.refusal, LogMismatchError)
    with read_session(log.sessions) as session:
        assert session.scalar(select(func.max(LogEntryRow.index))) in {298, 299}


def mark(log: Sequencing, clock: FixedClock) -> None:
    """Enter the last event, which is easily found again."""
    with write_session(log.sessions) as session:
        session.add(EventRow(recorded_at=clock.now(), kind="marked", body=b"{}", salt=b"s" * 32))
    log.all()


def test_the_head_is_checked_before_every_batch(
    log: Sequencing, clock: FixedClock, committing_engine: Engine, dialect: str
) -> None:
    mark(log, clock)
    without_triggers(
        committing_engine, dialect, "UPDATE event SET body = {other} WHERE kind = 'marked'"
    )
    tell(log.sessions, clock)

    with pytest.raises(LogMismatchError, match="another root"):
        log.batch()


def test_what_nobody_foresaw_ends_it_and_is_told(
    log: Sequencing, clock: FixedClock, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def fail(*_: object, **__: object) -> tuple[int, bool]:
        raise ZeroDivisionError

    monkeypatch.setattr(sequencing, "sequence_batch", fail)
    tell(log.sessions, clock)

    log.run()

    assert isinstance(log.refusal, ZeroDivisionError)
    assert [record.levelname for record in caplog.records if record.exc_info] == ["CRITICAL"]


def test_a_folder_that_is_away_is_waited_for(
    log: Sequencing, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def fail_first(session: Session, key_dir: Path, *, clock: Clock) -> tuple[int, bool]:
        tries.append(1)
        if len(tries) == 1:
            raise PermissionError("the folder is away")
        log.stop.set()
        return sequence_batch(session, key_dir, clock=clock)

    monkeypatch.setattr(sequencing, "sequence_batch", fail_first)
    tell(log.sessions, clock)

    log.run()

    assert (log.refusal, len(tries)) == (None, 2)
    with read_session(log.sessions) as session:
        assert published(session).head.size == 2


def test_only_full_tiles_are_kept(log: Sequencing, clock: FixedClock) -> None:
    tell_quickly(log.sessions, 600, clock.now())
    log.all()

    with read_session(log.sessions) as session:
        kept = session.execute(select(LogTileRow.level, LogTileRow.index)).all()
        identity = current_identity(session)
        assert identity is not None
        check_head(session, identity)

    assert sorted(map(tuple, kept)) == [(-1, 0), (-1, 1), (0, 0), (0, 1)]
