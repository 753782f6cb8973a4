"""What a database is asked and for how long: nothing waits for ever, nothing is half written."""

import os
import socket
import stat
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from tests.harness.races import race
from waybill.storage import session as storage
from waybill.storage.identity import SignInAttemptRow
from waybill.storage.session import lock_names, make_engine, session_factory, write_session

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)


@pytest.fixture
def sessions(committing_engine: Engine) -> sessionmaker[Session]:
    return session_factory(committing_engine)


@pytest.fixture
def on_postgresql(dialect: str) -> None:
    """Skip where the database has no such thing."""
    if dialect != "postgresql":
        pytest.skip("SQLite has one lock, and no settings of this kind")


def count(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(SignInAttemptRow)) or 0


def read_then_write(sessions: sessionmaker[Session], name: str) -> None:
    for number in range(25):
        with write_session(sessions) as session:
            session.scalar(select(func.count()).select_from(SignInAttemptRow))
            session.add(
                SignInAttemptRow(subject=f"{name}-{number}", at=NOW + timedelta(seconds=number))
            )


def test_four_writers_that_read_first_all_get_through(sessions: sessionmaker[Session]) -> None:
    race([partial(read_then_write, sessions, f"writer-{n}") for n in range(4)])

    assert count(sessions) == 100


def test_an_error_takes_back_everything_before_it(sessions: sessionmaker[Session]) -> None:
    def fail_half_way() -> None:
        with write_session(sessions) as session:
            session.add(SignInAttemptRow(subject="half", at=NOW))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail_half_way()

    assert count(sessions) == 0


@pytest.mark.usefixtures("on_postgresql")
class TestConnections:
    """What a request is given of a connection, and what it costs."""

    @pytest.mark.parametrize("rest_s", [0.0, 60.0], ids=["after a rest", "at once"])
    def test_one_that_died_is_replaced(
        self, database_url: str, rest_s: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storage, "REST_S", rest_s)
        engine = make_engine(database_url)
        with engine.connect() as connection:
            first = connection.scalar(select(func.pg_backend_pid()))
        another = make_engine(database_url)
        with another.connect() as other:
            assert other.scalar(select(func.pg_terminate_backend(first)))
        another.dispose()

        with engine.connect() as connection:
            assert connection.scalar(select(func.pg_backend_pid())) != first
        engine.dispose()

    def test_one_that_reads_does_not_write(self, sessions: sessionmaker[Session]) -> None:
        def write() -> None:
            with storage.read_session(sessions) as session:
                session.add(SignInAttemptRow(subject="read", at=NOW))

        with pytest.raises(DBAPIError, match="read-only"):
            write()

    def test_a_glance_begins_no_transaction(self, sessions: sessionmaker[Session]) -> None:
        with storage.glance_session(sessions) as session:
            first = session.scalar(select(func.now()))
            assert session.scalar(select(func.now())) != first

    @pytest.mark.parametrize(
        ("same", "mode"), [(True, "force_generic_plan"), (False, "auto")], ids=["same", "anew"]
    )
    def test_plans_are_made_once_where_that_is_asked_for_and_for_that_transaction_alone(
        self, sessions: sessionmaker[Session], *, same: bool, mode: str
    ) -> None:
        shown = text("SHOW plan_cache_mode")
        with write_session(sessions, same_plans=same) as session:
            assert session.scalar(shown) == mode

        with write_session(sessions) as session:
            assert session.scalar(shown) == "auto"


def test_a_new_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "made" / "waybill.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in path.parent.iterdir()}
    engine.dispose()

    assert modes == {
        "waybill.sqlite3": 0o600,
        "waybill.sqlite3-wal": 0o600,
        "waybill.sqlite3-shm": 0o600,
    }


@pytest.mark.usefixtures("on_postgresql")
class TestPostgresql:
    def test_every_connection_has_its_limits(self, committing_engine: Engine) -> None:
        with committing_engine.connect() as connection:
            found = {
                name: connection.scalar(text(f"SHOW {name}")) for name in storage.POSTGRESQL_LIMITS
            }

        assert found == {
            "timezone": "UTC",
            "lock_timeout": "5s",
            "statement_timeout": "20s",
            "idle_in_transaction_session_timeout": "1min",
        }

    def test_a_lock_that_is_held_too_long_is_given_up(self, committing_engine: Engine) -> None:
        with committing_engine.connect() as holder, committing_engine.connect() as other:
            holder.execute(text("LOCK TABLE sign_in_attempt"))
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))

            with pytest.raises(OperationalError, match="LockNotAvailable"):
                other.execute(text("SELECT count(*) FROM sign_in_attempt"))

    def test_a_named_lock_is_held_until_the_transaction_ends(
        self, sessions: sessionmaker[Session]
    ) -> None:
        with sessions() as holder, sessions() as other:
            lock_names(holder, ("b", "a"))
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))
            with pytest.raises(OperationalError, match="LockNotAvailable"):
                lock_names(other, ("a",))
            other.rollback()
            holder.rollback()

            lock_names(other, ("a", "b"))

    def test_names_locked_in_any_order_do_not_deadlock(
        self, sessions: sessionmaker[Session]
    ) -> None:
        def lock(*names: str) -> None:
            for _ in range(30):
                with write_session(sessions) as session:
                    lock_names(session, names)

        race([partial(lock, "a", "b"), partial(lock, "b", "a")])

    def test_a_connection_lost_half_way_leaves_nothing(
        self, sessions: sessionmaker[Session], committing_engine: Engine
    ) -> None:
        def lose_it_half_way() -> None:
            with write_session(sessions) as session:
                session.add(SignInAttemptRow(subject="lost", at=NOW))
                session.flush()
                cut_off(committing_engine, session)
                session.execute(text("SELECT 1"))

        with pytest.raises(OperationalError):
            lose_it_half_way()

        assert count(sessions) == 0


def cut_off(engine: Engine, session: Session) -> None:
    """End the server's side of a session's connection."""
    number = session.scalar(text("SELECT pg_backend_pid()"))
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})


@pytest.mark.usefixtures("on_postgresql")
def test_a_server_that_vanishes_without_a_word_is_given_up(engine: Engine) -> None:
    with engine.connect() as connection:
        number = connection.connection.dbapi_connection.fileno()  # type: ignore[union-attr]
        with socket.socket(fileno=os.dup(number)) as wire:
            unanswered_ms = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            silent_s = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)

    assert (unanswered_ms, silent_s) == (25_000, 10)
