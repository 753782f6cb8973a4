"""Loading bays of a facility: managed by the loader's supervisors, known to everybody."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import DuplicateError, NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import RecordStatus, SubjectKind
from waybill.registry.records import Bay, BayParticulars, StatusChange
from waybill.services.registry.changes import (
    Trace,
    change_status,
    organisation_subject,
    record_changed,
    record_new,
    take_for_change,
)
from waybill.services.registry.facilities import bay_of, own_facility
from waybill.services.registry.validation import FieldCheck
from waybill.storage.events import EventKind, Subject, SubjectKey
from waybill.storage.registry import BayRow, FacilityRow

_NAME_LENGTH: Final = 100


def create_bay(
    session: Session, actor: Actor, facility_id: UUID, particulars: BayParticulars, *, clock: Clock
) -> Bay:
    """Register a bay of a facility of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such facility.
        StateError: the facility is retired.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: the facility has a bay of this name.
    """
    actor.require(Permission.WRITE_FACILITIES)
    facility = session.scalar(own_facility(actor, facility_id).with_for_update())
    if facility is None:
        raise NotFoundError(SubjectKind.FACILITY.value, facility_id)
    if facility.status is RecordStatus.RETIRED:
        raise StateError(
            "该装货地点已注销。",
            "This facility is retired.",
            state=facility.status.value,
            act="register-bay",
        )
    name = _settle(particulars)
    row = BayRow(facility_id=facility_id, created_at=clock.now(), name=name)
    record_new(session, row, _trace(row, actor, EventKind.BAY_REGISTERED), actor=actor, clock=clock)
    return bay_of(row)


def update_bay(
    session: Session,
    actor: Actor,
    bay_id: UUID,
    particulars: BayParticulars,
    *,
    expected_version: int,
    clock: Clock,
) -> Bay:
    """Rename a bay of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such bay.
        PreconditionFailedError: it was changed since.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: the facility has another bay of this name.
    """
    actor.require(Permission.WRITE_FACILITIES)
    row = _take(session, actor, bay_id, expected_version)
    row.name = _settle(particulars)
    record_changed(
        session, row, _trace(row, actor, EventKind.BAY_CHANGED), actor=actor, clock=clock
    )
    return bay_of(row)


def set_bay_status(
    session: Session,
    actor: Actor,
    bay_id: UUID,
    change: StatusChange,
    *,
    expected_version: int,
    clock: Clock,
) -> Bay:
    """Suspend, resume or retire a bay of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such bay.
        PreconditionFailedError: it was changed since.
        StateError: its status does not lead there.
    """
    actor.require(Permission.WRITE_FACILITIES)
    row = _take(session, actor, bay_id, expected_version)
    trace = _trace(row, actor, EventKind.BAY_CHANGED)
    change_status(session, row, trace, change, actor=actor, clock=clock)
    return bay_of(row)


def get_bay(session: Session, actor: Actor, bay_id: UUID) -> Bay:
    """Return a bay.

    Raises:
        NotFoundError: there is no such bay.
    """
    actor.require(Permission.READ_DIRECTORY)
    row = session.get(BayRow, bay_id)
    if row is None:
        raise NotFoundError(SubjectKind.BAY.value, bay_id)
    return bay_of(row)


def _take(session: Session, actor: Actor, bay_id: UUID, expected_version: int) -> BayRow:
    own = select(FacilityRow.id).where(FacilityRow.organisation_id == actor.organisation_id)
    return take_for_change(
        session,
        select(BayRow).where(BayRow.id == bay_id, BayRow.facility_id.in_(own)),
        (SubjectKind.BAY, bay_id),
        expected_version=expected_version,
    )


def _settle(stated: BayParticulars) -> str:
    check = FieldCheck()
    name = check.line("/name", stated.name, longest=_NAME_LENGTH)
    check.settle()
    return name


def _trace(row: BayRow, actor: Actor, kind: EventKind) -> Trace:
    return Trace(
        kind=kind,
        subject_kind=SubjectKind.BAY,
        subjects=(
            organisation_subject(actor.organisation_id),
            Subject(SubjectKey.FACILITY, str(row.facility_id)),
        ),
        taken=DuplicateError(
            "该装货地点已有同名装卸车位。",
            "The facility has a bay of this name already.",
            pointer="/name",
        ),
    )
