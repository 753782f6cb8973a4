"""Reading cases and requests: lists with what is overdue first, and one whole."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.cases import (
    Case,
    CaseDetail,
    CaseFilter,
    CaseNote,
    CaseStatus,
    CorrectionRequest,
    RequestStatus,
)
from waybill.services.cases.names import names_of
from waybill.services.paging import Page, PageRequest, page_of
from waybill.storage.cases import CaseNoteRow, CaseRow, CorrectionRequestRow
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault


def list_cases(
    session: Session,
    actor: Actor,
    wanted: CaseFilter,
    page: PageRequest,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> Page[Case]:
    """Return a page of cases, whose last day comes first before the others."""
    actor.require(Permission.READ_CASES)
    today = local_date(clock.now())
    statement = _wanted(wanted, today)
    if page.after is not None:
        last = session.get(CaseRow, page.after)
        if last is not None:
            key = tuple_(CaseRow.next_due_on, CaseRow.id)
            statement = statement.where(key > tuple_(last.next_due_on, last.id))
    rows = session.scalars(
        statement.order_by(CaseRow.next_due_on, CaseRow.id).limit(page.limit + 1)
    ).all()
    names = names_of(session, rows, vault=vault)
    return page_of(rows, page, item=lambda row: _case(row, names, today), key=lambda row: row.id)


def get_case(
    session: Session, actor: Actor, case_id: UUID, *, vault: PersonalVault, clock: Clock
) -> CaseDetail:
    """Return a case whole, and record that it was read: its texts may name people.

    Raises:
        NotFoundError: there is no such case.
    """
    actor.require(Permission.READ_CASES)
    row = session.get(CaseRow, case_id)
    if row is None:
        raise NotFoundError("case", case_id)
    record_event(
        session,
        Event(
            kind=EventKind.CASE_READ,
            at=clock.now(),
            actor=actor,
            data={"case": str(row.id), "number": row.number},
            subjects=(Subject(SubjectKey.CASE, str(row.id)),),
        ),
    )
    return describe_case(session, case_id, vault=vault, clock=clock)


def describe_case(
    session: Session, case_id: UUID, *, vault: PersonalVault, clock: Clock
) -> CaseDetail:
    """Return a case whole, for an act that answers with it and has its own event."""
    row = session.get_one(CaseRow, case_id)
    today = local_date(clock.now())
    notes = session.execute(
        select(CaseNoteRow, UserRow.username, UserRow.role)
        .outerjoin(UserRow, UserRow.id == CaseNoteRow.actor_id)
        .where(CaseNoteRow.case_id == row.id)
        .order_by(CaseNoteRow.id)
    ).all()
    asked = _requests(
        session, select(CorrectionRequestRow).where(CorrectionRequestRow.case_id == row.id)
    )
    refs = [note.text_ref for note, _, _ in notes] + [row.place_ref]
    refs += [ref for request, _ in asked for ref in (request.text_ref, request.answer_ref)]
    texts = _texts(session, refs, vault)
    return CaseDetail(
        case=_case(row, names_of(session, [row], vault=vault), today),
        notes=tuple(
            CaseNote(
                at=note.at,
                act=note.act,
                event_id=note.event_id,
                role=role.value if role else "",
                by=name or "",
                text=texts.get(note.text_ref or "", ""),
                detail=_plain(note.detail),
            )
            for note, name, role in notes
        ),
        requests=tuple(_request(request, number, texts, today) for request, number in asked),
        event_ids=tuple(map(UUID, row.event_ids)),
        place=texts.get(row.place_ref or "", ""),
        seen_at=row.seen_at,
        contact_given=row.contact_ref is not None,
    )


def list_own_requests(
    session: Session,
    actor: Actor,
    page: PageRequest,
    *,
    unanswered: bool = False,
    vault: PersonalVault,
    clock: Clock,
) -> Page[CorrectionRequest]:
    """Return a page of what one's own organisation is asked, newest first."""
    actor.require(Permission.ANSWER_CORRECTION)
    row = CorrectionRequestRow
    statement = select(row).where(row.organisation_id == actor.organisation_id)
    if unanswered:
        statement = statement.where(row.status == RequestStatus.OPEN)
    if page.after is not None:
        statement = statement.where(row.id < page.after)
    found = _requests(session, statement.order_by(row.id.desc()).limit(page.limit + 1))
    shown = _described(session, found, vault, clock)
    return page_of(found, page, item=lambda pair: shown[pair[0].id], key=lambda pair: pair[0].id)


