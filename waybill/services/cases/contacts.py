"""Showing how somebody of the public can be reached: with a reason, and never without its event."""

from uuid import UUID

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.records import Disclosure
from waybill.services.cases.opening import CONTACT
from waybill.services.registry.validation import checked_reason
from waybill.storage.cases import CaseRow
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.personal import PersonalVault


def disclose_contact(
    session: Session,
    actor: Actor,
    case_id: UUID,
    reason: str,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> Disclosure:
    """Show the contact that a report of the public gave.

    Raises:
        NotFoundError: there is no such case, none was given, or it was erased.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.WRITE_CASES)
    row = session.get(CaseRow, case_id)
    stated = checked_reason(reason)
    ref = None if row is None else row.contact_ref
    value = None if ref is None else vault.reveal(session, ref)
    if value is None:
        raise NotFoundError("contact", case_id)
    event_id = record_event(
        session,
        Event(
            kind=EventKind.PERSONAL_VALUE_SHOWN,
            at=clock.now(),
            actor=actor,
            data={"field": CONTACT, "commitment": ref, "reason": stated},
            subjects=(Subject(SubjectKey.CASE, str(case_id)),),
        ),
    )
    return Disclosure(field=CONTACT, value=value, event_id=event_id)
