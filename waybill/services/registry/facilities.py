"""Facilities of a loader: managed by its supervisors, known to everybody with their bays."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import DuplicateError, NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import OrganisationRole, RecordStatus, SubjectKind
from waybill.registry.records import (
    Bay,
    Facility,
    FacilityParticulars,
    StatusChange,
)
from waybill.services.paging import Page, PageRequest
from waybill.services.registry.changes import (
    Trace,
    change_status,
    organisation_subject,
    record_changed,
    record_new,
    take_for_change,
)
from waybill.services.registry.listing import FIRST_PAGE, fetch_page
from waybill.services.registry.positions import check_coordinates
from waybill.services.registry.standing import require_role
from waybill.services.registry.validation import Complaint, FieldCheck
from waybill.storage.events import EventKind, Subject, SubjectKey
from waybill.storage.registry import BayRow, FacilityRow

_AREA_CODE: Final = re.compile(r"[1-9][0-9]{5}")
_NAME_LENGTH: Final = 200
_ADDRESS_LENGTH: Final = 300

AREA_CODE_SHAPE: Final = Complaint(
    "area-code-shape", "行政区划代码应为 6 位数字。", "An area code has six digits."
)


def create_facility(
    session: Session, actor: Actor, particulars: FacilityParticulars, *, clock: Clock
) -> Facility:
    """Register a place where the caller's organisation loads.

    Raises:
        StateError: the caller's organisation is no active loader.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: the organisation has a facility of this name.
    """
    actor.require(Permission.WRITE_FACILITIES)
    require_role(session, actor, OrganisationRole.LOADER)
    stated = _settle(particulars)
    row = FacilityRow(
        organisation_id=actor.organisation_id,
        created_at=clock.now(),
        name=stated.name,
        area_code=stated.area_code,
        address=stated.address,
        latitude=stated.latitude,
        longitude=stated.longitude,
        supervisor_consents=bool(stated.supervisor_consents),
    )
    record_new(session, row, _trace(row, EventKind.FACILITY_REGISTERED), actor=actor, clock=clock)
    return _facility(row, ())


def update_facility(
    session: Session,
    actor: Actor,
    facility_id: UUID,
    particulars: FacilityParticulars,
    *,
    expected_version: int,
    clock: Clock,
) -> Facility:
    """Replace what the registry says of a facility of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such facility.
        PreconditionFailedError: it was changed since.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: the organisation has another facility of this name.
    """
    actor.require(Permission.WRITE_FACILITIES)
    row = _take(session, actor, facility_id, expected_version)
    stated = _settle(particulars)
    row.name = stated.name
    row.area_code = stated.area_code
    row.address = stated.address
    row.latitude, row.longitude = stated.latitude, stated.longitude
    if stated.supervisor_consents is not None:
        row.supervisor_consents = stated.supervisor_consents
    record_changed(session, row, _trace(row, EventKind.FACILITY_CHANGED), actor=actor, clock=clock)
    return _with_bays(session, [row])[0]


def set_facility_status(
    session: Session,
    actor: Actor,
    facility_id: UUID,
    change: StatusChange,
    *,
    expected_version: int,
    clock: Clock,
) -> Facility:
    """Suspend, resume or retire a facility of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such facility.
        PreconditionFailedError: it was changed since.
        StateError: its status does not lead there.
    """
    actor.require(Permission.WRITE_FACILITIES)
    row = _take(session, actor, facility_id, expected_version)
    change_status(
        session, row, _trace(row, EventKind.FACILITY_CHANGED), change, actor=actor, clock=clock
    )
    return _with_bays(session, [row])[0]


def get_facility(session: Session, actor: Actor, facility_id: UUID) -> Facility:
    """Return a facility with its bays; where loading takes place is no secret.

    Raises:
        NotFoundError: there is no such facility.
    """
    actor.require(Permission.READ_DIRECTORY)
    row = session.get(FacilityRow, facility_id)
    if row is None:
        raise NotFoundError(SubjectKind.FACILITY.value, facility_id)
    return _with_bays(session, [row])[0]


def list_facilities(
    session: Session,
    actor: Actor,
    *,
    organisation_id: UUID | None = None,
    q: str = "",
    status: RecordStatus | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[Facility]:
    """Return a page of facilities, of one organisation or of all; `q` is part of the name."""
    actor.require(Permission.READ_DIRECTORY)
    statement = select(FacilityRow)
    if organisation_id is not None:
        statement = statement.where(FacilityRow.organisation_id == organisation_id)
    if wanted := q.strip():
        statement = statement.where(FacilityRow.name.contains(wanted, autoescape=True))
    if status is not None:
        statement = statement.where(FacilityRow.status == status)
    return fetch_page(
        session, statement, FacilityRow.id, page, lambda rows: _with_bays(session, rows)
    )


def facilities_of(session: Session, organisation_ids: Sequence[UUID]) -> list[Facility]:
    """Return the facilities in use of some organisations, each with its bays in use."""
    rows = session.scalars(
        select(FacilityRow)
        .where(
            FacilityRow.organisation_id.in_(organisation_ids),
            FacilityRow.status != RecordStatus.RETIRED,
        )
        .order_by(FacilityRow.id)
    )
    return _with_bays(session, list(rows), in_use=True)


def own_facility(actor: Actor, facility_id: UUID) -> Select[FacilityRow]:
    """Return the statement that finds a facility of the caller's organisation."""
    return select(FacilityRow).where(
        FacilityRow.id == facility_id, FacilityRow.organisation_id == actor.organisation_id
    )


