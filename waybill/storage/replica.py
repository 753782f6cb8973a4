"""A standby that is asked what the authority's desk asks, while it is known to be near enough.

How near it is, is told by positions in the primary's write-ahead log and not by clocks of two
machines: what the primary had flushed at a moment and the standby has replayed, it holds. For that
the primary must commit synchronously to its own disk, as it does unless told otherwise; a commit
that others see before it is flushed would be missed for part of a second.

A standby that cannot be reached costs one failure. Then it rests, and is tried again aside, so
that nobody waits for it; one that hangs is soon not asked any more. Whatever it answers with an
error is asked of the primary once more.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic
from typing import Any, Final, NamedTuple, TypeVar

from psycopg.errors import QueryCanceled
from sqlalchemy import Engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from waybill.errors import NotFoundError
from waybill.settings import Settings
from waybill.storage.session import ALONE, WRITES, make_engine, read_session, session_factory

AnswerT = TypeVar("AnswerT")

REMEMBERED_S: Final = 1.0
"""For so long it is known how far the standby is; then it is asked again."""
PATIENCE_S: Final = 1.0
"""An answer to that question is waited for so long."""
STALE_S: Final = REMEMBERED_S + PATIENCE_S
"""While somebody asks, what was known before is good for so long."""
REST_S: Final = 5.0
"""For so long a standby that failed is left alone."""
CONNECT_TIMEOUT_S: Final = 2
POOL_TIMEOUT_S: Final = 0.5
SAMPLES: Final = 120
"""So many positions of the primary are remembered, one for each second at most."""
LOGGER: Final = logging.getLogger("waybill.replica")

PRIMARY: Final = text(
    "SELECT clock_timestamp(), pg_current_wal_flush_lsn() - '0/0'::pg_lsn,"
    " ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int,"
    " system_identifier FROM pg_control_system() WHERE NOT pg_is_in_recovery()"
)
STANDBY: Final = text(
    "SELECT pg_last_xact_replay_timestamp(), pg_last_wal_replay_lsn() - '0/0'::pg_lsn,"
    " timeline_id, system_identifier"
    " FROM pg_control_system(), pg_control_checkpoint() WHERE pg_is_in_recovery()"
)


class AskPrimaryError(OperationalError):
    """The standby could not answer; the same question is to be put to the primary."""


class NotAStandbyError(Exception):
    """What was reached follows another database, an older time line of ours, or nobody."""


class NotHeldError(Exception):
    """The standby has not yet what is asked for."""


class AnsweredBy(StrEnum):
    """Who answers the desk, and why the replica does not."""

    REPLICA = "replica"
    AWAY = "primary-replica-away"
    BEHIND = "primary-replica-behind"
    NOT_FOUND = "primary-replica-has-it-not"
    """Or it failed while it answered."""


class Position(NamedTuple):
    """Where a server is. `at` is the primary's clock: now, or of the last commit replayed."""

    at: datetime | None
    lsn: int
    timeline: int
    system: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a standby holds: all that was committed before `as_of`, by the primary's clock.

    `lag_s` is how long before the moment of asking that was; `asked_s` is that moment, monotonic.
    """

    as_of: datetime
    lag_s: float
    asked_s: float

    @property
    def age_s(self) -> float:
        """How long ago it was asked, seconds."""
        return monotonic() - self.asked_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A session on the standby, and how far behind it is at most; without one, why not."""

    answered_by: AnsweredBy
    session: Session | None = None
    lag_s: float = 0.0


