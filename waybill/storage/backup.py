"""Copying a database whole while it is in use, and putting a copy in the place of an empty one.

SQLite is copied by its own online backup, PostgreSQL by `pg_dump` and `pg_restore`, whose programs
must be at hand. What the caller reads of the copy is of the very state that was copied.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from waybill.storage.session import SQLITE_MODE, make_engine, session_factory

SQLITE_FILE: Final = "waybill.sqlite3"
POSTGRESQL_FILE: Final = "waybill.dump"
PAGES_AT_ONCE: Final = 2_000
"""Between two portions of a copy of SQLite others may write."""

ReadT = TypeVar("ReadT")


class BackupError(Exception):
    """A copy cannot be made or used; the message says why."""


def copy_out(
    engine: Engine, folder: Path, read: Callable[[Session], ReadT], programs: Path | None = None
) -> tuple[Path, ReadT]:
    """Copy a database into a folder; return the file, and what `read` finds in the same state.

    Raises:
        BackupError: the copy could not be made.
    """
    if engine.dialect.name == "sqlite":
        target = folder / SQLITE_FILE
        _copy_sqlite(Path(str(engine.url.database)), target)
        with _opened(f"sqlite:///{target}") as copy, copy() as session:
            return target, read(session)
    target = folder / POSTGRESQL_FILE
    isolated = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(isolated) as session, session.begin():
        # The dump takes some time and nobody else waits for this transaction.
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        snapshot = session.scalar(text("SELECT pg_export_snapshot()"))
        found = read(session)
        options = ["--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
        _run("pg_dump", engine.url, [*options, f"--file={target}"], programs)
    target.chmod(SQLITE_MODE)
    return target, found


def copy_in(source: Path, engine: Engine, programs: Path | None = None) -> None:
    """Fill an empty database from a copy.

    Raises:
        BackupError: there are tables already, or the copy could not be read.
    """
    if inspect(engine).get_table_names():
        raise BackupError("the database is not empty; restore into a new one")
    if engine.dialect.name == "sqlite":
        engine.dispose()
        _copy_sqlite(source, Path(str(engine.url.database)))
        return
    options = ["--no-owner", "--no-acl", "--single-transaction", "--exit-on-error"]
    database = f"--dbname={engine.url.database}"
    _run("pg_restore", engine.url, [*options, database, str(source)], programs)


def file_name(engine: Engine) -> str:
    """Return what the copy of such a database is called."""
    return SQLITE_FILE if engine.dialect.name == "sqlite" else POSTGRESQL_FILE


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise BackupError(f"there is no {source}")
    target.touch(SQLITE_MODE)
    target.chmod(SQLITE_MODE)
    try:
        with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
            there.backup(here, pages=PAGES_AT_ONCE)
    except sqlite3.Error as error:
        raise BackupError(f"SQLite: {error}") from error


@contextmanager
def _opened(url: str) -> Iterator[Callable[[], Session]]:
    engine = make_engine(url)
    try:
        yield session_factory(engine)
    finally:
        engine.dispose()


def _run(name: str, url: URL, options: list[str], programs: Path | None) -> None:
    program = shutil.which(name, path=None if programs is None else str(programs))
    if program is None:
        raise BackupError(f"{name} was not found; it comes with PostgreSQL")
    command = [program, *options]
    done = subprocess.run(  # noqa: S603  no shell, and no word of a user
        command, env=_environ(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{name}: {done.stderr.strip()[-500:]}")


def _environ(url: URL) -> Mapping[str, str]:
    """Return the environment for PostgreSQL's programs: a password stands on no command line."""
    known = {
        "PGHOST": url.host,
        "PGPORT": url.port and str(url.port),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {**os.environ, **{name: said for name, said in known.items() if said}}
