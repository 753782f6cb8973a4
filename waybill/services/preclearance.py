"""Pre-clearance (装货前复审): open waybills are judged again before the vehicle sets out.

A change of the register judges the waybills it concerns within its own transaction; the worker
judges each open waybill once a day as its loading draws near. A verdict is kept where it says
something new or is the first of its day, and one whose new findings nobody accepted at issue
calls for attention.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from waybill.clock import SHANGHAI, Clock, local_date
from waybill.codec import JsonValue
from waybill.registry.kinds import SubjectKind
from waybill.rules.assess import AHEAD, findings_from_bytes
from waybill.rules.finding import Finding, Phase
from waybill.rules.lifecycle import WaybillStatus
from waybill.sealing import KeyTable
from waybill.services.affected import affected_waybills, is_watched
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.keys import read_key_table
from waybill.services.verdicts import Verdict, judge, standing_codes, verdict_row
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
    plate_subject,
)
from waybill.storage.facts_query import OF_WAYBILL_LOCKED
from waybill.storage.waybills import VerdictRow, WaybillRow
from waybill.storage.write import write_together

DUE_AT_ONCE: Final = 200
"""How many waybills one round of the worker takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a waybill is judged again: an event that changed the register, or the new day.

    `event_id` is empty for the new day, and only then a verdict that says nothing new is kept.
    """

    kind: str
    event_id: UUID | None = None


NEW_DAY: Final = Cause(kind="new-day")


def rejudge_affected(
    session: Session, kind: SubjectKind, subject_id: UUID, *, cause: Cause, clock: Clock
) -> None:
    """Judge again whatever open waybill a changed record is part of, in the caller's transaction.

    Of very many the soonest are judged; the worker judges the others within the day.
    """
    waybill_ids = affected_waybills(session, kind, subject_id, now=clock.now())
    keys = read_key_table(session) if waybill_ids else KeyTable(())
    for waybill_id in sorted(waybill_ids):
        rejudge_waybill(session, waybill_id, keys, clock=clock, cause=cause)


def due_waybills(session: Session, *, now: datetime, limit: int = DUE_AT_ONCE) -> Sequence[UUID]:
    """Return watched waybills that were not judged on this day yet, the soonest first."""
    begins_at = datetime.combine(local_date(now), time.min, SHANGHAI)
    judged_today = exists().where(
        VerdictRow.waybill_id == WaybillRow.id,
        VerdictRow.phase.in_(AHEAD),
        VerdictRow.judged_at >= begins_at,
    )
    statement = (
        select(WaybillRow.id)
        .where(is_watched(now), ~judged_today)
        .order_by(WaybillRow.planned_loading_at, WaybillRow.id)
        .limit(limit)
    )
    return session.scalars(statement).all()


def rejudge_waybill(
    session: Session, waybill_id: UUID, keys: KeyTable, *, clock: Clock, cause: Cause
) -> Verdict | None:
    """Judge an issued waybill again ahead of its loading, and keep what is new.

    The waybill's row stays locked until the caller's transaction ends. Nothing is kept of one
    that is cleared or cancelled by now, or of a verdict that repeats the last one: a changed
    register repeats what stands, the new day a verdict of the same day.

    Args:
        session: the caller's.
        waybill_id: an issued waybill.
        keys: who may have signed.
        clock: says when.
        cause: what called for it.

    Returns:
        The verdict that was kept, `None` where none was.
    """
    now = clock.now()
    values = {"waybill_id": waybill_id, "actor_id": None, "supervisor_reference": ""}
    dossier = Dossier(OF_WAYBILL_LOCKED.read(session, values))
    if dossier.waybill.status is not WaybillStatus.ISSUED:
        return None
    verdict = judge(facts_of(dossier, keys, at=now), at=now, phase=Phase.DAY_BEFORE)
    known = _kept(session, waybill_id)
    if _repeats(verdict, known[-1], cause, now):
        return None
    accepted = [_standing_of(row) for row in known if row.phase is Phase.ISSUE][-1]
    _keep(session, dossier, verdict, accepted=accepted, cause=cause)
    return verdict


def _kept(session: Session, waybill_id: UUID) -> Sequence[VerdictRow]:
    """Return the verdicts ahead of loading, oldest first; there is at least the issue's."""
    statement = (
        select(VerdictRow)
        .where(VerdictRow.waybill_id == waybill_id, VerdictRow.phase.in_(AHEAD))
        .order_by(VerdictRow.id)
    )
    return session.scalars(statement).all()


def _repeats(verdict: Verdict, last: VerdictRow, cause: Cause, now: datetime) -> bool:
    if _standing(verdict.assessment.findings) != _standing_of(last):
        return False
    return cause.event_id is not None or local_date(last.judged_at) == local_date(now)


def _standing_of(row: VerdictRow) -> frozenset[tuple[str, str]]:
    return _standing(findings_from_bytes(row.findings))


def _standing(findings: Sequence[Finding]) -> frozenset[tuple[str, str]]:
    return frozenset((found.code, found.reason) for found in findings if found.stands)


def _keep(
    session: Session,
    dossier: Dossier,
    verdict: Verdict,
    *,
    accepted: frozenset[tuple[str, str]],
    cause: Cause,
) -> None:
    added = _standing(verdict.assessment.findings) - accepted
    event = _event(dossier, verdict, added, cause)
    event_id = event_id_at(event.at)
    since = WaybillRow.attention_since
    write_together(
        session,
        [
            *event_statements(event, event_id),
            verdict_row(verdict, waybill_id=dossier.waybill.id, event_id=event_id),
            # The version stays: nobody who is about to cancel has to look again for this.
            update(WaybillRow)
            .where(WaybillRow.id == dossier.waybill.id)
            .values(attention_since=func.coalesce(since, verdict.assessment.at) if added else None),
        ],
    )


def _event(
    dossier: Dossier, verdict: Verdict, added: frozenset[tuple[str, str]], cause: Cause
) -> Event:
    row = dossier.waybill
    caused: dict[str, JsonValue] = {"kind": cause.kind}
    if cause.event_id is not None:
        caused["event"] = str(cause.event_id)
    data: dict[str, JsonValue] = {
        "waybill": str(row.id),
        "number": row.number,
        "verdict": verdict.digest,
        "clears": verdict.clears,
        "standing": list(standing_codes(verdict)),
        "added": sorted({code for code, _ in added}),
        "cause": caused,
    }
    units = dossier.vehicles.values()
    return Event(
        kind=EventKind.WAYBILL_REJUDGED,
        at=verdict.assessment.at,
        actor=None,
        data=data,
        subjects=(
            Subject(SubjectKey.WAYBILL, str(row.id)),
            Subject(SubjectKey.ORGANISATION, str(row.carrier_id)),
            Subject(SubjectKey.FACILITY, str(row.facility_id)),
            *(plate_subject(unit.plate, unit.plate_colour.value) for unit in units),
        ),
    )
