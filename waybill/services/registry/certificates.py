"""Certificates: stated by whom they are about, suspended and revoked by the authority alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError, StateError
from waybill.identifiers import mask_id_number
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import CertificateKind, CertificateStatus, SubjectKind
from waybill.registry.records import (
    Certificate,
    CertificateParticulars,
    CertificateStatusChange,
)
from waybill.services.paging import Page, PageRequest
from waybill.services.registry.certificate_fields import settle_certificate
from waybill.services.registry.certificate_numbers import (
    barred,
    number_columns,
    number_in_clear,
    refuse_barred,
)
from waybill.services.registry.changes import (
    Trace,
    record_changed,
    record_new,
    take_for_change,
)
from waybill.services.registry.listing import FIRST_PAGE, fetch_page, visible_to
from waybill.services.registry.subjects import KnownSubject, find_subject, get_subject
from waybill.services.registry.validation import checked_reason
from waybill.storage.events import EventKind, Subject, SubjectKey
from waybill.storage.personal import PersonalVault, supersede_value
from waybill.storage.registry import CertificateRow

_MOVES: Final[Mapping[CertificateStatus, Mapping[CertificateStatus, str]]] = {
    CertificateStatus.VALID: {
        CertificateStatus.SUSPENDED: "suspended",
        CertificateStatus.REVOKED: "revoked",
    },
    CertificateStatus.SUSPENDED: {
        CertificateStatus.VALID: "restored",
        CertificateStatus.REVOKED: "revoked",
    },
    CertificateStatus.REVOKED: {},
}
"""From which status to which, and what the log calls it. What is revoked stays so."""

_NO_SUCH_SUBJECT: Final = FieldProblem(
    pointer="/subject_id",
    code="no-such-subject",
    message_zh="本单位没有该对象。",
    message_en="Your organisation has no such subject.",
)


def create_certificate(
    session: Session,
    actor: Actor,
    subject: tuple[SubjectKind, UUID],
    particulars: CertificateParticulars,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> Certificate:
    """Register a certificate of one's own organisation, vehicle, tank or person.

    Raises:
        InvalidFieldError: names every field that cannot be accepted.
        StateError: the authority has suspended or revoked the certificate with this number.
    """
    actor.require(Permission.WRITE_REGISTRY)
    known = _own_subject(session, actor, *subject)
    stated = settle_certificate(particulars, known.kind, known.roles)
    refuse_barred(session, known, stated.kind, stated.number, vault)
    number, number_ref = number_columns(session, known, stated.number, vault=vault, clock=clock)
    row = CertificateRow(
        organisation_id=known.organisation_id,
        created_at=clock.now(),
        subject_kind=known.kind,
        subject_id=known.id,
        kind=stated.kind,
        issuer=stated.issuer,
        valid_from=stated.valid_from,
        valid_until=stated.valid_until,
        number=number,
        number_ref=number_ref,
        scope=stated.scope,
        categories=list(stated.categories),
        provenance=stated.provenance,
    )
    trace = _trace(row, known, EventKind.CERTIFICATE_REGISTERED)
    record_new(session, row, trace, actor=actor, clock=clock)
    return _certificates(session, [row], vault)[0]


def update_certificate(
    session: Session,
    actor: Actor,
    certificate_id: UUID,
    particulars: CertificateParticulars,
    *,
    expected_version: int,
    vault: PersonalVault,
    clock: Clock,
) -> Certificate:
    """Correct what was typed of a certificate that the authority has not barred.

    Raises:
        NotFoundError: the caller's organisation has no such certificate.
        PreconditionFailedError: it was changed since.
        StateError: it is suspended or revoked.
        InvalidFieldError: names every field that cannot be accepted.
    """
    actor.require(Permission.WRITE_REGISTRY)
    own = CertificateRow.organisation_id == actor.organisation_id
    row = take_for_change(
        session,
        select(CertificateRow).where(CertificateRow.id == certificate_id, own),
        (SubjectKind.CERTIFICATE, certificate_id),
        expected_version=expected_version,
    )
    if row.status is not CertificateStatus.VALID:
        raise barred(row.status)
    known = _own_subject(session, actor, row.subject_kind, row.subject_id)
    stated = settle_certificate(particulars, known.kind, known.roles)
    refuse_barred(session, known, stated.kind, stated.number, vault)
    if stated.number != number_in_clear(session, row, vault):
        if row.number_ref is not None:
            supersede_value(session, row.number_ref, clock.now())
        row.number, row.number_ref = number_columns(
            session, known, stated.number, vault=vault, clock=clock
        )
    row.kind = stated.kind
    row.issuer = stated.issuer
    row.valid_from = stated.valid_from
    row.valid_until = stated.valid_until
    row.scope = stated.scope
    row.categories = list(stated.categories)
    row.provenance = stated.provenance
    trace = _trace(row, known, EventKind.CERTIFICATE_CHANGED)
    record_changed(session, row, trace, actor=actor, clock=clock)
    return _certificates(session, [row], vault)[0]


def decide_certificate(
    session: Session,
    certificate_id: UUID,
    change: CertificateStatusChange,
    *,
    actor: Actor | None,
    clock: Clock,
) -> None:
    """Suspend, revoke or restore a certificate, as a measure of the authority says.

    Only measures do this, after two people have decided; `actor` is empty where one ends by itself.

    Raises:
        NotFoundError: there is no such certificate.
        StateError: its status does not lead there.
    """
    row = session.scalar(
        select(CertificateRow)
        .where(CertificateRow.id == certificate_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError(SubjectKind.CERTIFICATE.value, certificate_id)
    reason = checked_reason(change.reason)
    act = _MOVES[row.status].get(change.status)
    if act is None:
        raise StateError(
            f"证件状态“{row.status.value}”不能变为“{change.status.value}”。",
            f"A certificate that is {row.status.value} cannot become {change.status.value}.",
            state=row.status.value,
            act=change.status.value,
        )
    row.status = change.status
    row.status_reason = reason
    known = get_subject(session, row.subject_kind, row.subject_id)
    trace = _trace(row, known, EventKind.CERTIFICATE_CHANGED)
    record_changed(session, row, trace, actor=actor, clock=clock, act=act, reason=reason)


def get_certificate(
    session: Session, actor: Actor, certificate_id: UUID, *, vault: PersonalVault
) -> Certificate:
    """Return a certificate: of one's own organisation, or any for those who oversee.

    Raises:
        NotFoundError: there is none, or it is another organisation's.
    """
    row = find_row(session, actor, certificate_id)
    return _certificates(session, [row], vault)[0]


def list_certificates(
    session: Session,
    actor: Actor,
    *,
    vault: PersonalVault,
    subject_id: UUID | None = None,
    kind: CertificateKind | None = None,
    status: CertificateStatus | None = None,
    expires_by: date | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[Certificate]:
    """Return a page of the certificates that the caller may see.

    Args:
        session: the caller's.
        actor: who asks.
        vault: masks the numbers of personal papers.
        subject_id: only those about this organisation, vehicle, tank or person.
        kind: only this kind.
        status: only this status.
        expires_by: only those whose last valid day is this or earlier.
        page: which page.
    """
    actor.require(Permission.READ_REGISTRY)
    statement = select(CertificateRow).where(visible_to(actor, CertificateRow.organisation_id))
    if subject_id is not None:
        statement = statement.where(CertificateRow.subject_id == subject_id)
    if kind is not None:
        statement = statement.where(CertificateRow.kind == kind)
    if status is not None:
        statement = statement.where(CertificateRow.status == status)
    if expires_by is not None:
        statement = statement.where(CertificateRow.valid_until <= expires_by)
    return fetch_page(
        session,
        statement,
        CertificateRow.id,
        page,
        lambda rows: _certificates(session, rows, vault),
    )


def find_row(session: Session, actor: Actor, certificate_id: UUID) -> CertificateRow:
    """Return the row of a certificate that the caller may see.

    Raises:
        NotFoundError: there is none, or it is another organisation's.
    """
    actor.require(Permission.READ_REGISTRY)
    row = session.scalar(
        select(CertificateRow).where(
            CertificateRow.id == certificate_id,
            visible_to(actor, CertificateRow.organisation_id),
        )
    )
    if row is None:
        raise NotFoundError(SubjectKind.CERTIFICATE.value, certificate_id)
    return row


def _own_subject(
    session: Session, actor: Actor, kind: SubjectKind, subject_id: UUID
) -> KnownSubject:
    known = find_subject(session, kind, subject_id)
    if known is None or known.organisation_id != actor.organisation_id:
        raise InvalidFieldError([_NO_SUCH_SUBJECT])
    return known


def _trace(row: CertificateRow, known: KnownSubject, kind: EventKind) -> Trace:
    return Trace(
        kind=kind,
        subject_kind=SubjectKind.CERTIFICATE,
        subjects=(*known.subjects, Subject(SubjectKey.CERTIFICATE, str(row.id))),
    )


def _certificates(
    session: Session, rows: Sequence[CertificateRow], vault: PersonalVault
) -> list[Certificate]:
    """Return certificates; one query opens the personal numbers of all of them, to mask them."""
    opened = vault.open(session, tuple(row.number_ref for row in rows if row.number_ref))
    values = {ref: value for ref, (_, value) in opened.items()}
    return [_certificate(row, values) for row in rows]


def _certificate(row: CertificateRow, values: Mapping[str, str]) -> Certificate:
    number = row.number
    if number is None:
        number = mask_id_number(values.get(row.number_ref or "", ""))
    return Certificate(
        id=row.id,
        organisation_id=row.organisation_id,
        created_at=row.created_at,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        status=row.status,
        status_reason=row.status_reason,
        version=row.version,
        kind=row.kind,
        number=number,
        issuer=row.issuer,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        scope=row.scope,
        categories=tuple(row.categories),
        provenance=row.provenance,
    )
