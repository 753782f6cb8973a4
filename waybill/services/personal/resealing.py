"""Changing the key under which personal values lie."""

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.services.registry.validation import checked_reason
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.resealing import reseal_values


def change_personal_key(
    session: Session, old: bytes, new: bytes, *, reason: str, clock: Clock
) -> int:
    """Seal all personal values under a new key and return how many; the operator does it.

    Nobody may read or write personal values meanwhile: server and worker stand still.

    Raises:
        ResealError: a value does not hold under the old key; nothing is changed.
        InvalidFieldError: no readable reason.
    """
    settled = checked_reason(reason)
    count = reseal_values(session, old, new)
    data: dict[str, JsonValue] = {"values": count, "reason": settled}
    event = Event(kind=EventKind.PERSONAL_KEY_CHANGED, at=clock.now(), actor=None, data=data)
    record_event(session, event)
    return count
