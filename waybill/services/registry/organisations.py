"""Organisations: registered by the administrator, known to everybody through the directory."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import DuplicateError, NotFoundError
from waybill.identifiers import validate_phone, validate_uscc
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import OrganisationRole, RecordStatus, SubjectKind
from waybill.registry.records import (
    DirectoryEntry,
    Facility,
    Organisation,
    OrganisationParticulars,
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
from waybill.services.registry.facilities import facilities_of
from waybill.services.registry.listing import FIRST_PAGE, fetch_page, visible_to
from waybill.services.registry.validation import REPEATED, REQUIRED, FieldCheck
from waybill.storage.events import EventKind
from waybill.storage.registry import OrganisationRow

_NAME_LENGTH: Final = 200
_ADDRESS_LENGTH: Final = 300


def create_organisation(
    session: Session, actor: Actor, particulars: OrganisationParticulars, *, clock: Clock
) -> Organisation:
    """Register an organisation under its unified social credit code.

    Raises:
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: an organisation has this code already.
    """
    actor.require(Permission.WRITE_ORGANISATIONS)
    stated = _settle(particulars)
    row = OrganisationRow(
        created_at=clock.now(),
        uscc=stated.uscc,
        name=stated.name,
        roles=[role.value for role in stated.roles],
        address=stated.address,
        phone=stated.phone,
    )
    record_new(
        session, row, _trace(row, EventKind.ORGANISATION_REGISTERED), actor=actor, clock=clock
    )
    return _organisation(row)


def update_organisation(
    session: Session,
    actor: Actor,
    organisation_id: UUID,
    particulars: OrganisationParticulars,
    *,
    expected_version: int,
    clock: Clock,
) -> Organisation:
    """Replace what the registry says of an organisation.

    Raises:
        NotFoundError: there is no such organisation.
        PreconditionFailedError: it was changed since.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: another organisation has this code.
    """
    actor.require(Permission.WRITE_ORGANISATIONS)
    row = _take(session, organisation_id, expected_version)
    stated = _settle(particulars)
    row.uscc = stated.uscc
    row.name = stated.name
    row.roles = [role.value for role in stated.roles]
    row.address = stated.address
    row.phone = stated.phone
    record_changed(
        session, row, _trace(row, EventKind.ORGANISATION_CHANGED), actor=actor, clock=clock
    )
    return _organisation(row)


def set_organisation_status(
    session: Session,
    actor: Actor,
    organisation_id: UUID,
    change: StatusChange,
    *,
    expected_version: int,
    clock: Clock,
) -> Organisation:
    """Suspend, resume or retire an organisation.

    Raises:
        NotFoundError: there is no such organisation.
        PreconditionFailedError: it was changed since.
        StateError: its status does not lead there.
    """
    actor.require(Permission.WRITE_ORGANISATIONS)
    row = _take(session, organisation_id, expected_version)
    trace = _trace(row, EventKind.ORGANISATION_CHANGED)
    change_status(session, row, trace, change, actor=actor, clock=clock)
    return _organisation(row)


def get_organisation(session: Session, actor: Actor, organisation_id: UUID) -> Organisation:
    """Return an organisation: one's own, or any for those who oversee.

    Raises:
        NotFoundError: there is none, or the caller may not see it in full.
    """
    actor.require(Permission.READ_DIRECTORY)
    row = session.scalar(
        select(OrganisationRow).where(
            OrganisationRow.id == organisation_id, visible_to(actor, OrganisationRow.id)
        )
    )
    if row is None:
        raise NotFoundError(SubjectKind.ORGANISATION.value, organisation_id)
    return _organisation(row)


def list_organisations(
    session: Session,
    actor: Actor,
    *,
    q: str = "",
    role: OrganisationRole | None = None,
    status: RecordStatus | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[Organisation]:
    """Return a page of the organisations that the caller sees in full.

    Args:
        session: the caller's.
        actor: who asks.
        q: part of the name, or the beginning of the credit code.
        role: only organisations with this role.
        status: only organisations in this status.
        page: which page.
    """
    actor.require(Permission.READ_REGISTRY)
    statement = (
        select(OrganisationRow)
        .where(visible_to(actor, OrganisationRow.id))
        .where(*_filters(q, role))
    )
    if status is not None:
        statement = statement.where(OrganisationRow.status == status)
    return fetch_page(
        session, statement, OrganisationRow.id, page, lambda rows: [_organisation(r) for r in rows]
    )


def list_directory(
    session: Session,
    actor: Actor,
    *,
    q: str = "",
    role: OrganisationRole | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[DirectoryEntry]:
    """Return a page of the directory: every organisation in use, loaders with their facilities."""
    actor.require(Permission.READ_DIRECTORY)
    statement = (
        select(OrganisationRow)
        .where(OrganisationRow.status != RecordStatus.RETIRED)
        .where(*_filters(q, role))
    )
    return fetch_page(
        session, statement, OrganisationRow.id, page, lambda rows: _entries(session, rows)
    )


def _filters(q: str, role: OrganisationRole | None) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if wanted := q.strip():
        name = OrganisationRow.name.contains(wanted, autoescape=True)
        code = OrganisationRow.uscc.startswith(wanted.upper(), autoescape=True)
        filters.append(or_(name, code))
    if role is not None:
        # Roles are a short JSON list of fixed words, so the quoted word finds them in any dialect.
        filters.append(cast(OrganisationRow.roles, String).contains(f'"{role.value}"'))
    return filters


def _take(session: Session, organisation_id: UUID, expected_version: int) -> OrganisationRow:
    return take_for_change(
        session,
        select(OrganisationRow).where(OrganisationRow.id == organisation_id),
        (SubjectKind.ORGANISATION, organisation_id),
        expected_version=expected_version,
    )


def _settle(stated: OrganisationParticulars) -> OrganisationParticulars:
    check = FieldCheck()
    check.expect("/roles", REQUIRED, holds=bool(stated.roles))
    check.expect("/roles", REPEATED, holds=len(set(stated.roles)) == len(stated.roles))
    phone = stated.phone.strip()
    settled = OrganisationParticulars(
        uscc=check.identifier("/uscc", validate_uscc, stated.uscc),
        name=check.line("/name", stated.name, longest=_NAME_LENGTH),
        roles=stated.roles,
        address=check.line("/address", stated.address, longest=_ADDRESS_LENGTH, required=False),
        phone=check.identifier("/phone", validate_phone, phone) if phone else "",
    )
    check.settle()
    return settled


def _trace(row: OrganisationRow, kind: EventKind) -> Trace:
    return Trace(
        kind=kind,
        subject_kind=SubjectKind.ORGANISATION,
        subjects=(organisation_subject(row.id),),
        taken=DuplicateError(
            "该统一社会信用代码已登记。",
            "An organisation with this credit code is registered already.",
            pointer="/uscc",
        ),
    )


def _organisation(row: OrganisationRow) -> Organisation:
    return Organisation(
        id=row.id,
        created_at=row.created_at,
        status=row.status,
        version=row.version,
        uscc=row.uscc,
        name=row.name,
        roles=tuple(map(OrganisationRole, row.roles)),
        address=row.address,
        phone=row.phone,
    )


def _entries(session: Session, rows: Sequence[OrganisationRow]) -> list[DirectoryEntry]:
    by_owner: defaultdict[UUID, list[Facility]] = defaultdict(list)
    for facility in facilities_of(session, [row.id for row in rows]):
        by_owner[facility.organisation_id].append(facility)
    return [
        DirectoryEntry(
            id=row.id,
            uscc=row.uscc,
            name=row.name,
            roles=tuple(map(OrganisationRole, row.roles)),
            status=row.status,
            facilities=tuple(by_owner[row.id]),
        )
        for row in rows
    ]
