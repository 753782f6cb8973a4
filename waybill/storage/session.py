"""Engines and sessions: one way to open a database, whichever it is.

SQLite runs in WAL mode with foreign keys on. A session that will write takes the write lock at
its first statement (`BEGIN IMMEDIATE`): a deferred one that reads first and writes later fails
under contention however long it waits.

On PostgreSQL nothing waits for ever: neither for a lock, nor for a statement, nor for a client
that has opened a transaction and gone silent. What is given up raises `OperationalError`.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from waybill.codec import sha256
from waybill.storage.guard import guard

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
WRITES: Final = "writes"
"""Key of `Session.info`: whether this session may write."""


def make_engine(url: str, *, pool_size: int = 5) -> Engine:
    """Return an engine for a database URL (`sqlite:///…` or `postgresql+psycopg://…`)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url, parsed.database)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(
        parsed,
        pool_size=pool_size,
        pool_pre_ping=True,
        pool_timeout=POOL_TIMEOUT_S,
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in POSTGRESQL_LIMITS.items()),
            "application_name": "waybill",
            "connect_timeout": CONNECT_TIMEOUT_S,
        },
    )


def _sqlite_engine(url: str, database: str | None) -> Engine:
    if database not in (None, "", ":memory:"):
        _make_file(Path(str(database)))
    # The driver's own transactions are off; `_begin_sqlite` opens them.
    engine = create_engine(url, connect_args={"isolation_level": None}, pool_timeout=POOL_TIMEOUT_S)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
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


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401  SQLAlchemy's connection
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Return the maker of sessions; objects stay readable after commit.

    None of them commits a decision without its event.
    """
    sessions = sessionmaker(engine, expire_on_commit=False)
    guard(sessions)
    return sessions


@contextmanager
def write_session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Give a session in a transaction that may write; commit on success, else roll back."""
    with sessions() as session, session.begin():
        yield session


@contextmanager
def read_session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Give a session in a transaction that only reads; it takes no write lock."""
    with sessions() as session, session.begin():
        session.connection(execution_options={WRITES: False})
        yield session


def lock_names(session: Session, names: Iterable[str]) -> None:
    """Hold a lock on each of some names until the transaction ends, always in the same order.

    SQLite's transactions that write hold the one write lock already.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    keys = {int.from_bytes(sha256(name.encode())[:8], "big", signed=True) for name in names}
    for key in sorted(keys):
        session.execute(select(func.pg_advisory_xact_lock(key)))
