"""Engines and sessions: one way to open a database, whichever it is.

SQLite runs in WAL mode with foreign keys on. A session that will write takes the write lock at
its first statement (`BEGIN IMMEDIATE`): a deferred one that reads first and writes later fails
under contention however long it waits.

On PostgreSQL nothing waits for ever: neither for a lock, nor for a statement, nor for a client
that has opened a transaction and gone silent. What is given up raises `OperationalError`.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from select import POLLIN
from select import poll as select_poll
from time import monotonic
from typing import Any, Final

from psycopg import RawCursor, RawServerCursor
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, func, not_, select, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from waybill.codec import sha256
from waybill.storage.guard import guard
from waybill.storage.one_writer import OneWriter
from waybill.storage.prepared import PARAMETERS

SQLITE_BUSY_TIMEOUT_MS: Final = 10_000
SQLITE_MODE: Final = 0o600
"""Rights of a new database file: password hashes are nobody else's to read."""
CONNECT_TIMEOUT_S: Final = 5
POOL_TIMEOUT_S: Final = 5
POSTGRESQL_LIMITS: Final = {
    "timezone": "UTC",
    "lock_timeout": "5s",
    "statement_timeout": "20s",
    "idle_in_transaction_session_timeout": "60s",
}
"""Settings of every connection; migrations and exports set their own for their transaction."""
DEAD_NETWORK: Final = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""A server that vanished without a word is given up after 25 s; a statement ends before that."""
REST_S: Final = 1.0
"""A connection that nobody used for so long is asked whether it still lives."""
WRITES: Final = "writes"
"""Option of a connection: whether its transaction may write."""
SAME_PLANS: Final = "same_plans"
"""Option of a connection: what its transaction asks is planned once, not for the values of each.

To plan the union by which a trip is gathered costs more than to run it.
"""
ALONE: Final = "alone"
"""Option of a connection: each statement is a transaction of its own."""
_USED_AT: Final = "used_at"
_TAKEN: Final = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})


def make_engine(
    url: str,
    *,
    pool_size: int = 5,
    connect_timeout_s: int = CONNECT_TIMEOUT_S,
    pool_timeout_s: float = POOL_TIMEOUT_S,
) -> Engine:
    """Return an engine for a database URL (`sqlite:///…` or `postgresql+psycopg://…`).

    Of several hosts in a PostgreSQL's URL each is tried for `connect_timeout_s` seconds.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url, parsed.database)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed,
        paramstyle=PARAMETERS,
        pool_size=pool_size,
        pool_timeout=pool_timeout_s,
        hide_parameters=True,
        connect_args={
            # The driver's own transactions are off; `_begin_postgresql` opens them.
            "autocommit": True,
            "options": " ".join(f"-c {name}={value}" for name, value in POSTGRESQL_LIMITS.items()),
            "application_name": "waybill",
            "connect_timeout": connect_timeout_s,
            **DEAD_NETWORK,
        },
    )
    event.listen(engine, "connect", _take_raw)
    event.listen(engine, "handle_error", _tell_read_only)
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _ping_after_rest(engine.dialect))
    return engine


def _take_raw(connection: Any, _: ConnectionPoolEntry) -> None:  # noqa: ANN401  psycopg's connection
    """Let the driver take statements as they are, with parameters as the server writes them."""
    connection.cursor_factory = RawCursor
    connection.server_cursor_factory = RawServerCursor


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(ALONE, False):
        return
    begin = "BEGIN" if options.get(WRITES, True) else "BEGIN READ ONLY"
    if options.get(SAME_PLANS, False):  # in the same trip
        begin += "; SET LOCAL plan_cache_mode = force_generic_plan"
    connection.exec_driver_sql(begin)


class ReadOnlyDatabaseError(OperationalError):
    """The database takes no writes: a standby, or a primary that was turned read-only."""


