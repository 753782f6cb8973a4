"""Requests for correction (更正要求) to a carrier, and its answers."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.codec import JsonValue
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.cases import (
    CaseAct,
    RequestAnswer,
    RequestAsking,
    RequestStatus,
    check_case_move,
)
from waybill.registry.kinds import OrganisationRole
from waybill.services.cases.acting import PAST, next_due_on
from waybill.services.cases.record import protect_text, record_note, take_case
from waybill.services.cases.texts import note_text
from waybill.services.registry.validation import Complaint, FieldCheck
from waybill.services.waybills.versions import refuse_other_version
from waybill.storage.cases import CaseRow, CorrectionRequestRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import CertificateRow, OrganisationRow
from waybill.storage.waybills import WaybillRow

NOT_A_CARRIER: Final = Complaint("not-a-carrier", "没有该承运人。", "There is no such carrier.")
NOT_YOURS: Final = Complaint(
    "not-yours", "本单位没有该记录。", "Your organisation has no such record."
)


def ask_correction(
    session: Session,
    actor: Actor,
    case_id: UUID,
    asking: RequestAsking,
    *,
    expected_version: int,
    vault: PersonalVault,
    clock: Clock,
) -> UUID:
    """Ask a carrier for a correction; of a case one request is open at a time.

    An answer that was given and not accepted is returned by asking again.

    Raises:
        NotFoundError: there is no such case.
        PreconditionFailedError: it was changed since.
        StateError: a request is open, or the case is decided.
        InvalidFieldError: names every field that cannot be accepted.
    """
    actor.require(Permission.WRITE_CASES)
    row = take_case(session, case_id, expected_version)
    row.status = check_case_move(row.status, CaseAct.ASK)
    check = FieldCheck()
    text = note_text(check, asking.text)
    carrier = session.get(OrganisationRow, asking.organisation_id)
    is_carrier = carrier is not None and OrganisationRole.CARRIER.value in carrier.roles
    check.expect("/organisation_id", NOT_A_CARRIER, holds=is_carrier)
    check.expect("/due_on", PAST, holds=asking.due_on >= local_date(clock.now()))
    check.settle()
    answered = _newest(session, row, RequestStatus.ANSWERED)
    if answered is not None:
        answered.status = RequestStatus.RETURNED
    ref = protect_text(session, text, vault=vault, clock=clock)
    request = CorrectionRequestRow(
        case_id=row.id,
        organisation_id=asking.organisation_id,
        asked_at=clock.now(),
        asked_by=actor.user_id,
        text_ref=ref,
        due_on=asking.due_on,
    )
    session.add(request)
    session.flush()
    if row.organisation_id is None:
        row.organisation_id = asking.organisation_id
    row.next_due_on = next_due_on(session, row.id, row.due_on)
    detail: dict[str, JsonValue] = {
        "request": str(request.id),
        "organisation": str(asking.organisation_id),
        "due_on": str(asking.due_on),
    }
    record_note(session, row, CaseAct.ASK, actor=actor, clock=clock, text_ref=ref, detail=detail)
    return request.id


def withdraw_request(
    session: Session, actor: Actor, case_id: UUID, *, expected_version: int, clock: Clock
) -> None:
    """Withdraw the open request of a case.

    Raises:
        NotFoundError: there is no such case.
        PreconditionFailedError: it was changed since.
        StateError: no request is open.
    """
    actor.require(Permission.WRITE_CASES)
    row = take_case(session, case_id, expected_version)
    _settle(session, actor, row, CaseAct.WITHDRAW_REQUEST, clock=clock)


def accept_answer(
    session: Session, actor: Actor, case_id: UUID, *, expected_version: int, clock: Clock
) -> None:
    """Accept what the carrier answered; the case is the authority's again, to decide.

    Raises:
        NotFoundError: there is no such case.
        PreconditionFailedError: it was changed since.
        StateError: no answer waits.
    """
    actor.require(Permission.WRITE_CASES)
    row = take_case(session, case_id, expected_version)
    _settle(session, actor, row, CaseAct.ACCEPT_ANSWER, clock=clock)


def answer_request(
    session: Session,
    actor: Actor,
    request_id: UUID,
    answer: RequestAnswer,
    *,
    expected_version: int,
    vault: PersonalVault,
    clock: Clock,
) -> None:
    """Answer a request to one's own organisation, with the waybill or certificate that shows it.

    Raises:
        NotFoundError: one's organisation was asked no such thing.
        PreconditionFailedError: it was changed since.
        StateError: it was answered or withdrawn.
        InvalidFieldError: names every field that cannot be accepted.
    """
    actor.require(Permission.ANSWER_CORRECTION)
    request = session.scalar(
        select(CorrectionRequestRow).where(
            CorrectionRequestRow.id == request_id,
            CorrectionRequestRow.organisation_id == actor.organisation_id,
        )
    )
    if request is None:
        raise NotFoundError("correction request", request_id)
    # Always the case first, then its requests: two that meet wait and never block each other.
    row = take_case(session, request.case_id)
    session.refresh(request, with_for_update=True)
    refuse_other_version(request.version, expected_version)
    _refuse_settled(request)
    row.status = check_case_move(row.status, CaseAct.ANSWER)
    text = _checked_answer(session, actor, answer)
    request.answer_ref = protect_text(session, text, vault=vault, clock=clock)
    request.answered_at, request.answered_by = clock.now(), actor.user_id
    request.waybill_id, request.certificate_id = answer.waybill_id, answer.certificate_id
    request.status = RequestStatus.ANSWERED
    session.flush()
    row.next_due_on = next_due_on(session, row.id, row.due_on)
    detail: dict[str, JsonValue] = {"request": str(request.id)}
    if answer.waybill_id is not None:
        detail["waybill"] = str(answer.waybill_id)
    if answer.certificate_id is not None:
        detail["certificate"] = str(answer.certificate_id)
    record_note(
        session,
        row,
        CaseAct.ANSWER,
        actor=actor,
        clock=clock,
        text_ref=request.answer_ref,
        detail=detail,
    )


def _checked_answer(session: Session, actor: Actor, answer: RequestAnswer) -> str:
    check = FieldCheck()
    text = note_text(check, answer.text)
    if answer.waybill_id is not None:
        waybill = session.get(WaybillRow, answer.waybill_id)
        own = waybill is not None and waybill.carrier_id == actor.organisation_id
        check.expect("/waybill_id", NOT_YOURS, holds=own)
    if answer.certificate_id is not None:
        paper = session.get(CertificateRow, answer.certificate_id)
        own = paper is not None and paper.organisation_id == actor.organisation_id
        check.expect("/certificate_id", NOT_YOURS, holds=own)
    check.settle()
    return text


def _refuse_settled(request: CorrectionRequestRow) -> None:
    if request.status is RequestStatus.OPEN:
        return
    raise StateError(
        "该要求已答复或已撤回。",
        f"This request is {request.status.value}.",
        state=request.status.value,
        act=CaseAct.ANSWER.value,
        next_step_zh="如需补充，请等待主管部门再次要求。",
        next_step_en="To add something, wait until the authority asks again.",
    )


_SETTLED: Final[Mapping[CaseAct, tuple[RequestStatus, RequestStatus]]] = {
    CaseAct.WITHDRAW_REQUEST: (RequestStatus.OPEN, RequestStatus.WITHDRAWN),
    CaseAct.ACCEPT_ANSWER: (RequestStatus.ANSWERED, RequestStatus.ACCEPTED),
}
"""Which request an act of the authority settles, and how."""


def _settle(session: Session, actor: Actor, row: CaseRow, act: CaseAct, *, clock: Clock) -> None:
    row.status = check_case_move(row.status, act)
    was, now = _SETTLED[act]
    request = _newest(session, row, was)
    if request is None:
        raise NotFoundError("correction request", row.id)
    request.status = now
    session.flush()
    row.next_due_on = next_due_on(session, row.id, row.due_on)
    detail = {"request": str(request.id)}
    record_note(session, row, act, actor=actor, clock=clock, detail=detail)


def _newest(session: Session, row: CaseRow, status: RequestStatus) -> CorrectionRequestRow | None:
    return session.scalar(
        select(CorrectionRequestRow)
        .where(CorrectionRequestRow.case_id == row.id, CorrectionRequestRow.status == status)
        .order_by(CorrectionRequestRow.id.desc())
        .limit(1)
    )
