"""What is held of one person, in one piece: what the person may ask for (access report)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import parse_json
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.personal import (
    AccessReport,
    HeldValue,
    NamingWaybill,
    PastLook,
    ReportedValue,
    ValueState,
)
from waybill.services.personal.disclosing import disclose_value
from waybill.services.personal.holdings import values_of_person
from waybill.services.registry.validation import checked_reason
from waybill.storage.events import EventKind, SubjectKey
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import PersonRow
from waybill.storage.waybills import WaybillRow

MOST_LINES: Final = 5000
"""Of each list; `complete` says whether there were more."""
LOOKS: Final = (EventKind.PERSONAL_VALUE_SHOWN, EventKind.PERSONAL_VALUE_DISCLOSED)


def report_access(
    session: Session,
    actor: Actor,
    person_id: UUID,
    reason: str,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> AccessReport:
    """Return what is held of a person: values, waybills that name it, and who looked.

    Each value is disclosed, with its event; looks are those before. What is restricted or erased
    is told without the value.

    Raises:
        ForbiddenError: the account may not read personal values.
        NotFoundError: there is no such person, or it is another organisation's.
        InvalidFieldError: no readable reason.
    """
    person = get_reported(session, actor, person_id)
    stated = checked_reason(reason)
    looks, waybills = _looks(session, person_id), _waybills(session, person_id)
    values = tuple(
        _reported(session, actor, value, stated, vault=vault, clock=clock)
        for value in values_of_person(session, person_id)
    )
    return AccessReport(
        person_id=person_id,
        reference=person.reference,
        organisation_id=person.organisation_id,
        made_at=clock.now(),
        values=values,
        waybills=waybills[:MOST_LINES],
        looks=looks[:MOST_LINES],
        complete=max(len(looks), len(waybills)) <= MOST_LINES,
    )


def get_reported(session: Session, actor: Actor, person_id: UUID) -> PersonRow:
    """Return the person whom a report would be about.

    Raises:
        ForbiddenError: the account may not read personal values.
        NotFoundError: there is no such person, or it is another organisation's.
    """
    actor.require(Permission.READ_PERSONAL)
    person = session.get(PersonRow, person_id)
    if person is None or not (actor.oversees or person.organisation_id == actor.organisation_id):
        raise NotFoundError("person", person_id)
    return person


def _reported(
    session: Session,
    actor: Actor,
    value: HeldValue,
    reason: str,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> ReportedValue:
    told = None
    if value.state is ValueState.STORED:
        shown = disclose_value(session, actor, value.commitment, reason, vault=vault, clock=clock)
        told = shown.value
    return ReportedValue(
        field=value.field,
        commitment=value.commitment,
        state=value.state,
        value=told,
        recorded_at=value.recorded_at,
        replaced_at=value.replaced_at,
        erased_at=value.erased_at,
    )


def _waybills(session: Session, person_id: UUID) -> tuple[NamingWaybill, ...]:
    crew = or_(WaybillRow.driver_id == person_id, WaybillRow.escort_id == person_id)
    rows = session.execute(
        select(WaybillRow.number, WaybillRow.created_at, WaybillRow.driver_id)
        .where(crew, WaybillRow.number.is_not(None))
        .order_by(WaybillRow.id.desc())
        .limit(MOST_LINES + 1)
    )
    return tuple(
        NamingWaybill(
            number=str(number),
            created_at=created_at,
            named_as="driver" if driver_id == person_id else "escort",
        )
        for number, created_at, driver_id in rows
    )


def _looks(session: Session, person_id: UUID) -> tuple[PastLook, ...]:
    bodies = session.scalars(
        select(EventRow.body)
        .join(EventSubjectRow, EventSubjectRow.event_id == EventRow.id)
        .where(
            EventSubjectRow.subject_kind == SubjectKey.PERSON,
            EventSubjectRow.subject_key == str(person_id),
            EventRow.kind.in_(LOOKS),
        )
        .order_by(EventRow.id.desc())
        .limit(MOST_LINES + 1)
    )
    return tuple(map(_look, bodies))


def _look(body: bytes) -> PastLook:
    event = parse_json(body)
    told = event if isinstance(event, dict) else {}
    actor, data = told.get("actor"), told.get("data")
    by = actor if isinstance(actor, dict) else {}
    return PastLook(
        at=datetime.fromisoformat(str(told.get("at"))),
        organisation_id=UUID(str(by["organisation"])) if by else None,
        role=str(by.get("role", "")),
        field=str(data.get("field")) if isinstance(data, dict) else "",
        reason=str(data.get("reason")) if isinstance(data, dict) else "",
    )