def _tell_read_only(context: ExceptionContext) -> None:
    """Let go of a database that refuses what may be written.

    Every connection is made anew, so that of several hosts the one is found that takes writes.
    A write in a transaction of ours that only reads stays what it is, a fault of the program.
    """
    connection = context.connection
    if not isinstance(context.original_exception, ReadOnlySqlTransaction) or connection is None:
        return
    if connection.get_execution_options().get(WRITES, True):
        context.is_disconnect = True
        raise ReadOnlyDatabaseError(
            context.statement, None, context.original_exception, hide_parameters=True
        )


def _note_use(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[_USED_AT] = monotonic()


def _ping_after_rest(
    dialect: Dialect,
) -> Callable[[DBAPIConnection, ConnectionPoolEntry, PoolProxiedConnection], None]:
    """Return what asks a connection whether it still lives, if there is reason to ask.

    There is if it rested since its last use, or if something came from the server that nobody
    asked for: its last word. To ask before each use would be one trip in five of a scan's.
    """

    def ping(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None or (monotonic() - used_at < REST_S and not _stirs(connection)):
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("the connection did not outlive its rest") from error

    return ping


def _stirs(connection: Any) -> bool:  # noqa: ANN401  psycopg's connection
    """Whether there is something to be read of a connection on which nothing was asked."""
    poll = select_poll()
    poll.register(connection.fileno(), POLLIN)
    return bool(poll.poll(0))


def _sqlite_engine(url: str, database: str | None) -> Engine:
    if database not in (None, "", ":memory:"):
        _make_file(Path(str(database)))
    # The driver's own transactions are off; `_begin_sqlite` opens them.
    engine = create_engine(
        url,
        connect_args={"isolation_level": None},
        pool_timeout=POOL_TIMEOUT_S,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    writer = OneWriter(engine, wait_s=SQLITE_BUSY_TIMEOUT_MS / 1000)
    event.listen(engine, "begin", partial(_begin_sqlite, writer))
    return engine


def _make_file(path: Path) -> None:
    """Make an empty database file that its owner alone reads; its journal takes its rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, SQLITE_MODE))


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_sqlite(writer: OneWriter, connection: Connection) -> None:
    if connection.get_execution_options().get(WRITES, True):
        writer.begin(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Return the maker of sessions; objects stay readable after commit.

    None of them commits a decision without its event.
    """
    sessions = sessionmaker(engine, expire_on_commit=False)
    guard(sessions)
    return sessions


@contextmanager
def write_session(
    sessions: sessionmaker[Session], *, same_plans: bool = False
) -> Iterator[Session]:
    """Give a session in a transaction that may write; commit on success, else roll back."""
    with sessions() as session, session.begin():
        if same_plans:
            session.connection(execution_options={SAME_PLANS: True})
        yield session


@contextmanager
def glance_session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Give a session for one statement that only reads, which is a transaction of its own.

    On PostgreSQL this saves the trips that begin and end one.
    """
    with sessions() as session, session.begin():
        session.connection(execution_options={WRITES: False, ALONE: True})
        yield session


@contextmanager
def read_session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Give a session in a transaction that only reads; it takes no write lock."""
    with sessions() as session, session.begin():
        session.connection(execution_options={WRITES: False})
        yield session


def takes_writes(session: Session) -> bool:
    """Return whether the database takes writes: no standby does, nor one that was told not to."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    setting = func.current_setting("default_transaction_read_only")
    found = session.scalar(select(not_(func.pg_is_in_recovery()) & (setting == "off")))
    return bool(found)


def lock_names(session: Session, names: Iterable[str]) -> None:
    """Hold a lock on each of some names until the transaction ends, always in the same order.

    SQLite's transactions that write hold the one write lock already.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    keys = {int.from_bytes(sha256(name.encode())[:8], "big", signed=True) for name in names}
    for key in sorted(keys):
        session.execute(select(func.pg_advisory_xact_lock(key)))


def is_unique_violation(error: DBAPIError) -> bool:
    """Return whether a statement failed because what it wrote is there once already."""
    names = ("sqlstate", "sqlite_errorname")
    return any(getattr(error.orig, name, None) in _TAKEN for name in names)


def overwrite_erased(session: Session) -> None:
    """Let SQLite overwrite what this connection erases from now on.

    Else what is given back of the file keeps its bytes until something else needs the room.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))
