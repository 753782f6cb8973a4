"""What happens to measures by itself: they begin, lapse and expire on their day."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.errors import StateError
from waybill.registry.measures import (
    STANDING,
    MeasureAct,
    MeasureKind,
    MeasureStatus,
    check_measure_move,
)
from waybill.services.measures.effects import begin_effect, end_effect
from waybill.services.measures.record import record_step, take_measure
from waybill.storage.measures import MeasureRow

DUE_AT_ONCE: Final = 200
"""How many measures one round of the worker takes."""
LAPSED: Final = "未在时限内获批准，自动失效 (not approved in time)"
EXPIRED: Final = "期满 (its last day has passed)"
NOTHING_TO_BAR: Final = "对象已停用或证件已吊销 (its subject is retired or revoked)"

_REASONS: Final[Mapping[MeasureAct, str]] = {
    MeasureAct.BEGIN: "",
    MeasureAct.LAPSE: LAPSED,
    MeasureAct.EXPIRE: EXPIRED,
}


def due_measures(session: Session, *, clock: Clock) -> Sequence[UUID]:
    """Return the measures for which something is due, oldest first."""
    now = clock.now()
    today = local_date(now)
    row = MeasureRow
    statement = (
        select(row.id)
        .where(
            or_(
                and_(row.status == MeasureStatus.INTERIM, row.interim_until <= now),
                and_(row.status.in_(STANDING), row.valid_until < today),
                and_(row.status.in_(STANDING), ~row.in_effect, row.valid_from <= today),
            )
        )
        .order_by(row.id)
        .limit(DUE_AT_ONCE)
    )
    return session.scalars(statement).all()


def move_in_time(session: Session, measure_id: UUID, *, clock: Clock) -> bool:
    """Do what is due for a measure, and say whether anything was.

    The measure's row stays locked until the caller's transaction ends; one that somebody has
    decided meanwhile is left as it is.
    """
    row = take_measure(session, measure_id)
    act = _due(row, clock)
    if act is None:
        return False
    reason = _REASONS[act]
    if act is MeasureAct.BEGIN:
        try:
            begin_effect(session, row, actor=None, clock=clock)
        except StateError:
            act, reason = MeasureAct.EXPIRE, NOTHING_TO_BAR
    row.status = check_measure_move(row.status, act)
    if act is not MeasureAct.BEGIN:
        row.interim_until = None
        end_effect(session, row, reason, actor=None, clock=clock)
    record_step(session, row, act, actor=None, clock=clock, reason=reason)
    return True


def _due(row: MeasureRow, clock: Clock) -> MeasureAct | None:
    now = clock.now()
    today = local_date(now)
    if row.status is MeasureStatus.INTERIM:
        lapsed = row.interim_until is not None and row.interim_until <= now
        return MeasureAct.LAPSE if lapsed else None
    if row.status not in STANDING:
        return None
    if row.valid_until is not None and row.valid_until < today:
        return MeasureAct.EXPIRE
    begins = not row.in_effect and row.valid_from <= today
    return MeasureAct.BEGIN if begins and row.kind is not MeasureKind.BLACK_LISTING else None
