"""A commit that PostgreSQL does not confirm is not waited for without end.

With a synchronous standby that is gone, a commit waits until the standby is back or is named no
longer, and neither `statement_timeout` nor `lock_timeout` ends that. Every thread of the server
would come to stand in one, and with them whatever only reads. So it is given up after a while: the
connection is closed, and nobody knows whether the act is done until the database goes on.

It is not cancelled. PostgreSQL would then call it done, and others would see what the standby does
not have; left alone, it waits in the database with its locks and is seen by nobody. While one of
them waits, no other write is begun, so they stay few.
"""

from threading import Lock
from time import monotonic
from typing import Any, Final

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Dialect, Engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from typing_extensions import override

from waybill.storage.session import WRITES

CONFIRMED_WITHIN_S: Final = 10.0
"""A standby that is well answers within a second; whoever asks waits longer than this."""
ASKED_AGAIN_S: Final = 1.0
_WAITS: Final = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity"
    " WHERE pid = ANY($1) AND state = 'active' AND query = 'COMMIT')"
)

_HELD: Final = text(
    "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event = 'SyncRep' AND clock_timestamp() - query_start > :within_s * interval '1 s')"
)


class CommitUnknownError(psycopg.OperationalError):
    """A commit was not confirmed; the process of the server that holds it is `backend`."""

    def __init__(self, backend: int) -> None:
        super().__init__("the commit was not confirmed in time")
        self.backend = backend


class UnconfirmedError(OperationalError):
    """Nothing was begun: the database confirms no commit."""


class ImpatientConnection(psycopg.Connection[Any]):
    """A connection that gives up a commit which is not confirmed in time."""

    confirmed_within_s = CONFIRMED_WITHIN_S
    _within_s: float | None = None

    @override
    def commit(self) -> None:
        """Commit.

        Raises:
            CommitUnknownError: nobody knows whether; the connection is closed.
        """
        self._within_s = self.confirmed_within_s
        try:
            super().commit()
        except psycopg.OperationalError as error:
            if self.info.transaction_status is not TransactionStatus.ACTIVE:
                raise
            backend = self.info.backend_pid
            self.close()
            raise CommitUnknownError(backend) from error
        finally:
            self._within_s = None

    @override
    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for what was asked of the server; for a commit so long and no longer."""
        return super().wait(gen, interval, self._within_s if timeout is None else timeout)


class _Unconfirmed:
    """The commits of one engine that were given up, as long as the server holds them."""

    def __init__(self) -> None:
        self._backends: set[int] = set()
        self._asked_at = 0.0
        self._lock = Lock()

    def note(self, context: ExceptionContext) -> None:
        """Remember a commit that was given up; the other connections are as good as before."""
        if isinstance(context.original_exception, CommitUnknownError):
            with self._lock:
                self._backends.add(context.original_exception.backend)
                self._asked_at = monotonic()
            context.invalidate_pool_on_disconnect = False

    def refuse(self, connection: Connection) -> None:
        """Begin nothing that writes while the server holds one of them; ask now and then.

        Raises:
            UnconfirmedError: it does.
        """
        if not self._backends or not connection.get_execution_options().get(WRITES, True):
            return
        with self._lock:
            now = monotonic()
            asks = now - self._asked_at >= ASKED_AGAIN_S
            if asks:
                self._asked_at = now
            backends = list(self._backends)
        if asks and not connection.exec_driver_sql(_WAITS, (backends,)).scalar():
            with self._lock:
                self._backends.difference_update(backends)
        elif backends:
            raise UnconfirmedError(None, None, CommitUnknownError(backends[0]))


def bound_commits(engine: Engine) -> None:
    """Let no commit of an engine be waited for without end; SQLite's wait for nobody."""
    if engine.dialect.name != "postgresql":
        return
    unconfirmed = _Unconfirmed()
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "handle_error", unconfirmed.note)
    event.listen(engine, "begin", unconfirmed.refuse, insert=True)


def _connect(
    _: Dialect, __: ConnectionPoolEntry, words: tuple[Any, ...], named: dict[str, Any]
) -> ImpatientConnection:
    return ImpatientConnection.connect(*words, **named)


def confirms_commits(session: Session) -> bool:
    """Return whether commits are confirmed: none has long been waiting for a standby.

    A role sees its own commits; whoever may read all statistics sees everybody's.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(_HELD, {"within_s": CONFIRMED_WITHIN_S}))