def get_own_request(
    session: Session, actor: Actor, request_id: UUID, *, vault: PersonalVault, clock: Clock
) -> CorrectionRequest:
    """Return one request to one's own organisation.

    Raises:
        NotFoundError: one's organisation was asked no such thing.
    """
    actor.require(Permission.ANSWER_CORRECTION)
    statement = select(CorrectionRequestRow).where(
        CorrectionRequestRow.id == request_id,
        CorrectionRequestRow.organisation_id == actor.organisation_id,
    )
    found = _described(session, _requests(session, statement), vault, clock)
    if request_id not in found:
        raise NotFoundError("correction request", request_id)
    return found[request_id]


def count_open_requests(session: Session, actor: Actor) -> int:
    """Return how many requests wait for an answer of one's own organisation."""
    row = CorrectionRequestRow
    return (
        session.scalar(
            select(func.count()).where(
                row.organisation_id == actor.organisation_id, row.status == RequestStatus.OPEN
            )
        )
        or 0
    )


def _wanted(wanted: CaseFilter, today: date) -> Select[CaseRow]:
    statement = select(CaseRow)
    for column, value in (
        (CaseRow.status, wanted.status),
        (CaseRow.source, wanted.source),
        (CaseRow.matter, wanted.matter),
        (CaseRow.organisation_id, wanted.organisation_id),
        (CaseRow.assigned_to, wanted.assigned_to),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.status is None and not wanted.closed:
        statement = statement.where(CaseRow.status != CaseStatus.CLOSED)
    if wanted.overdue:
        statement = statement.where(
            CaseRow.next_due_on < today, CaseRow.status != CaseStatus.CLOSED
        )
    return statement


def _case(row: CaseRow, names: Mapping[UUID, str], today: date) -> Case:
    def name(identity: UUID | None) -> str:
        return "" if identity is None else names.get(identity, "")

    return Case(
        id=row.id,
        number=row.number,
        opened_at=row.opened_at,
        source=row.source,
        matter=row.matter,
        status=row.status,
        due_on=row.due_on,
        next_due_on=row.next_due_on,
        overdue=row.status is not CaseStatus.CLOSED and row.next_due_on < today,
        version=row.version,
        about_kind=row.about_kind,
        about_id=row.about_id,
        about_name=name(row.about_id),
        organisation_id=row.organisation_id,
        organisation_name=name(row.organisation_id),
        plate=row.plate,
        plate_colour=row.plate_colour,
        assigned_to=row.assigned_to,
        assignee=name(row.assigned_to),
        outcome=row.outcome,
        pattern_code=row.pattern_code,
    )


def _requests(
    session: Session, statement: Select[CorrectionRequestRow]
) -> Sequence[tuple[CorrectionRequestRow, str]]:
    """Return requests with their cases' numbers, in the statement's order or oldest first."""
    rows = session.scalars(statement.order_by(CorrectionRequestRow.id)).all()
    found = session.execute(
        select(CaseRow.id, CaseRow.number).where(CaseRow.id.in_({row.case_id for row in rows}))
    )
    numbers = {case.id: case.number for case in found}
    return [(row, numbers[row.case_id]) for row in rows]


def _described(
    session: Session,
    found: Sequence[tuple[CorrectionRequestRow, str]],
    vault: PersonalVault,
    clock: Clock,
) -> Mapping[UUID, CorrectionRequest]:
    refs = [ref for row, _ in found for ref in (row.text_ref, row.answer_ref)]
    texts = _texts(session, refs, vault)
    today = local_date(clock.now())
    return {row.id: _request(row, number, texts, today) for row, number in found}


def _request(
    row: CorrectionRequestRow, number: str, texts: Mapping[str, str], today: date
) -> CorrectionRequest:
    return CorrectionRequest(
        id=row.id,
        case_id=row.case_id,
        case_number=number,
        organisation_id=row.organisation_id,
        asked_at=row.asked_at,
        text=texts.get(row.text_ref, ""),
        due_on=row.due_on,
        overdue=row.status is RequestStatus.OPEN and row.due_on < today,
        status=row.status,
        version=row.version,
        answer=texts.get(row.answer_ref or "", ""),
        answered_at=row.answered_at,
        waybill_id=row.waybill_id,
        certificate_id=row.certificate_id,
    )


def _texts(session: Session, refs: Sequence[str | None], vault: PersonalVault) -> Mapping[str, str]:
    opened = vault.open(session, tuple(ref for ref in refs if ref))
    return {ref: text for ref, (_, text) in opened.items()}


def _plain(detail: Mapping[str, JsonValue]) -> Mapping[str, str]:
    """Return what an act settled, without commitments: those are for the log."""
    hidden = {"place", "contact"}
    return {name: str(v) for name, v in detail.items() if name not in hidden and v is not None}
