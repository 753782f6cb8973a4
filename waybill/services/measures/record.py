"""What every act on a measure shares: the locked row, its event, its step."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.registry.access import Actor
from waybill.registry.measures import MeasureAct
from waybill.services.registry.subjects import find_subject
from waybill.services.waybills.versions import refuse_other_version
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.measures import MeasureRow, MeasureStepRow

EVENTS: Final[Mapping[MeasureAct, EventKind]] = {
    MeasureAct.PROPOSE: EventKind.MEASURE_PROPOSED,
    MeasureAct.IMPOSE_AT_ONCE: EventKind.MEASURE_IMPOSED_AT_ONCE,
    MeasureAct.APPROVE: EventKind.MEASURE_APPROVED,
    MeasureAct.REFUSE: EventKind.MEASURE_REFUSED,
    MeasureAct.WITHDRAW: EventKind.MEASURE_WITHDRAWN,
    MeasureAct.PROPOSE_LIFTING: EventKind.MEASURE_LIFTING_PROPOSED,
    MeasureAct.RECEIVE_APPEAL: EventKind.MEASURE_APPEALED,
    MeasureAct.ANSWER_APPEAL: EventKind.MEASURE_APPEAL_ANSWERED,
    MeasureAct.BEGIN: EventKind.MEASURE_BEGUN,
    MeasureAct.LAPSE: EventKind.MEASURE_LAPSED,
    MeasureAct.EXPIRE: EventKind.MEASURE_EXPIRED,
}


def take_measure(
    session: Session, measure_id: UUID, expected_version: int | None = None
) -> MeasureRow:
    """Load and lock a measure, in the version its writer saw where one is named.

    Raises:
        NotFoundError: there is no such measure.
        PreconditionFailedError: it was changed since.
    """
    row = session.scalar(
        select(MeasureRow)
        .where(MeasureRow.id == measure_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError("measure", measure_id)
    if expected_version is not None:
        refuse_other_version(row.version, expected_version)
    return row


def record_step(
    session: Session,
    row: MeasureRow,
    act: MeasureAct,
    *,
    actor: Actor | None,
    clock: Clock,
    reason: str = "",
    said: Mapping[str, JsonValue] | None = None,
) -> None:
    """Write what was done with a measure: its event and its step, and the row as it now is."""
    at = clock.now()
    session.flush()
    data: dict[str, JsonValue] = {
        "measure": str(row.id),
        "kind": row.kind.value,
        "act": act.value,
        "status": row.status.value,
        "in_effect": row.in_effect,
        "subject": row.subject_kind.value,
        "id": str(row.subject_id),
        "decision_number": row.decision_number,
        **({"reason": reason} if reason else {}),
        **({"case": str(row.case_id)} if row.case_id else {}),
        **(said or {}),
    }
    event_id = record_event(
        session,
        Event(kind=EVENTS[act], at=at, actor=actor, data=data, subjects=_subjects(session, row)),
    )
    session.add(
        MeasureStepRow(
            measure_id=row.id,
            at=at,
            act=act,
            status=row.status,
            reason=reason,
            event_id=event_id,
            actor_id=None if actor is None else actor.user_id,
        )
    )
    session.flush()


def _subjects(session: Session, row: MeasureRow) -> tuple[Subject, ...]:
    known = find_subject(session, row.subject_kind, row.subject_id)
    own = [Subject(SubjectKey.MEASURE, str(row.id))]
    if row.case_id is not None:
        own.append(Subject(SubjectKey.CASE, str(row.case_id)))
    return (*own, *(known.subjects if known else ()))
