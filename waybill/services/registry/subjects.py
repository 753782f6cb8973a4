"""Whatever a certificate, a black list entry or a history can be about, found by kind and id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.errors import NotFoundError
from waybill.registry.kinds import SubjectKind
from waybill.services.registry.changes import organisation_subject
from waybill.storage.events import Subject, SubjectKey, plate_subject
from waybill.storage.registry import (
    BayRow,
    CertificateRow,
    FacilityRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSubject:
    """A record of the registry: whose it is, and under what its events are found."""

    kind: SubjectKind
    id: UUID
    organisation_id: UUID
    subjects: tuple[Subject, ...]
    roles: tuple[str, ...] = ()


def find_subject(session: Session, kind: SubjectKind, subject_id: UUID) -> KnownSubject | None:
    """Return a record of any kind, `None` if there is none; users are not the registry's."""
    find = _FINDERS.get(kind)
    return None if find is None else find(session, subject_id)


def get_subject(session: Session, kind: SubjectKind, subject_id: UUID) -> KnownSubject:
    """Return a record of any kind.

    Raises:
        NotFoundError: there is none.
    """
    known = find_subject(session, kind, subject_id)
    if known is None:
        raise NotFoundError(kind.value, subject_id)
    return known


def _known(
    kind: SubjectKind,
    subject_id: UUID,
    organisation_id: UUID,
    *subjects: Subject,
    roles: tuple[str, ...] = (),
) -> KnownSubject:
    return KnownSubject(
        kind=kind,
        id=subject_id,
        organisation_id=organisation_id,
        subjects=(organisation_subject(organisation_id), *subjects),
        roles=roles,
    )


def _organisation(session: Session, subject_id: UUID) -> KnownSubject | None:
    row = session.get(OrganisationRow, subject_id)
    if row is None:
        return None
    return _known(SubjectKind.ORGANISATION, row.id, row.id, roles=tuple(row.roles))


def _vehicle(session: Session, subject_id: UUID) -> KnownSubject | None:
    row = session.get(VehicleRow, subject_id)
    if row is None:
        return None
    return _known(
        SubjectKind.VEHICLE,
        row.id,
        row.organisation_id,
        Subject(SubjectKey.VEHICLE, str(row.id)),
        plate_subject(row.plate, row.plate_colour.value),
    )


def _person(session: Session, subject_id: UUID) -> KnownSubject | None:
    row = session.get(PersonRow, subject_id)
    if row is None:
        return None
    person = Subject(SubjectKey.PERSON, str(row.id))
    return _known(SubjectKind.PERSON, row.id, row.organisation_id, person, roles=tuple(row.roles))


def _facility(session: Session, subject_id: UUID) -> KnownSubject | None:
    row = session.get(FacilityRow, subject_id)
    if row is None:
        return None
    key = Subject(SubjectKey.FACILITY, str(row.id))
    return _known(SubjectKind.FACILITY, row.id, row.organisation_id, key)


def _tank(session: Session, subject_id: UUID) -> KnownSubject | None:
    row = session.get(TankRow, subject_id)
    if row is None:
        return None
    key = Subject(SubjectKey.TANK, str(row.id))
    return _known(SubjectKind.TANK, row.id, row.organisation_id, key)


def _certificate(session: Session, subject_id: UUID) -> KnownSubject | None:
    row = session.get(CertificateRow, subject_id)
    if row is None:
        return None
    key = Subject(SubjectKey.CERTIFICATE, str(row.id))
    return _known(SubjectKind.CERTIFICATE, row.id, row.organisation_id, key)


def _bay(session: Session, subject_id: UUID) -> KnownSubject | None:
    row = session.get(BayRow, subject_id)
    if row is None:
        return None
    facility = session.get_one(FacilityRow, row.facility_id)
    key = Subject(SubjectKey.FACILITY, str(facility.id))
    return _known(SubjectKind.BAY, row.id, facility.organisation_id, key)


_FINDERS: Final[Mapping[SubjectKind, Callable[[Session, UUID], KnownSubject | None]]] = {
    SubjectKind.ORGANISATION: _organisation,
    SubjectKind.FACILITY: _facility,
    SubjectKind.BAY: _bay,
    SubjectKind.VEHICLE: _vehicle,
    SubjectKind.TANK: _tank,
    SubjectKind.PERSON: _person,
    SubjectKind.CERTIFICATE: _certificate,
}
