"""Whether somebody was signed on at a tablet, by what the server knows of its bay sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.services.devices.bay_sessions import SIGNED_ON_FOR
from waybill.services.offline.timing import TOLERANCE
from waybill.storage.devices import BaySessionRow


def find_session(
    session: Session, device_id: UUID, session_id: UUID | None, user_id: UUID | None
) -> BaySessionRow | None:
    """Return a person's session at a tablet, `None` where it is not theirs or not there."""
    row = session.get(BaySessionRow, session_id) if session_id else None
    own = row is not None and (row.device_id, row.user_id) == (device_id, user_id)
    return row if own else None


def runs_at(signed_on: BaySessionRow, at: datetime) -> bool:
    """Return whether a session ran at a moment, with room for a clock that is a little off.

    One from which nobody signed off is over after its twelve hours all the same.
    """
    over_at = signed_on.started_at + SIGNED_ON_FOR
    ended_at = min(signed_on.ended_at or over_at, over_at)
    return signed_on.started_at - TOLERANCE <= at <= ended_at + TOLERANCE
