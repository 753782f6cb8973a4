"""Which state of the log figures speak of: its size, and the checkpoint that fixes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from waybill.codec import JsonValue
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.log import EventPendingRow, EventRow, LogCheckpointRow, LogEntryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeState:
    """Entries 0 to `size` - 1; `origin` and `root` are the checkpoint's of exactly that size."""

    size: int
    origin: str | None = None
    root: str | None = None

    def as_json(self) -> dict[str, JsonValue]:
        """Return how documents name it."""
        return {"size": self.size, "origin": self.origin, "root": self.root}


def counted_tree(session: Session) -> TreeState:
    """Return the newest signed state that the tables for counting reach, else how far they reach.

    A log without a checkpoint has no root to name; the size alone can still be recomputed.
    """
    size = tallied_size(session)
    newest = session.scalar(
        select(func.max(LogCheckpointRow.size)).where(LogCheckpointRow.size <= size)
    )
    return tree_at(session, size if newest is None else newest)


def tree_at(session: Session, size: int) -> TreeState:
    """Return the state of a size, with the checkpoint that fixes it where there is one."""
    row = session.execute(
        select(LogCheckpointRow.root, LogCheckpointRow.note)
        .where(LogCheckpointRow.size == size)
        .order_by(LogCheckpointRow.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return TreeState(size=size)
    origin = row.note.partition(b"\n")[0].decode()
    return TreeState(size=size, origin=origin, root=row.root.hex())


def is_complete(session: Session, size: int, before: datetime) -> bool:
    """Return whether every event that was recorded before a moment has its entry before `size`."""
    pending = (
        select(EventPendingRow.event_id)
        .join(EventRow, EventRow.id == EventPendingRow.event_id)
        .where(EventRow.recorded_at < before)
    )
    later = (
        select(LogEntryRow.event_id)
        .join(EventRow, EventRow.id == LogEntryRow.event_id)
        .where(LogEntryRow.index >= size, EventRow.recorded_at < before)
    )
    return not any(session.scalar(found.limit(1)) for found in (pending, later))
