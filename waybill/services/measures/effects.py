"""What a measure does to its subject when it begins and when it ends, at once and on all waybills.

A change of the register judges the open waybills it concerns within the same transaction, so the
bay refuses from this moment on.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.black_listing import BlackListingParticulars
from waybill.registry.kinds import CertificateStatus, RecordStatus, SubjectKind
from waybill.registry.measures import MeasureKind
from waybill.registry.records import CertificateStatusChange
from waybill.services.registry.black_list import enter_black_listing, lift_black_listing
from waybill.services.registry.certificates import decide_certificate
from waybill.services.registry.changes import StatusRow, Trace, record_changed
from waybill.services.registry.subjects import get_subject
from waybill.storage.events import EventKind
from waybill.storage.measures import MeasureRow
from waybill.storage.registry import (
    CertificateRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)

NEEDED: Final[Mapping[MeasureKind, Permission]] = {
    MeasureKind.SUSPENSION: Permission.SUSPEND_CREDENTIAL,
    MeasureKind.REVOCATION: Permission.SUSPEND_CREDENTIAL,
    MeasureKind.BLACK_LISTING: Permission.WRITE_BLACK_LIST,
}
"""What whoever lets a measure take effect must be allowed beside approving."""


class _Record(NamedTuple):
    row: type[StatusRow]
    changed: EventKind


_RECORDS: Final[Mapping[SubjectKind, _Record]] = {
    SubjectKind.ORGANISATION: _Record(OrganisationRow, EventKind.ORGANISATION_CHANGED),
    SubjectKind.VEHICLE: _Record(VehicleRow, EventKind.VEHICLE_CHANGED),
    SubjectKind.TANK: _Record(TankRow, EventKind.TANK_CHANGED),
    SubjectKind.PERSON: _Record(PersonRow, EventKind.PERSON_CHANGED),
}

_CERTIFICATE_STATUS: Final[Mapping[MeasureKind, CertificateStatus]] = {
    MeasureKind.SUSPENSION: CertificateStatus.SUSPENDED,
    MeasureKind.REVOCATION: CertificateStatus.REVOKED,
}


def begin_effect(session: Session, row: MeasureRow, *, actor: Actor | None, clock: Clock) -> None:
    """Bar the subject of a measure.

    Raises:
        StateError: the subject is retired, or its certificate is in that state already.
    """
    if row.kind is MeasureKind.BLACK_LISTING:
        _enter(session, row, actor=actor, clock=clock)
    elif row.subject_kind is SubjectKind.CERTIFICATE:
        change = CertificateStatusChange(
            status=_CERTIFICATE_STATUS[row.kind], reason=_words(row, row.reason)
        )
        decide_certificate(session, row.subject_id, change, actor=actor, clock=clock)
    else:
        _suspend(session, row, actor=actor, clock=clock)
    row.in_effect = True


def end_effect(
    session: Session, row: MeasureRow, reason: str, *, actor: Actor | None, clock: Clock
) -> None:
    """Free the subject of a measure; without an effect, nothing. A revocation has no end."""
    if not row.in_effect:
        return
    row.in_effect = False
    row.ended_at = clock.now()
    if row.kind is MeasureKind.BLACK_LISTING:
        _lift(session, row, reason, actor=actor, clock=clock)
    elif row.subject_kind is SubjectKind.CERTIFICATE:
        _restore(session, row, reason, actor=actor, clock=clock)
    else:
        _resume(session, row, reason, actor=actor, clock=clock)


def _enter(session: Session, row: MeasureRow, *, actor: Actor | None, clock: Clock) -> None:
    if actor is None:
        raise ValueError("an entry of the black list is somebody's")
    row.black_listing_id = enter_black_listing(
        session,
        actor,
        BlackListingParticulars(
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            decision_number=row.decision_number,
            reason=row.reason,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        ),
        clock=clock,
    ).id


def _lift(
    session: Session, row: MeasureRow, reason: str, *, actor: Actor | None, clock: Clock
) -> None:
    # One that has run out needs no lifting: its last day has passed.
    if actor is not None and row.black_listing_id is not None:
        lift_black_listing(session, actor, row.black_listing_id, reason, clock=clock)


def _suspend(session: Session, row: MeasureRow, *, actor: Actor | None, clock: Clock) -> None:
    record = _take(session, row)
    if record.status is RecordStatus.RETIRED:
        raise StateError(
            "该对象已停用退出，不能暂停。",
            "It is retired, so there is nothing to suspend.",
            state=record.status.value,
            act="suspend",
            next_step_zh="如需限制同一车辆、罐体或人员，请列入黑名单。",
            next_step_en="To bar the same vehicle, tank or person, use the black list.",
        )
    row.status_before = record.status
    record.status = RecordStatus.SUSPENDED
    _tell(session, row, record, "suspended-by-authority", row.reason, actor=actor, clock=clock)


def _resume(
    session: Session, row: MeasureRow, reason: str, *, actor: Actor | None, clock: Clock
) -> None:
    record = _take(session, row)
    # What its owner had suspended before stays so, for the owner to resume.
    record.status = row.status_before or RecordStatus.ACTIVE
    _tell(session, row, record, "resumed-by-authority", reason, actor=actor, clock=clock)


def _restore(
    session: Session, row: MeasureRow, reason: str, *, actor: Actor | None, clock: Clock
) -> None:
    # A certificate that was revoked meanwhile stays revoked.
    status = session.scalar(
        select(CertificateRow.status).where(CertificateRow.id == row.subject_id)
    )
    if status is CertificateStatus.SUSPENDED:
        change = CertificateStatusChange(status=CertificateStatus.VALID, reason=_words(row, reason))
        decide_certificate(session, row.subject_id, change, actor=actor, clock=clock)


def _take(session: Session, row: MeasureRow) -> StatusRow:
    table = _RECORDS[row.subject_kind].row
    record = session.scalar(
        select(table)
        .where(table.id == row.subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if record is None:
        raise NotFoundError(row.subject_kind.value, row.subject_id)
    return cast("StatusRow", record)


def _tell(
    session: Session,
    row: MeasureRow,
    record: StatusRow,
    act: str,
    reason: str,
    *,
    actor: Actor | None,
    clock: Clock,
) -> None:
    known = get_subject(session, row.subject_kind, row.subject_id)
    trace = Trace(
        kind=_RECORDS[row.subject_kind].changed,
        subject_kind=row.subject_kind,
        subjects=known.subjects,
    )
    record_changed(session, record, trace, actor=actor, clock=clock, act=act, reason=reason)


def _words(row: MeasureRow, reason: str) -> str:
    """Return what a certificate says of its status: the decision, and as much as fits of why."""
    return f"{row.decision_number}：{reason}"[:300]
