"""Showing a personal value in clear: by right, with a reason, and never without its event."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.records import Disclosure
from waybill.services.personal.disclosing import refuse_restricted
from waybill.services.personal.holdings import known_values
from waybill.services.registry import certificates, people
from waybill.services.registry.people import person_subjects
from waybill.services.registry.person_fields import CERTIFICATE_NUMBER, ID_NUMBER, NAME, PHONE
from waybill.services.registry.subjects import get_subject
from waybill.services.registry.validation import checked_reason
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.personal import PersonalVault


class PersonalField(StrEnum):
    """What can be shown of a person."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"


_COLUMNS: Final = {
    PersonalField.NAME: (NAME, "name_ref"),
    PersonalField.ID_NUMBER: (ID_NUMBER, "id_number_ref"),
    PersonalField.PHONE: (PHONE, "phone_ref"),
}


def disclose_person(
    session: Session,
    actor: Actor,
    person_id: UUID,
    field: PersonalField,
    reason: str,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> Disclosure:
    """Show one value of a person; that it was shown, to whom and why, is an event.

    Raises:
        ForbiddenError: the account may not read personal values.
        NotFoundError: the caller sees no such person, or the value is not there or was erased.
        StateError: the value is under restriction.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.READ_PERSONAL)
    row = people.find_row(session, actor, person_id)
    name, column = _COLUMNS[field]
    commitment: str | None = getattr(row, column)
    return _disclose(
        session,
        actor,
        (name, commitment),
        subjects=person_subjects(row),
        reason=reason,
        vault=vault,
        clock=clock,
    )


def disclose_certificate_number(
    session: Session,
    actor: Actor,
    certificate_id: UUID,
    reason: str,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> Disclosure:
    """Show the number of a person's certificate; that it was shown is an event.

    Raises:
        ForbiddenError: the account may not read personal values.
        NotFoundError: the caller sees no such personal certificate, or the number was erased.
        StateError: the number is under restriction.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.READ_PERSONAL)
    row = certificates.find_row(session, actor, certificate_id)
    known = get_subject(session, row.subject_kind, row.subject_id)
    return _disclose(
        session,
        actor,
        (CERTIFICATE_NUMBER, row.number_ref),
        subjects=(*known.subjects, Subject(SubjectKey.CERTIFICATE, str(row.id))),
        reason=reason,
        vault=vault,
        clock=clock,
    )


def _disclose(
    session: Session,
    actor: Actor,
    wanted: tuple[str, str | None],
    *,
    subjects: tuple[Subject, ...],
    reason: str,
    vault: PersonalVault,
    clock: Clock,
) -> Disclosure:
    field, commitment = wanted
    stated = checked_reason(reason)
    if commitment is not None:
        for known in known_values(session, actor, (commitment,)):
            refuse_restricted(known)
    value = None if commitment is None else vault.reveal(session, commitment)
    if value is None:
        raise NotFoundError(f"{SubjectKind.PERSON.value} {field}", commitment)
    data: dict[str, JsonValue] = {"field": field, "commitment": commitment, "reason": stated}
    event_id = record_event(
        session,
        Event(
            kind=EventKind.PERSONAL_VALUE_SHOWN,
            at=clock.now(),
            actor=actor,
            data=data,
            subjects=subjects,
        ),
    )
    return Disclosure(field=field, value=value, event_id=event_id)