class Replica:
    """One standby of a primary, shared by threads.

    `limit` is how far behind it may be and still be asked.
    """

    def __init__(self, primary: Engine, url: str, *, limit: timedelta) -> None:
        self.primary = primary
        self.limit = limit
        self.engine = make_engine(
            url, connect_timeout_s=CONNECT_TIMEOUT_S, pool_timeout_s=POOL_TIMEOUT_S
        )
        self.sessions = session_factory(self.engine)
        self._positions: deque[Position] = deque(maxlen=SAMPLES)
        self._standing: Standing | None = None
        self._failed_s: float | None = None
        self._asking = threading.Lock()
        event.listen(self.engine, "handle_error", self._on_error)

    @contextmanager
    def reading(
        self,
        *,
        since: datetime | None = None,
        holds: Callable[[Session], bool] | None = None,
    ) -> Iterator[Copy]:
        """Give a session on the standby, if it is near enough and holds what is asked for.

        Args:
            since: everything that was committed before this moment must be there.
            holds: asks the standby itself whether it has what is needed.

        Raises:
            AskPrimaryError: it failed within the block, or it has not what was looked for; the
                block may be done again with a session on the primary.
        """
        standing = self.look()
        if standing is None:
            yield Copy(answered_by=AnsweredBy.AWAY)
            return
        lag_s = standing.lag_s + standing.age_s
        if lag_s > self.limit.total_seconds() or (since is not None and since > standing.as_of):
            yield Copy(answered_by=AnsweredBy.BEHIND)
            return
        with ExitStack() as stack:
            try:
                session = stack.enter_context(self._session(holds))
            except NotHeldError:
                refused = AnsweredBy.BEHIND
            except (AskPrimaryError, PoolTimeoutError):
                refused = AnsweredBy.AWAY
            else:
                try:
                    yield Copy(answered_by=AnsweredBy.REPLICA, session=session, lag_s=lag_s)
                except NotFoundError as error:
                    # It may be there by now: that a copy lacks something says nothing.
                    raise AskPrimaryError(None, None, error) from error
                return
        yield Copy(answered_by=refused)

    def answer(
        self, question: Callable[[Session], AnswerT], *, holds: Callable[[Session], bool]
    ) -> AnswerT | None:
        """Return what the standby answers to a question, `None` where it cannot."""
        with suppress(AskPrimaryError), self.reading(holds=holds) as copy:
            if copy.session is not None:
                return question(copy.session)
        return None

    def look(self) -> Standing | None:
        """Return how far it is, asked within the last seconds; `None` while it cannot be used.

        It is asked aside: one that hangs is waited for `PATIENCE_S` by whoever asks first, and one
        that has failed by nobody.
        """
        known, failed_s = self._standing, self._failed_s
        if known is not None and known.age_s < REMEMBERED_S:
            return known
        due = failed_s is None or monotonic() - failed_s >= REST_S
        if due and self._asking.acquire(blocking=False):
            asking = threading.Thread(target=self._ask, name="replica", daemon=True)
            asking.start()
            if failed_s is not None or self._unanswered(asking):
                return None
            known = self._standing
        return known if known is not None and known.age_s < STALE_S else None

    def ask(self) -> Standing:
        """Ask both servers how far the standby is.

        Raises:
            NotAStandbyError: what answers is no standby of this primary.
            sqlalchemy.exc.SQLAlchemyError: one of them is away.
        """
        asked_s = monotonic()
        ours = self._where(self.primary, PRIMARY)
        theirs = self._where(self.engine, STANDBY)
        if ours is None or ours.at is None or theirs is None or theirs[2:] != ours[2:]:
            raise NotAStandbyError
        self._positions.append(ours)
        seen = [p.at for p in self._positions if p.at and p.lsn <= theirs.lsn] + [theirs.at]
        moments = [moment for moment in seen if moment is not None]
        if not moments:
            raise NotAStandbyError
        as_of = max(moments)
        lag_s = max(0.0, (ours.at - as_of).total_seconds())
        return Standing(as_of=as_of, lag_s=lag_s, asked_s=asked_s)

    def dispose(self) -> None:
        """Close every connection to it."""
        self.engine.dispose()

    @contextmanager
    def _session(self, holds: Callable[[Session], bool] | None) -> Iterator[Session]:
        with read_session(self.sessions) as session:
            if holds is not None and not holds(session):
                raise NotHeldError
            yield session

    @staticmethod
    def _unanswered(asking: threading.Thread) -> bool:
        asking.join(PATIENCE_S)
        return asking.is_alive()

    def _ask(self) -> None:
        try:
            self._standing = self.ask()
        except (NotAStandbyError, AskPrimaryError, PoolTimeoutError) as error:
            self._fail(error)
        except SQLAlchemyError:
            # The primary is away, and whoever asks it is told; of the standby nothing is known.
            self._standing = None
        else:
            if self._failed_s is not None:
                LOGGER.warning("the replica is back")
            self._failed_s = None
        finally:
            self._asking.release()

    def _fail(self, error: Exception) -> None:
        cause = getattr(error, "orig", None) or error
        if self._failed_s is None:
            LOGGER.warning("the replica is left alone: %s", type(cause).__name__)
        self._standing, self._failed_s = None, monotonic()
        self._positions.clear()

    @staticmethod
    def _where(engine: Engine, question: Any) -> Position | None:  # noqa: ANN401  SQLAlchemy's text
        with engine.connect().execution_options(**{WRITES: False, ALONE: True}) as connection:
            row = connection.execute(question).one_or_none()
        return None if row is None else Position(row[0], int(row[1]), row[2], row[3])

    def _on_error(self, context: ExceptionContext) -> None:
        """Turn what fails at the standby into a question to the primary.

        But for a statement that took too long: it would take as long again.
        """
        original = context.original_exception
        if isinstance(original, QueryCanceled):
            return
        if context.is_disconnect or context.connection is None:
            self._fail(original if isinstance(original, Exception) else Exception())
        raise AskPrimaryError(context.statement, None, original, hide_parameters=True)


def make_replica(settings: Settings, primary: Engine) -> Replica | None:
    """Return the standby of an installation, `None` where it has none."""
    if settings.replica_url is None:
        return None
    return Replica(primary, settings.replica_url, limit=settings.replica_lag)
