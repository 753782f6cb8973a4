"""What the authority does with a case: comments, deadlines, assignment, decision, closing."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.registry.access import ROLE_PERMISSIONS, Actor, Permission
from waybill.registry.cases import CaseAct, CaseOutcome, RequestStatus, check_case_move
from waybill.services.cases.record import protect_text, record_note, take_case
from waybill.services.cases.texts import checked_text
from waybill.services.registry.validation import Complaint, FieldCheck
from waybill.storage.cases import CaseRow, CorrectionRequestRow
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault

PAST: Final = Complaint("past", "期限不能早于今天。", "The last day cannot lie in the past.")
NOT_ASSIGNABLE: Final = Complaint(
    "not-assignable",
    "只能指派给在用的审计员账号。",
    "Only an active account of an auditor can be assigned.",
)


def comment_case(
    session: Session, actor: Actor, case_id: UUID, text: str, *, vault: PersonalVault, clock: Clock
) -> None:
    """Add a comment. It changes nothing, so no version is asked for.

    Raises:
        NotFoundError: there is no such case.
        StateError: it is closed.
        InvalidFieldError: the text is missing or too long.
    """
    actor.require(Permission.WRITE_CASES)
    row = take_case(session, case_id)
    check_case_move(row.status, CaseAct.COMMENT)
    ref = protect_text(session, checked_text(text), vault=vault, clock=clock)
    record_note(session, row, CaseAct.COMMENT, actor=actor, clock=clock, text_ref=ref)


def assign_case(
    session: Session,
    actor: Actor,
    case_id: UUID,
    user_id: UUID,
    *,
    expected_version: int,
    clock: Clock,
) -> None:
    """Give a case to an auditor.

    Raises:
        NotFoundError: there is no such case.
        PreconditionFailedError: it was changed since.
        StateError: it is closed.
        InvalidFieldError: the account is not an auditor's.
    """
    actor.require(Permission.WRITE_CASES)
    row = take_case(session, case_id, expected_version)
    check_case_move(row.status, CaseAct.ASSIGN)
    check = FieldCheck()
    check.expect("/user_id", NOT_ASSIGNABLE, holds=user_id in {u.id for u in auditors(session)})
    check.settle()
    row.assigned_to = user_id
    detail = {"user": str(user_id)}
    record_note(session, row, CaseAct.ASSIGN, actor=actor, clock=clock, detail=detail)


def set_deadline(
    session: Session,
    actor: Actor,
    case_id: UUID,
    due_on: date,
    *,
    expected_version: int,
    clock: Clock,
) -> None:
    """Give a case another last day.

    Raises:
        NotFoundError: there is no such case.
        PreconditionFailedError: it was changed since.
        StateError: it is closed.
        InvalidFieldError: the day has passed.
    """
    actor.require(Permission.WRITE_CASES)
    row = take_case(session, case_id, expected_version)
    check_case_move(row.status, CaseAct.SET_DEADLINE)
    check = FieldCheck()
    check.expect("/due_on", PAST, holds=due_on >= local_date(clock.now()))
    check.settle()
    row.due_on, row.next_due_on = due_on, next_due_on(session, row.id, due_on)
    detail = {"due_on": str(due_on)}
    record_note(session, row, CaseAct.SET_DEADLINE, actor=actor, clock=clock, detail=detail)


def decide_case(
    session: Session,
    actor: Actor,
    case_id: UUID,
    decision: tuple[CaseOutcome, str],
    *,
    expected_version: int,
    vault: PersonalVault,
    clock: Clock,
) -> None:
    """Decide a case, with the reasons.

    Raises:
        NotFoundError: there is no such case.
        PreconditionFailedError: it was changed since.
        StateError: it waits for a carrier, or was decided.
        InvalidFieldError: the text is missing or too long.
    """
    outcome, text = decision
    row = _move(session, actor, case_id, CaseAct.DECIDE, expected_version)
    row.outcome = outcome
    ref = protect_text(session, checked_text(text), vault=vault, clock=clock)
    detail = {"outcome": outcome.value}
    record_note(session, row, CaseAct.DECIDE, actor=actor, clock=clock, text_ref=ref, detail=detail)


def close_case(
    session: Session, actor: Actor, case_id: UUID, *, expected_version: int, clock: Clock
) -> None:
    """Close a decided case; it stays readable.

    Raises:
        NotFoundError: there is no such case.
        PreconditionFailedError: it was changed since.
        StateError: it is not decided.
    """
    row = _move(session, actor, case_id, CaseAct.CLOSE, expected_version)
    record_note(session, row, CaseAct.CLOSE, actor=actor, clock=clock)


def reopen_case(
    session: Session,
    actor: Actor,
    case_id: UUID,
    reason: str,
    *,
    expected_version: int,
    vault: PersonalVault,
    clock: Clock,
) -> None:
    """Take a decided or closed case up again, with the reason.

    Raises:
        NotFoundError: there is no such case.
        PreconditionFailedError: it was changed since.
        StateError: it is neither decided nor closed.
        InvalidFieldError: no readable reason.
    """
    row = _move(session, actor, case_id, CaseAct.REOPEN, expected_version)
    row.outcome = None
    ref = protect_text(session, checked_text(reason, "/reason"), vault=vault, clock=clock)
    record_note(session, row, CaseAct.REOPEN, actor=actor, clock=clock, text_ref=ref)


def auditors(session: Session) -> list[UserRow]:
    """Return the active accounts that may work on cases, by name."""
    roles = [role for role, may in ROLE_PERMISSIONS.items() if Permission.WRITE_CASES in may]
    statement = select(UserRow).where(UserRow.role.in_(roles), UserRow.active)
    return list(session.scalars(statement.order_by(UserRow.username)))


def next_due_on(session: Session, case_id: UUID, due_on: date) -> date:
    """Return the earlier of a case's last day and that of its open request."""
    asked = session.scalar(
        select(CorrectionRequestRow.due_on).where(
            CorrectionRequestRow.case_id == case_id,
            CorrectionRequestRow.status == RequestStatus.OPEN,
        )
    )
    return due_on if asked is None else min(due_on, asked)


def _move(
    session: Session, actor: Actor, case_id: UUID, act: CaseAct, expected_version: int
) -> CaseRow:
    actor.require(Permission.WRITE_CASES)
    row = take_case(session, case_id, expected_version)
    row.status = check_case_move(row.status, act)
    return row
