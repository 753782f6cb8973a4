"""Cancelling (作废) an issued waybill, with a reason."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.document import parse_waybill
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError
from waybill.registry.access import Actor
from waybill.rules.lifecycle import Act, WaybillStatus, check_transition
from waybill.services.trip_data import trip_data
from waybill.services.waybills.versions import refuse_other_version
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.waybills import WaybillRevisionRow, WaybillRow

MIN_REASON_CHARACTERS = 4
MAX_REASON_CHARACTERS = 300


def cancel_waybill(
    session: Session,
    actor: Actor,
    waybill_id: UUID,
    *,
    reason: str,
    expected_version: int,
    clock: Clock,
) -> int:
    """Cancel a waybill of the actor's organisation and return its new version.

    Its code is refused from then on; what was signed stays readable.

    Raises:
        NotFoundError: there is none, or it is another carrier's.
        StateError: it is a draft, released, or cancelled already.
        PreconditionFailedError: it was changed since it was seen.
        InvalidFieldError: the reason is missing or too long.
    """
    _refuse_reason(reason)
    row = session.scalar(
        select(WaybillRow)
        .where(WaybillRow.id == waybill_id, WaybillRow.carrier_id == actor.organisation_id)
        .with_for_update()
    )
    if row is None:
        raise NotFoundError("waybill", waybill_id)
    row_status = check_transition(row.status, Act.CANCEL)
    refuse_other_version(row.version, expected_version)

    now, was = clock.now(), row.status
    row.status, row.cancelled_at, row.cancel_reason = row_status, now, reason
    _record(session, actor, row, was, now)
    session.flush()
    return row.version


def _record(
    session: Session, actor: Actor, row: WaybillRow, was: WaybillStatus, now: datetime
) -> None:
    """Record that a waybill was cancelled, with the trip that will not be made."""
    document = session.scalars(
        select(WaybillRevisionRow.document).where(
            WaybillRevisionRow.waybill_id == row.id, WaybillRevisionRow.revision == row.revision
        )
    ).one()
    data: dict[str, JsonValue] = {
        "waybill": str(row.id),
        "number": row.number,
        "was": was.value,
        "reason": row.cancel_reason,
        "trip": trip_data(parse_waybill(document), row.carrier_id),
    }
    subjects = [
        Subject(SubjectKey.WAYBILL, str(row.id)),
        Subject(SubjectKey.ORGANISATION, str(actor.organisation_id)),
    ]
    if row.facility_id:
        subjects.append(Subject(SubjectKey.FACILITY, str(row.facility_id)))
    record_event(
        session,
        Event(
            kind=EventKind.WAYBILL_CANCELLED,
            at=now,
            actor=actor,
            data=data,
            subjects=tuple(subjects),
        ),
    )


def _refuse_reason(reason: str) -> None:
    if not MIN_REASON_CHARACTERS <= len(reason.strip()) <= MAX_REASON_CHARACTERS:
        raise InvalidFieldError(
            [
                FieldProblem(
                    pointer="/reason",
                    code="reason-needed",
                    message_zh="请说明作废原因（4 至 300 个字）。",
                    message_en="Say why it is cancelled, in 4 to 300 characters.",
                )
            ]
        )
