"""The log as the sequencer leaves it, for tests that only read it in its order."""

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from waybill.services.statistics.projecting import project_entries
from waybill.services.statistics.summing import sum_entries
from waybill.storage.log import EventPendingRow, LogEntryRow


def sequence(session: Session) -> int:
    """Give every pending event its place, in the order of the events; return the log's size."""
    size = session.scalar(select(func.count()).select_from(LogEntryRow)) or 0
    pending = session.scalars(select(EventPendingRow.event_id).order_by(EventPendingRow.event_id))
    for index, event_id in enumerate(pending.all(), start=size):
        session.execute(insert(LogEntryRow).values(index=index, event_id=event_id))
        size = index + 1
    session.execute(delete(EventPendingRow))
    return size


def counted_up(session: Session) -> int:
    """Sequence what is pending and carry it over to the tables for counting."""
    size = sequence(session)
    while project_entries(session):
        pass
    while sum_entries(session):
        pass
    return size