def _take(session: Session, actor: Actor, facility_id: UUID, expected_version: int) -> FacilityRow:
    return take_for_change(
        session,
        own_facility(actor, facility_id),
        (SubjectKind.FACILITY, facility_id),
        expected_version=expected_version,
    )


def _settle(stated: FacilityParticulars) -> FacilityParticulars:
    check = FieldCheck()
    holds = _AREA_CODE.fullmatch(stated.area_code) is not None
    check.expect("/area_code", AREA_CODE_SHAPE, holds=holds)
    settled = FacilityParticulars(
        name=check.line("/name", stated.name, longest=_NAME_LENGTH),
        area_code=stated.area_code,
        address=check.line("/address", stated.address, longest=_ADDRESS_LENGTH),
        latitude=stated.latitude,
        longitude=stated.longitude,
        supervisor_consents=stated.supervisor_consents,
    )
    check_coordinates(check, stated.latitude, stated.longitude)
    check.settle()
    return settled


def _trace(row: FacilityRow, kind: EventKind) -> Trace:
    return Trace(
        kind=kind,
        subject_kind=SubjectKind.FACILITY,
        subjects=(
            organisation_subject(row.organisation_id),
            Subject(SubjectKey.FACILITY, str(row.id)),
        ),
        taken=DuplicateError(
            "本单位已有同名装货地点。",
            "Your organisation has a facility of this name already.",
            pointer="/name",
        ),
    )


def _with_bays(
    session: Session, rows: Sequence[FacilityRow], *, in_use: bool = False
) -> list[Facility]:
    bays = select(BayRow).where(BayRow.facility_id.in_([row.id for row in rows]))
    if in_use:
        bays = bays.where(BayRow.status != RecordStatus.RETIRED)
    by_facility: defaultdict[UUID, list[Bay]] = defaultdict(list)
    for bay in session.scalars(bays.order_by(BayRow.id)):
        by_facility[bay.facility_id].append(bay_of(bay))
    return [_facility(row, tuple(by_facility[row.id])) for row in rows]


def _facility(row: FacilityRow, bays: tuple[Bay, ...]) -> Facility:
    return Facility(
        id=row.id,
        organisation_id=row.organisation_id,
        created_at=row.created_at,
        status=row.status,
        version=row.version,
        name=row.name,
        area_code=row.area_code,
        address=row.address,
        latitude=row.latitude,
        longitude=row.longitude,
        supervisor_consents=row.supervisor_consents,
        bays=bays,
    )


def bay_of(row: BayRow) -> Bay:
    """Return the record of a bay's row."""
    return Bay(
        id=row.id,
        facility_id=row.facility_id,
        created_at=row.created_at,
        status=row.status,
        version=row.version,
        name=row.name,
    )
