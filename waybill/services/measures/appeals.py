"""Appeals (申诉) against a measure: one suspends nothing, and upholding it lifts nothing by itself.

Its text may name people, so it stands as a commitment and lies in `pii`.
"""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.measures import AppealOutcome, MeasureAct, check_measure_move
from waybill.services.cases.texts import checked_text
from waybill.services.measures.record import record_step, take_measure
from waybill.storage.personal import PersonalVault

APPEAL: Final = "measure.appeal"
APPEAL_ANSWER: Final = "measure.appeal_answer"


def receive_appeal(
    session: Session,
    actor: Actor,
    measure_id: UUID,
    text: str,
    *,
    expected_version: int,
    vault: PersonalVault,
    clock: Clock,
) -> None:
    """Enter an appeal that was received; one at a time.

    Raises:
        NotFoundError: there is no such measure.
        PreconditionFailedError: it was changed since.
        StateError: the measure is not in force, or an appeal waits already.
        InvalidFieldError: the text is missing or too long.
    """
    actor.require(Permission.PROPOSE_MEASURE)
    row = take_measure(session, measure_id, expected_version)
    stated = checked_text(text)
    row.status = check_measure_move(row.status, MeasureAct.RECEIVE_APPEAL)
    if row.appeal_ref is not None and row.appeal_outcome is None:
        raise _wrong("已有待答复的申诉。", "An appeal waits for its answer already.")
    now = clock.now()
    row.appeal_ref = vault.protect(session, APPEAL, stated, now)
    row.appeal_received_at, row.appeal_outcome, row.appeal_answer_ref = now, None, None
    said = {"appeal": row.appeal_ref}
    record_step(session, row, MeasureAct.RECEIVE_APPEAL, actor=actor, clock=clock, said=said)


def answer_appeal(
    session: Session,
    actor: Actor,
    measure_id: UUID,
    answer: tuple[AppealOutcome, str],
    *,
    expected_version: int,
    vault: PersonalVault,
    clock: Clock,
) -> None:
    """Say how an appeal ended and why. One that is upheld is followed by proposing to lift.

    Whoever proposed the measure does not judge the appeal against it.

    Raises:
        NotFoundError: there is no such measure.
        PreconditionFailedError: it was changed since.
        StateError: no appeal waits, or it is against one's own proposal.
        InvalidFieldError: the text is missing or too long.
    """
    actor.require(Permission.APPROVE_MEASURE)
    row = take_measure(session, measure_id, expected_version)
    outcome, text = answer
    stated = checked_text(text)
    row.status = check_measure_move(row.status, MeasureAct.ANSWER_APPEAL)
    if row.appeal_ref is None or row.appeal_outcome is not None:
        raise _wrong("没有待答复的申诉。", "No appeal waits for an answer.")
    if row.proposed_by == actor.user_id:
        raise _wrong(
            "不能答复针对自己所提措施的申诉。",
            "Nobody answers an appeal against their own proposal.",
        )
    row.appeal_outcome = outcome
    row.appeal_answer_ref = vault.protect(session, APPEAL_ANSWER, stated, clock.now())
    said = {"outcome": outcome.value, "answer": row.appeal_answer_ref}
    record_step(session, row, MeasureAct.ANSWER_APPEAL, actor=actor, clock=clock, said=said)


def _wrong(zh: str, en: str) -> StateError:
    return StateError(
        zh,
        en,
        state="appeal",
        act="appeal",
        next_step_zh="请查看该措施的申诉记录，或由另一名高级审计员办理。",
        next_step_en="Look at the appeal, or have another senior auditor answer it.",
    )
