"""Reading records of work without network: one, those of a waybill, of a case, of a check."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from waybill.registry.offline import KeptRecord, RecordProblem
from waybill.storage.devices import DeviceRow
from waybill.storage.offline import OfflinePhotoRow, OfflineRecordRow


def find_record(session: Session, record_id: UUID) -> KeptRecord:
    """Return a record that is known to be there."""
    (record,) = _records(session, OfflineRecordRow.id == record_id)
    return record


def records_of_waybill(session: Session, waybill_id: UUID) -> Sequence[KeptRecord]:
    """Return the records of a waybill, oldest first; who may see the waybill is the caller's."""
    return _records(session, OfflineRecordRow.waybill_id == waybill_id)


def records_of_check(session: Session, check_id: UUID) -> Sequence[KeptRecord]:
    """Return the records that belong to a check, oldest first."""
    return _records(session, OfflineRecordRow.check_id == check_id)


def records_of_case(session: Session, case_id: UUID) -> Sequence[KeptRecord]:
    """Return the record that a case was opened about, with the others of its waybill."""
    about = select(OfflineRecordRow.waybill_id).where(OfflineRecordRow.case_id == case_id)
    return _records(
        session,
        (OfflineRecordRow.case_id == case_id)
        | OfflineRecordRow.waybill_id.in_(about.where(OfflineRecordRow.waybill_id.is_not(None))),
    )


def _records(session: Session, condition: ColumnElement[bool]) -> Sequence[KeptRecord]:
    missing = (
        select(func.count())
        .select_from(OfflinePhotoRow)
        .where(
            OfflinePhotoRow.record_id == OfflineRecordRow.id,
            OfflinePhotoRow.received_at.is_(None),
        )
        .correlate(OfflineRecordRow)
        .scalar_subquery()
    )
    rows = session.execute(
        select(OfflineRecordRow, DeviceRow.label, missing)
        .select_from(OfflineRecordRow)
        .join(DeviceRow, DeviceRow.id == OfflineRecordRow.device_id)
        .where(condition)
        .order_by(OfflineRecordRow.id)
    )
    return [_record(row, label, count) for row, label, count in rows]


def _record(row: OfflineRecordRow, label: str, photos_missing: int) -> KeptRecord:
    return KeptRecord(
        id=row.id,
        number=row.number,
        device_id=row.device_id,
        device_label=label,
        person_id=row.person_id,
        received_at=row.received_at,
        opened_at=row.opened_at,
        decided_at=row.decided_at,
        clock_offset_ms=row.clock_offset_ms,
        state=row.state,
        decision=row.decision,
        reasons=tuple(row.reasons),
        problems=tuple(RecordProblem(code) for code in row.problems),
        cleared=row.cleared,
        standing=tuple(row.standing),
        waybill_id=row.waybill_id,
        check_id=row.check_id,
        case_id=row.case_id,
        event_id=row.event_id,
        photos_missing=photos_missing,
    )
