"""How the log fares: how far behind it is, how large, and whether it holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from waybill.services.log.checking import LogMismatchError, check_head, stray_events
from waybill.storage.log import EventPendingRow, EventRow
from waybill.storage.log_tree import Head, current_identity, find_head

MAX_COUNTED: Final = 10_000
LOOK_AGAIN_AFTER: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHealth:
    """What is told of the log. Nobody's business is in it: counts, times, and what does not hold.

    `head` is `None` before the first checkpoint. `mismatch` is empty while tree, entries and
    signature are what the newest checkpoint says. `strays` are events that were left out.
    """

    pending: int
    oldest_at: datetime | None
    head: Head | None
    mismatch: str
    strays: int

    def lag_s(self, now: datetime) -> int:
        """Return for how many seconds the oldest waiting event has waited."""
        waited = timedelta() if self.oldest_at is None else now - self.oldest_at
        return max(0, int(waited.total_seconds()))

    def checkpoint_age_s(self, now: datetime) -> int:
        """Return how many seconds ago the newest checkpoint was signed."""
        age = timedelta() if self.head is None else now - self.head.recorded_at
        return max(0, int(age.total_seconds()))


@dataclass(slots=True)
class LogWatch:
    """Looks at the log, whoever asks and however often; the tree only every few seconds."""

    _looked_at: datetime | None = None
    _mismatch: str = ""
    _strays: int = 0

    def look(self, session: Session, now: datetime) -> LogHealth:
        """Return how the log fares."""
        pending, oldest = _waiting(session)
        if self._looked_at is None or not timedelta() <= now - self._looked_at < LOOK_AGAIN_AFTER:
            self._look_closely(session)
            self._looked_at = now
        identity = current_identity(session)
        return LogHealth(
            pending=pending,
            oldest_at=oldest,
            head=None if identity is None else find_head(session, identity.epoch),
            mismatch=self._mismatch,
            strays=self._strays,
        )

    def _look_closely(self, session: Session) -> None:
        identity = current_identity(session)
        self._mismatch, self._strays = "", len(stray_events(session))
        if identity is not None:
            try:
                check_head(session, identity)
            except LogMismatchError as error:
                self._mismatch = str(error)


def _waiting(session: Session) -> tuple[int, datetime | None]:
    """Return how many events wait for the tree, and since when the oldest does.

    Anybody may ask as often as they like, so no more than `MAX_COUNTED` are counted.
    """
    some = select(EventPendingRow.event_id).limit(MAX_COUNTED).subquery()
    count = session.scalar(select(func.count()).select_from(some)) or 0
    pending = EventPendingRow.event_id
    first = select(pending).order_by(pending).limit(1).scalar_subquery()
    oldest = session.scalar(select(EventRow.recorded_at).where(EventRow.id == first))
    return count, oldest
