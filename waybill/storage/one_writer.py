"""SQLite has one writer at a time: within a process the others wait in line here.

SQLite itself lets whoever waits look again after a while, and the longer they wait the more seldom
they look: under load the unlucky one never finds it free and is told that the database is locked.
Here whoever is done wakes the next. Several processes still meet at SQLite's own lock, one of each.
"""

import sqlite3
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

BEGIN: Final = "BEGIN IMMEDIATE"
_HOLDS: Final = "holds_the_write_lock"


class OneWriter:
    """The line before an engine's database, for transactions that write.

    Args:
        wait_s: how long one waits, in seconds, before `OperationalError` is raised.
    """

    def __init__(self, engine: Engine, *, wait_s: float) -> None:
        self._lock: Final = Lock()
        self._wait_s: Final = wait_s
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "rollback", self._leave)
        event.listen(engine, "checkin", self._leave_entry)
        event.listen(engine, "invalidate", self._leave_entry)

    def begin(self, connection: Connection) -> None:
        """Begin a transaction that writes, when it is its turn."""
        if not self._lock.acquire(timeout=self._wait_s):
            raise OperationalError(BEGIN, None, sqlite3.OperationalError("database is locked"))
        connection.info[_HOLDS] = True
        try:
            connection.exec_driver_sql(BEGIN)
        except BaseException:
            self._leave(connection)
            raise

    def _commit(self, connection: Connection) -> None:
        """Commit, then let the next one begin; what the driver commits afterwards is nothing."""
        if not connection.info.get(_HOLDS):
            return
        try:
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            # SQLite leaves a transaction open that it could not commit, and nobody else ends it.
            connection.connection.rollback()
            raise
        finally:
            self._leave(connection)

    def _leave(self, connection: Connection) -> None:
        if not connection.invalidated:  # what was given up has left with its entry
            self._release(connection.info)

    def _leave_entry(self, _: object, entry: ConnectionPoolEntry, *__: object) -> None:
        self._release(entry.info)

    def _release(self, info: dict[Any, Any]) -> None:
        if info.pop(_HOLDS, False):
            self._lock.release()
