"""Proposing a measure or its lifting. Only an urgent suspension acts before it is approved."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.codec import JsonValue
from waybill.errors import StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.measures import (
    APPLIES_TO,
    LIVE,
    MeasureAct,
    MeasureKind,
    MeasureProposal,
    MeasureStatus,
    check_measure_move,
)
from waybill.registry.terms import INTERIM_SUSPENSION
from waybill.services.measures.effects import begin_effect
from waybill.services.measures.record import record_step, take_measure
from waybill.services.registry.certificate_fields import DATES_REVERSED
from waybill.services.registry.subjects import find_subject
from waybill.services.registry.validation import Complaint, FieldCheck, checked_reason
from waybill.storage.cases import CaseRow
from waybill.storage.measures import MeasureRow

REASON_LENGTH: Final = 500
BASIS_LENGTH: Final = 300
NUMBER_LENGTH: Final = 60

NOT_APPLICABLE: Final = Complaint(
    "subject-kind", "该措施不适用于此类对象。", "This measure does not apply to such a subject."
)
NO_SUCH_SUBJECT: Final = Complaint("no-such-subject", "没有该对象。", "There is no such subject.")
NO_SUCH_CASE: Final = Complaint("no-such-case", "没有该案件。", "There is no such case.")
PAST: Final = Complaint("past", "截止日期已过。", "The last day has passed.")
NO_END: Final = Complaint(
    "no-end", "吊销没有截止日期，请留空。", "A revocation has no last day; leave it out."
)
NOT_URGENT: Final = Complaint(
    "not-urgent",
    "只有自今日起的暂停可以先行生效。",
    "Only a suspension from today on can act at once.",
)
NOT_PUBLIC: Final = Complaint(
    "not-public",
    "只有单位和车辆的黑名单记录可以公布，人员不公布。",
    "Only entries of organisations and vehicles are published, never of people.",
)
PUBLISHABLE: Final = frozenset({SubjectKind.ORGANISATION, SubjectKind.VEHICLE})
"""Whose entries the public may read."""


def propose_measure(
    session: Session, actor: Actor, proposal: MeasureProposal, *, clock: Clock
) -> UUID:
    """Propose a measure; it waits for a senior auditor who is somebody else.

    An urgent suspension by a senior auditor acts from this moment, until it is approved, refused
    or lapses.

    Raises:
        ForbiddenError: the account may not propose, or not suspend at once.
        InvalidFieldError: names every field that cannot be accepted.
        StateError: a suspension of this subject is proposed or in force already.
    """
    actor.require(Permission.PROPOSE_MEASURE)
    if proposal.at_once:
        actor.require(Permission.SUSPEND_CREDENTIAL)
    stated = _settle(session, proposal, clock)
    _refuse_second(session, stated)
    now = clock.now()
    row = MeasureRow(
        kind=stated.kind,
        subject_kind=stated.subject_kind,
        subject_id=stated.subject_id,
        reason=stated.reason,
        legal_basis=stated.legal_basis,
        decision_number=stated.decision_number,
        valid_from=stated.valid_from,
        valid_until=stated.valid_until,
        published=stated.published,
        case_id=stated.case_id,
        proposed_at=now,
        proposed_by=actor.user_id,
        status=MeasureStatus.INTERIM if stated.at_once else MeasureStatus.PROPOSED,
        interim_until=now + INTERIM_SUSPENSION if stated.at_once else None,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        # Somebody else proposed the same this moment; the caller rolls back.
        raise _second() from error
    if stated.at_once:
        begin_effect(session, row, actor=actor, clock=clock)
    act = MeasureAct.IMPOSE_AT_ONCE if stated.at_once else MeasureAct.PROPOSE
    record_step(session, row, act, actor=actor, clock=clock, said=_said(row))
    return row.id


def propose_lifting(
    session: Session,
    actor: Actor,
    measure_id: UUID,
    reason: str,
    *,
    expected_version: int,
    clock: Clock,
) -> None:
    """Propose to lift a measure that was approved; it goes on until somebody else agrees.

    Raises:
        NotFoundError: there is no such measure.
        PreconditionFailedError: it was changed since.
        StateError: it is not in force, or it is a revocation.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.PROPOSE_MEASURE)
    row = take_measure(session, measure_id, expected_version)
    stated = checked_reason(reason)
    if row.kind is MeasureKind.REVOCATION:
        raise StateError(
            "吊销不能解除。",
            "A revocation is not lifted.",
            state=row.status.value,
            act=MeasureAct.PROPOSE_LIFTING.value,
            next_step_zh="由持证人重新申领证件。",
            next_step_en="The holder applies for a new certificate.",
        )
    row.status = check_measure_move(row.status, MeasureAct.PROPOSE_LIFTING)
    row.lifting_proposed_by, row.lifting_reason = actor.user_id, stated
    record_step(session, row, MeasureAct.PROPOSE_LIFTING, actor=actor, clock=clock, reason=stated)


