"""Abort (中止): a check or a loading that is broken off, with its reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Insert, Update, insert, select, update
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.registry.access import Actor
from waybill.registry.offline import TabletDecision
from waybill.rules.lifecycle import Aboard, CheckStatus, WaybillStatus, abort_outcome
from waybill.services.checks.parts import parts_by_position
from waybill.services.checks.reading import lock_waybill_of, read_check
from waybill.services.dossier import Dossier
from waybill.services.registry.validation import Complaint, FieldCheck
from waybill.services.trip_data import trip_data
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
    plate_subject,
)
from waybill.storage.facts_query import OF_CHECK_LOCKED
from waybill.storage.offline import OfflineRecordRow
from waybill.storage.records import CheckRecord
from waybill.storage.waybills import CheckAbortRow, LoadingCheckRow, WaybillRow
from waybill.storage.write import write_together

SHORTEST_REASON: Final = 4
LONGEST_REASON: Final = 270
"""With the words before it, the reason stands in the column of a cancelled waybill."""
CANCELLED_BY_ABORT: Final = "装货中止 loading aborted: "
TOO_SHORT: Final = Complaint(
    "reason-needed",
    "请说明中止原因（4 至 270 个字）。",
    "Say why it is broken off, in 4 to 270 characters.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abort:
    """An aborted check, and what became of its waybill."""

    check_id: UUID
    waybill_id: UUID
    aborted_at: datetime
    was: CheckStatus
    aboard: Aboard
    reason: str
    waybill_status: WaybillStatus


def abort_check(
    session: Session,
    actor: Actor,
    check_id: UUID,
    *,
    reason: str,
    aboard: Aboard = Aboard.UNSAID,
    clock: Clock,
) -> Abort:
    """Break off a check: before the clearance the waybill stays as it is, after it it is over.

    Nothing is released under that waybill any more. What is aboard is unloaded, or goes into a
    loading record as a partial load, which is not an abort.

    Raises:
        NotFoundError: there is no such check at the actor's organisation.
        StateError: it is released or aborted already.
        InvalidFieldError: the reason is missing or too long.
    """
    reason = _checked_reason(reason)
    now = clock.now()
    lock_waybill_of(session, check_id)
    dossier, check = read_check(session, actor, check_id, OF_CHECK_LOCKED)
    before = dossier.waybill.status
    after = abort_outcome(check.status, before)
    aboard = _aboard(session, dossier, check, aboard)
    abort = Abort(
        check_id=check_id,
        waybill_id=check.waybill_id,
        aborted_at=now,
        was=check.status,
        aboard=aboard,
        reason=reason,
        waybill_status=after,
    )
    event_id = event_id_at(now)
    write_together(
        session,
        [
            *event_statements(_event(actor, dossier, check, abort), event_id),
            _abort_insert(actor, abort, event_id),
            _check_update(abort),
            *([_waybill_update(abort)] if after is not before else []),
        ],
    )
    return abort


def _aboard(session: Session, dossier: Dossier, check: CheckRecord, said: Aboard) -> Aboard:
    """Return what may be aboard: what is said, unless what was done speaks against it."""
    if said is Aboard.NOTHING and parts_by_position(dossier.evidence()):
        # What was recorded as loaded is aboard until somebody says that it was unloaded.
        return Aboard.UNSAID
    cleared = check.status is CheckStatus.CLEARED
    if said is Aboard.UNSAID and not cleared and not _was_let_in(session, check.id):
        return Aboard.NOTHING
    return said


def _was_let_in(session: Session, check_id: UUID) -> bool:
    """Whether a tablet without network let somebody load, whatever the server made of it."""
    let_in = select(OfflineRecordRow.id).where(
        OfflineRecordRow.check_id == check_id, OfflineRecordRow.decision == TabletDecision.CLEARED
    )
    return session.scalar(let_in.limit(1)) is not None


def _checked_reason(reason: str) -> str:
    check = FieldCheck()
    line = check.line("/reason", reason, longest=LONGEST_REASON)
    check.expect("/reason", TOO_SHORT, holds=not line or len(line) >= SHORTEST_REASON)
    check.settle()
    return line


def _abort_insert(actor: Actor, abort: Abort, event_id: UUID) -> Insert:
    return insert(CheckAbortRow).values(
        check_id=abort.check_id,
        waybill_id=abort.waybill_id,
        was=abort.was,
        aboard=abort.aboard,
        reason=abort.reason,
        aborted_by=actor.user_id,
        aborted_at=abort.aborted_at,
        event_id=event_id,
    )


def _check_update(abort: Abort) -> Update:
    return (
        update(LoadingCheckRow)
        .where(LoadingCheckRow.id == abort.check_id)
        .values(status=CheckStatus.ABORTED, version=LoadingCheckRow.version + 1)
    )


def _waybill_update(abort: Abort) -> Update:
    return (
        update(WaybillRow)
        .where(WaybillRow.id == abort.waybill_id)
        .values(
            status=abort.waybill_status,
            cancelled_at=abort.aborted_at,
            cancel_reason=CANCELLED_BY_ABORT + abort.reason,
            version=WaybillRow.version + 1,
        )
    )


def _event(actor: Actor, dossier: Dossier, check: CheckRecord, abort: Abort) -> Event:
    content, waybill = dossier.content, dossier.waybill
    data: dict[str, JsonValue] = {
        "check": str(check.id),
        "waybill": str(check.waybill_id),
        "number": waybill.number,
        "revision": check.revision,
        "was": abort.was.value,
        "aboard": abort.aboard.value,
        "reason": abort.reason,
        "waybill_status": abort.waybill_status.value,
        "facility": str(check.facility_id),
        "bay": str(check.bay_id),
        "trip": trip_data(content, waybill.carrier_id) if content else None,
    }
    units = [unit for unit in (content.vehicle, content.trailer) if unit] if content else []
    return Event(
        kind=EventKind.CHECK_ABORTED,
        at=abort.aborted_at,
        actor=actor,
        data=data,
        subjects=(
            Subject(SubjectKey.WAYBILL, str(check.waybill_id)),
            Subject(SubjectKey.CHECK, str(check.id)),
            Subject(SubjectKey.ORGANISATION, str(waybill.carrier_id)),
            Subject(SubjectKey.FACILITY, str(check.facility_id)),
            Subject(SubjectKey.BAY, str(check.bay_id)),
            *(plate_subject(unit.plate, unit.plate_colour.value) for unit in units),
        ),
    )
