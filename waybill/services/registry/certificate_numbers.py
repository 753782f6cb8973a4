"""Numbers of certificates: in clear for things, behind a commitment for people."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import StateError
from waybill.registry.kinds import CertificateKind, CertificateStatus, SubjectKind
from waybill.registry.personal import Holder
from waybill.services.registry.person_fields import CERTIFICATE_NUMBER
from waybill.services.registry.subjects import KnownSubject
from waybill.storage.log import PersonalValueRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import CertificateRow


def number_columns(
    session: Session, known: KnownSubject, number: str, *, vault: PersonalVault, clock: Clock
) -> tuple[str | None, str | None]:
    """Return a number as its two columns keep it: in clear, or as a commitment for a person."""
    if known.kind is not SubjectKind.PERSON:
        return number, None
    holder = Holder(kind=known.kind, id=known.id, organisation_id=known.organisation_id)
    protected = vault.protect(session, CERTIFICATE_NUMBER, number, clock.now(), holder=holder)
    return None, protected


def number_in_clear(session: Session, row: CertificateRow, vault: PersonalVault) -> str | None:
    """Return a certificate's number, `None` once it was erased."""
    if row.number_ref is None:
        return row.number
    return vault.reveal(session, row.number_ref)


def refuse_barred(
    session: Session,
    known: KnownSubject,
    kind: CertificateKind,
    number: str,
    vault: PersonalVault,
) -> None:
    """Refuse to state anew what the authority has suspended or revoked.

    Raises:
        StateError: the subject has a certificate of this kind and number that is not valid.
    """
    status = session.scalar(
        select(CertificateRow.status)
        .where(
            CertificateRow.subject_id == known.id,
            CertificateRow.kind == kind,
            CertificateRow.status != CertificateStatus.VALID,
            _has_number(known.id, number, vault),
        )
        .limit(1)
    )
    if status is not None:
        raise barred(status)


def barred(status: CertificateStatus) -> StateError:
    """Return the refusal to touch a certificate that the authority has barred."""
    return StateError(
        "该证件已被主管部门暂扣或吊销，不能登记或更改。",
        f"The authority has {status.value} this certificate; it cannot be stated or changed.",
        state=status.value,
        act="state-certificate",
        next_step_zh="请联系发证机关。",
        next_step_en="Ask the authority that issued it.",
    )


def _has_number(subject_id: UUID, number: str, vault: PersonalVault) -> ColumnElement[bool]:
    """Match a number in clear, or by the index under which the vault finds it again."""
    hidden = (
        select(PersonalValueRow.commitment)
        .join(CertificateRow, CertificateRow.number_ref == PersonalValueRow.commitment)
        .where(
            CertificateRow.subject_id == subject_id,
            PersonalValueRow.value_index == vault.index(CERTIFICATE_NUMBER, number),
        )
    )
    return (CertificateRow.number == number) | CertificateRow.number_ref.in_(hidden)
