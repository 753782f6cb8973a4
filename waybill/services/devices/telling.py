"""What the log is told of tablets, badges and those who sign on with them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.codec import JsonValue
from waybill.registry.access import Actor
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.registry import FacilityRow


def device_subjects(device_id: UUID) -> tuple[Subject, ...]:
    """Return the subject under which a tablet's events are found."""
    return (Subject(SubjectKey.DEVICE, str(device_id)),)


def tell(
    session: Session,
    kind: EventKind,
    actor: Actor | None,
    data: Mapping[str, JsonValue],
    facility: FacilityRow,
    *,
    at: datetime,
    also: tuple[Subject, ...] = (),
) -> None:
    """Record what happened with a tablet of a facility."""
    subjects = (
        *also,
        Subject(SubjectKey.FACILITY, str(facility.id)),
        Subject(SubjectKey.ORGANISATION, str(facility.organisation_id)),
    )
    record_event(session, Event(kind=kind, at=at, actor=actor, data=data, subjects=subjects))
