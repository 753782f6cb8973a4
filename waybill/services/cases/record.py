"""What every act on a case shares: the locked row, its event, its note in the time line."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.registry.access import Actor
from waybill.registry.cases import CaseAct, CaseSubject
from waybill.registry.kinds import SubjectKind
from waybill.services.registry.subjects import find_subject
from waybill.services.waybills.versions import refuse_other_version
from waybill.storage.cases import CaseNoteRow, CaseRow
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    plate_subject,
    record_event,
)
from waybill.storage.personal import PersonalVault

CASE_TEXT: Final = "case.text"

EVENTS: Final[Mapping[CaseAct, EventKind]] = {
    CaseAct.OPEN: EventKind.CASE_OPENED,
    CaseAct.COMMENT: EventKind.CASE_COMMENTED,
    CaseAct.ASSIGN: EventKind.CASE_ASSIGNED,
    CaseAct.SET_DEADLINE: EventKind.CASE_DEADLINE_SET,
    CaseAct.ASK: EventKind.CORRECTION_ASKED,
    CaseAct.WITHDRAW_REQUEST: EventKind.CORRECTION_WITHDRAWN,
    CaseAct.ANSWER: EventKind.CORRECTION_ANSWERED,
    CaseAct.ACCEPT_ANSWER: EventKind.CORRECTION_ACCEPTED,
    CaseAct.DECIDE: EventKind.CASE_DECIDED,
    CaseAct.CLOSE: EventKind.CASE_CLOSED,
    CaseAct.REOPEN: EventKind.CASE_REOPENED,
}

REGISTERED: Final[Mapping[CaseSubject, SubjectKind]] = {
    CaseSubject.ORGANISATION: SubjectKind.ORGANISATION,
    CaseSubject.FACILITY: SubjectKind.FACILITY,
    CaseSubject.VEHICLE: SubjectKind.VEHICLE,
    CaseSubject.TANK: SubjectKind.TANK,
    CaseSubject.PERSON: SubjectKind.PERSON,
}
"""Subjects that are records of the registry."""


def take_case(session: Session, case_id: UUID, expected_version: int | None = None) -> CaseRow:
    """Load and lock a case, in the version its writer saw where one is named.

    Raises:
        NotFoundError: there is no such case.
        PreconditionFailedError: it was changed since.
    """
    row = session.scalar(
        select(CaseRow)
        .where(CaseRow.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError("case", case_id)
    if expected_version is not None:
        refuse_other_version(row.version, expected_version)
    return row


def record_note(
    session: Session,
    row: CaseRow,
    act: CaseAct,
    *,
    actor: Actor | None,
    clock: Clock,
    text_ref: str | None = None,
    detail: Mapping[str, JsonValue] | None = None,
) -> None:
    """Write what was done with a case: its event and its note, and the row as it now is.

    The event holds the text's commitment, never the text.
    """
    at = clock.now()
    session.flush()
    settled = dict(detail or {})
    data: dict[str, JsonValue] = {
        "case": str(row.id),
        "number": row.number,
        "act": act.value,
        "status": row.status.value,
        **({"text": text_ref} if text_ref else {}),
        **settled,
    }
    event_id = record_event(
        session,
        Event(kind=EVENTS[act], at=at, actor=actor, data=data, subjects=_subjects(session, row)),
    )
    session.add(
        CaseNoteRow(
            case_id=row.id,
            at=at,
            act=act,
            detail=settled,
            event_id=event_id,
            actor_id=None if actor is None else actor.user_id,
            text_ref=text_ref,
        )
    )
    session.flush()


def protect_text(session: Session, text: str, *, vault: PersonalVault, clock: Clock) -> str:
    """Keep a text that was checked, and return its commitment."""
    return vault.protect(session, CASE_TEXT, text, clock.now())


def _subjects(session: Session, row: CaseRow) -> tuple[Subject, ...]:
    """Return by what the events of a case are found.

    Never by a waybill: its time line is its carrier's to read, and an inquiry is not.
    """
    found = [Subject(SubjectKey.CASE, str(row.id))]
    if row.organisation_id is not None:
        found.append(Subject(SubjectKey.ORGANISATION, str(row.organisation_id)))
    kind = None if row.about_kind is None else REGISTERED.get(row.about_kind)
    if kind is not None and row.about_id is not None:
        known = find_subject(session, kind, row.about_id)
        found += known.subjects if known else ()
    if row.plate is not None and row.plate_colour is not None:
        found.append(plate_subject(row.plate, row.plate_colour.value))
    return tuple(found)