def _settle(session: Session, stated: MeasureProposal, clock: Clock) -> MeasureProposal:
    check, today = FieldCheck(), local_date(clock.now())
    applies = stated.subject_kind in APPLIES_TO[stated.kind]
    check.expect("/subject_kind", NOT_APPLICABLE, holds=applies)
    if applies:
        known = find_subject(session, stated.subject_kind, stated.subject_id)
        check.expect("/subject_id", NO_SUCH_SUBJECT, holds=known is not None)
    until = stated.valid_until
    check.expect("/valid_until", DATES_REVERSED, holds=until is None or stated.valid_from <= until)
    check.expect("/valid_until", PAST, holds=until is None or until >= today)
    revokes = stated.kind is MeasureKind.REVOCATION
    check.expect("/valid_until", NO_END, holds=until is None or not revokes)
    urgent = stated.kind is MeasureKind.SUSPENSION and stated.valid_from <= today
    check.expect("/at_once", NOT_URGENT, holds=urgent or not stated.at_once)
    listed = stated.kind is MeasureKind.BLACK_LISTING and stated.subject_kind in PUBLISHABLE
    check.expect("/published", NOT_PUBLIC, holds=listed or not stated.published)
    case = None if stated.case_id is None else session.get(CaseRow, stated.case_id)
    check.expect("/case_id", NO_SUCH_CASE, holds=stated.case_id is None or case is not None)
    settled = MeasureProposal(
        kind=stated.kind,
        subject_kind=stated.subject_kind,
        subject_id=stated.subject_id,
        reason=check.line("/reason", stated.reason, longest=REASON_LENGTH),
        legal_basis=check.line("/legal_basis", stated.legal_basis, longest=BASIS_LENGTH),
        decision_number=check.line(
            "/decision_number", stated.decision_number, longest=NUMBER_LENGTH
        ),
        valid_from=stated.valid_from,
        valid_until=until,
        published=stated.published,
        at_once=stated.at_once,
        case_id=stated.case_id,
    )
    check.settle()
    return settled


def _refuse_second(session: Session, stated: MeasureProposal) -> None:
    if stated.kind is not MeasureKind.SUSPENSION:
        return
    known = session.scalar(
        select(MeasureRow.id).where(
            MeasureRow.subject_id == stated.subject_id,
            MeasureRow.kind == MeasureKind.SUSPENSION,
            MeasureRow.status.in_(LIVE),
        )
    )
    if known is not None:
        raise _second()


def _second() -> StateError:
    return StateError(
        "该对象已有待批准或生效中的暂停。",
        "A suspension of this subject is proposed or in force already.",
        state="suspension-live",
        act=MeasureAct.PROPOSE.value,
        next_step_zh="请在已有的措施中处理。",
        next_step_en="Go on with the measure that is there.",
    )


def _said(row: MeasureRow) -> dict[str, JsonValue]:
    """Return what the log keeps of a proposal: all that would take effect."""
    return {
        "reason": row.reason,
        "legal_basis": row.legal_basis,
        "valid_from": str(row.valid_from),
        "valid_until": None if row.valid_until is None else str(row.valid_until),
        "published": row.published,
        "interim_until": row.interim_until.isoformat() if row.interim_until else None,
    }
