"""Approving, refusing and withdrawing: the second pair of eyes (四眼原则)."""

from uuid import UUID

from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.errors import ForbiddenError
from waybill.registry.access import Actor, Permission
from waybill.registry.measures import MeasureAct, MeasureKind, MeasureStatus, check_measure_move
from waybill.services.measures.effects import NEEDED, begin_effect, end_effect
from waybill.services.measures.record import record_step, take_measure
from waybill.services.registry.validation import checked_reason
from waybill.storage.measures import MeasureRow


def approve_measure(
    session: Session,
    actor: Actor,
    measure_id: UUID,
    reason: str,
    *,
    expected_version: int,
    clock: Clock,
) -> None:
    """Approve what somebody else proposed, the measure or its lifting; it takes effect at once.

    A suspension whose first day is still to come begins on that day.

    Raises:
        NotFoundError: there is no such measure.
        PreconditionFailedError: it was changed since; of two at once the second gets this.
        ForbiddenError: it is one's own proposal.
        StateError: nothing is proposed, or its subject cannot be barred any more.
        InvalidFieldError: no readable reason.
    """
    row, stated = _second_pair_of_eyes(session, actor, measure_id, reason, expected_version)
    lifting = row.status is MeasureStatus.LIFTING_PROPOSED
    row.status = check_measure_move(row.status, MeasureAct.APPROVE)
    if lifting:
        row.lifted_by = actor.user_id
        end_effect(session, row, stated, actor=actor, clock=clock)
    else:
        row.approved_by, row.approved_at, row.interim_until = actor.user_id, clock.now(), None
        if not row.in_effect and _has_begun(row, clock):
            begin_effect(session, row, actor=actor, clock=clock)
    record_step(session, row, MeasureAct.APPROVE, actor=actor, clock=clock, reason=stated)


def refuse_measure(
    session: Session,
    actor: Actor,
    measure_id: UUID,
    reason: str,
    *,
    expected_version: int,
    clock: Clock,
) -> None:
    """Refuse what somebody else proposed; an urgent suspension ends at once.

    Raises:
        NotFoundError, PreconditionFailedError, ForbiddenError, StateError, InvalidFieldError: as
            approving.
    """
    row, stated = _second_pair_of_eyes(session, actor, measure_id, reason, expected_version)
    _give_up(session, row, MeasureAct.REFUSE, stated, actor=actor, clock=clock)


def withdraw_measure(
    session: Session,
    actor: Actor,
    measure_id: UUID,
    reason: str,
    *,
    expected_version: int,
    clock: Clock,
) -> None:
    """Withdraw one's own proposal; an urgent suspension ends at once.

    Raises:
        NotFoundError: there is no such measure.
        PreconditionFailedError: it was changed since.
        ForbiddenError: somebody else proposed it.
        StateError: nothing is proposed.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.PROPOSE_MEASURE)
    row = take_measure(session, measure_id, expected_version)
    stated = checked_reason(reason)
    check_measure_move(row.status, MeasureAct.WITHDRAW)
    if _proposer(row) != actor.user_id:
        raise ForbiddenError(
            "只有提出人可以撤回。",
            "Only who proposed it can withdraw it.",
            next_step_zh="可由另一名高级审计员批准或驳回。",
            next_step_en="Another senior auditor can approve or refuse it.",
        )
    _give_up(session, row, MeasureAct.WITHDRAW, stated, actor=actor, clock=clock)


def _second_pair_of_eyes(
    session: Session, actor: Actor, measure_id: UUID, reason: str, expected_version: int
) -> tuple[MeasureRow, str]:
    actor.require(Permission.APPROVE_MEASURE)
    row = take_measure(session, measure_id, expected_version)
    actor.require(NEEDED[row.kind])
    stated = checked_reason(reason)
    check_measure_move(row.status, MeasureAct.APPROVE)
    if _proposer(row) == actor.user_id:
        raise ForbiddenError(
            "不能批准或驳回自己提出的措施。",
            "Nobody approves or refuses what is their own proposal.",
            next_step_zh="请由另一名高级审计员办理，或撤回。",
            next_step_en="Another senior auditor has to do it, or you withdraw it.",
        )
    return row, stated


def _proposer(row: MeasureRow) -> UUID | None:
    if row.status is MeasureStatus.LIFTING_PROPOSED:
        return row.lifting_proposed_by
    return row.proposed_by


def _give_up(
    session: Session,
    row: MeasureRow,
    act: MeasureAct,
    reason: str,
    *,
    actor: Actor,
    clock: Clock,
) -> None:
    lifting = row.status is MeasureStatus.LIFTING_PROPOSED
    row.status = check_measure_move(row.status, act)
    if lifting:
        row.lifting_proposed_by, row.lifting_reason = None, ""
    else:
        row.interim_until = None
        end_effect(session, row, reason, actor=actor, clock=clock)
    record_step(session, row, act, actor=actor, clock=clock, reason=reason)


def _has_begun(row: MeasureRow, clock: Clock) -> bool:
    # An entry of the black list is judged by its own dates, so it is made at once.
    if row.kind is MeasureKind.BLACK_LISTING:
        return True
    return row.valid_from <= local_date(clock.now())
