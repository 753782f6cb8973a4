"""Who supervises loading at a plant, as its tablets know them: by reference, never by name."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import String, and_, cast, select
from sqlalchemy.orm import Session

from waybill.clock import SHANGHAI
from waybill.registry.kinds import CertificateKind, CertificateStatus, PersonRole, RecordStatus
from waybill.services.dossier import SUPERVISOR_MARK
from waybill.storage.identity import UserRow
from waybill.storage.registry import CertificateRow, PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSupervisor:
    """A loading supervisor whose qualification runs, by reference."""

    reference: str
    card_version: int
    valid_until: datetime | None
    user_id: UUID | None


def known_supervisors(
    session: Session, organisation_id: UUID, at: datetime
) -> tuple[KnownSupervisor, ...]:
    """Return the loading supervisors of an organisation whose qualification runs."""
    # Roles are a short JSON list of fixed words, so the quoted word finds them in any dialect.
    role = f'"{PersonRole.LOADING_SUPERVISOR.value}"'
    rows = session.execute(
        select(PersonRow, CertificateRow.valid_until, UserRow.id)
        .select_from(PersonRow)
        .join(
            CertificateRow,
            and_(
                CertificateRow.subject_id == PersonRow.id,
                CertificateRow.kind == CertificateKind.SUPERVISOR_QUALIFICATION,
                CertificateRow.status == CertificateStatus.VALID,
            ),
        )
        .outerjoin(UserRow, and_(UserRow.person_id == PersonRow.id, UserRow.active))
        .where(
            PersonRow.organisation_id == organisation_id,
            PersonRow.status == RecordStatus.ACTIVE,
            cast(PersonRow.roles, String).contains(role),
        )
        .order_by(PersonRow.id, CertificateRow.valid_until)
    )
    known = [
        KnownSupervisor(
            reference=SUPERVISOR_MARK + person.reference,
            card_version=person.card_version,
            valid_until=over_at(valid_until) if valid_until else None,
            user_id=user_id,
        )
        for person, valid_until, user_id in rows
    ]
    return tuple(each for each in known if each.valid_until is None or each.valid_until > at)


def over_at(last_day: date) -> datetime:
    """Return the first moment after a day in Shanghai."""
    return datetime.combine(last_day + timedelta(days=1), time.min, SHANGHAI).astimezone(UTC)
