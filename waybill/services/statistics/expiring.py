"""Certificates that end soon, as the registry has them: a figure of today, not of the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import CertificateKind, CertificateStatus, SubjectKind
from waybill.storage.registry import (
    CertificateRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)

BANDS: Final = ((-30, -1), (0, 30), (31, 60), (61, 90))
"""Days from today, both ends in: ended within a month, and ending in each of the next three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringRow:
    """How many certificates of a kind end in each of `BANDS`."""

    kind: CertificateKind
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingCertificate:
    """One of them: whose it is, what it is about; a person stands by reference."""

    id: UUID
    kind: CertificateKind
    valid_until: date
    organisation: str
    subject_kind: SubjectKind
    subject_id: UUID
    subject: str


def count_expiring(session: Session, actor: Actor, *, today: date) -> tuple[ExpiringRow, ...]:
    """Return how many certificates of each kind end in each band, kinds in their own order."""
    actor.require(Permission.READ_STATISTICS)
    found: dict[CertificateKind, list[int]] = {}
    for number, band in enumerate(BANDS):
        statement = _ending(today, band).with_only_columns(
            CertificateRow.kind, func.count().label("many")
        )
        for row in session.execute(statement.group_by(CertificateRow.kind)):
            found.setdefault(row.kind, [0] * len(BANDS))[number] = row.many
    return tuple(
        ExpiringRow(kind=kind, counts=tuple(found[kind]))
        for kind in CertificateKind
        if kind in found
    )


def list_expiring(
    session: Session, actor: Actor, kind: CertificateKind, band: int, *, today: date
) -> Sequence[EndingCertificate]:
    """Return the certificates of a kind that end in a band, the first to end first.

    Raises:
        IndexError: there is no such band.
    """
    actor.require(Permission.READ_STATISTICS)
    certificate = CertificateRow
    rows = session.execute(
        _ending(today, BANDS[band])
        .with_only_columns(
            certificate, OrganisationRow.name, VehicleRow.plate, TankRow.number, PersonRow.reference
        )
        .join(OrganisationRow, OrganisationRow.id == certificate.organisation_id)
        .outerjoin(VehicleRow, VehicleRow.id == certificate.subject_id)
        .outerjoin(TankRow, TankRow.id == certificate.subject_id)
        .outerjoin(PersonRow, PersonRow.id == certificate.subject_id)
        .where(certificate.kind == kind)
        .order_by(certificate.valid_until, certificate.id)
    )
    return [
        EndingCertificate(
            id=row.id,
            kind=row.kind,
            valid_until=row.valid_until or today,
            organisation=organisation,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            subject=plate or number or reference or organisation,
        )
        for row, organisation, plate, number, reference in rows
    ]


def _ending(today: date, band: tuple[int, int]) -> Select[CertificateRow]:
    first, last = (today + timedelta(days=days) for days in band)
    return select(CertificateRow).where(
        CertificateRow.valid_until >= first,
        CertificateRow.valid_until <= last,
        CertificateRow.status != CertificateStatus.REVOKED,
    )
