"""Cards: signed codes that name a vehicle, tank, person or certificate at the bay.

A card names and never proves a right: papers and status are looked up whenever it is shown. A lost
or copied card is revoked by raising the record's card version; a certificate's card follows the
version of the certificate itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError, StateError
from waybill.qr_payload import CardClaims, QrKind, encode_qr_text
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import (
    CertificateStatus,
    PersonRole,
    RecordStatus,
    SubjectKind,
    UnitKind,
)
from waybill.services.dossier import DRIVER_MARK, ESCORT_MARK, SUPERVISOR_MARK
from waybill.services.registry.changes import (
    Trace,
    organisation_subject,
    record_changed,
    take_for_change,
)
from waybill.services.registry.validation import checked_reason
from waybill.services.waybills.issuing import IssueTerms
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    plate_subject,
    record_event,
)
from waybill.storage.registry import CertificateRow, PersonRow, TankRow, VehicleRow

CardedRow = VehicleRow | TankRow | PersonRow
RowT = TypeVar("RowT", VehicleRow, TankRow, PersonRow, CertificateRow)

CARD_VALIDITY: Final = timedelta(days=365)
ROLE_OF_CARD: Final = {
    QrKind.DRIVER: (PersonRole.DRIVER, DRIVER_MARK),
    QrKind.ESCORT: (PersonRole.ESCORT, ESCORT_MARK),
    QrKind.SUPERVISOR: (PersonRole.LOADING_SUPERVISOR, SUPERVISOR_MARK),
}
"""For which work a person's card is, and the mark before the reference on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card that was just signed. `subject` is a plate, tank number, reference or id."""

    kind: QrKind
    subject: str
    card_version: int
    issued_at: datetime
    valid_until: datetime
    qr_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What a card will name, and by what its event is found."""

    kind: QrKind
    subject: str
    version: int
    subjects: tuple[Subject, ...]


def issue_vehicle_card(
    session: Session, actor: Actor, vehicle_id: UUID, *, terms: IssueTerms
) -> Card:
    """Sign the card of a vehicle or trailer of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such vehicle.
        StateError: it is suspended or retired.
    """
    row = _own(session, actor, VehicleRow, SubjectKind.VEHICLE, vehicle_id)
    _refuse_inactive(row.status)
    kind = QrKind.TRAILER if row.kind is UnitKind.TRAILER else QrKind.VEHICLE
    named = _Named(kind=kind, subject=row.plate, version=row.card_version, subjects=_subjects(row))
    return _sign(session, actor, named, terms)


def issue_tank_card(session: Session, actor: Actor, tank_id: UUID, *, terms: IssueTerms) -> Card:
    """Sign the card of a tank of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such tank.
        StateError: it is suspended or retired.
    """
    row = _own(session, actor, TankRow, SubjectKind.TANK, tank_id)
    _refuse_inactive(row.status)
    named = _Named(
        kind=QrKind.TANK, subject=row.number, version=row.card_version, subjects=_subjects(row)
    )
    return _sign(session, actor, named, terms)


def issue_person_card(
    session: Session, actor: Actor, person_id: UUID, kind: QrKind, *, terms: IssueTerms
) -> Card:
    """Sign the card of a driver, escort or loading supervisor of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such person.
        StateError: the person is suspended or retired.
        InvalidFieldError: the person is not on record for this work.
    """
    row = _own(session, actor, PersonRow, SubjectKind.PERSON, person_id)
    _refuse_inactive(row.status)
    role, mark = ROLE_OF_CARD[kind]
    if role.value not in row.roles:
        raise InvalidFieldError([_OTHER_WORK])
    named = _Named(
        kind=kind,
        subject=mark + row.reference,
        version=row.card_version,
        subjects=_subjects(row),
    )
    return _sign(session, actor, named, terms)


def issue_certificate_card(
    session: Session, actor: Actor, certificate_id: UUID, *, terms: IssueTerms
) -> Card:
    """Sign the card of a certificate of one's own; a change of the certificate ends it.

    Raises:
        NotFoundError: the caller's organisation has no such certificate.
        StateError: it is suspended or revoked.
    """
    row = _own(session, actor, CertificateRow, SubjectKind.CERTIFICATE, certificate_id)
    if row.status is not CertificateStatus.VALID:
        raise _no_card(row.status.value)
    named = _Named(
        kind=QrKind.DOCUMENT,
        subject=str(row.id),
        version=row.version,
        subjects=(
            organisation_subject(row.organisation_id),
            Subject(SubjectKey.CERTIFICATE, str(row.id)),
        ),
    )
    return _sign(session, actor, named, terms)


def revoke_card(
    session: Session,
    actor: Actor,
    subject: tuple[SubjectKind, UUID],
    *,
    reason: str,
    expected_version: int,
    clock: Clock,
) -> int:
    """Refuse every card of a vehicle, tank or person from now on; return the record's version.

    Raises:
        NotFoundError: the caller's organisation has no such record.
        PreconditionFailedError: it was changed since it was seen.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.WRITE_REGISTRY)
    wanted = checked_reason(reason)
    row = _take(session, actor, subject, expected_version)
    row.card_version += 1
    kind, _ = subject
    trace = Trace(kind=_CHANGED[kind], subject_kind=kind, subjects=_subjects(row))
    record_changed(session, row, trace, actor=actor, clock=clock, act="card-revoked", reason=wanted)
    return row.version


_CHANGED: Final = {
    SubjectKind.VEHICLE: EventKind.VEHICLE_CHANGED,
    SubjectKind.TANK: EventKind.TANK_CHANGED,
    SubjectKind.PERSON: EventKind.PERSON_CHANGED,
}
_OTHER_WORK: Final = FieldProblem(
    pointer="/role",
    code="other-work",
    message_zh="该人员未登记此岗位。",
    message_en="This person is not on record for this work.",
)


def _take(
    session: Session, actor: Actor, subject: tuple[SubjectKind, UUID], expected_version: int
) -> CardedRow:
    kind, identity = subject
    if kind is SubjectKind.VEHICLE:
        return _taken(session, select(VehicleRow), actor, subject, expected_version)
    if kind is SubjectKind.TANK:
        return _taken(session, select(TankRow), actor, subject, expected_version)
    if kind is SubjectKind.PERSON:
        return _taken(session, select(PersonRow), actor, subject, expected_version)
    raise NotFoundError(kind.value, identity)


def _taken(
    session: Session,
    statement: Select[RowT],
    actor: Actor,
    subject: tuple[SubjectKind, UUID],
    expected_version: int,
) -> RowT:
    row: type[RowT] = statement.column_descriptions[0]["entity"]
    own = statement.where(row.id == subject[1], row.organisation_id == actor.organisation_id)
    return take_for_change(session, own, subject, expected_version=expected_version)


def _own(
    session: Session, actor: Actor, row: type[RowT], kind: SubjectKind, identity: UUID
) -> RowT:
    actor.require(Permission.WRITE_REGISTRY)
    found = session.scalar(
        select(row).where(row.id == identity, row.organisation_id == actor.organisation_id)
    )
    if found is None:
        raise NotFoundError(kind.value, identity)
    return found


def _refuse_inactive(status: RecordStatus) -> None:
    if status is not RecordStatus.ACTIVE:
        raise _no_card(status.value)


def _no_card(state: str) -> StateError:
    return StateError(
        "该记录已停用，不能制卡。",
        f"What is {state} gets no card.",
        state=state,
        act="issue-card",
        next_step_zh="恢复该记录后再制卡。",
        next_step_en="Resume the record first.",
    )


def _subjects(row: CardedRow) -> tuple[Subject, ...]:
    owner = organisation_subject(row.organisation_id)
    if isinstance(row, VehicleRow):
        plate = plate_subject(row.plate, row.plate_colour.value)
        return (owner, Subject(SubjectKey.VEHICLE, str(row.id)), plate)
    key = SubjectKey.TANK if isinstance(row, TankRow) else SubjectKey.PERSON
    return (owner, Subject(key, str(row.id)))


def _sign(session: Session, actor: Actor, named: _Named, terms: IssueTerms) -> Card:
    now = terms.clock.now()
    until = now + CARD_VALIDITY
    claims = CardClaims(
        knd=named.kind,
        sub=named.subject,
        ver=named.version,
        iss=terms.issuer,
        iat=int(now.timestamp()),
        nbf=int(now.timestamp()),
        exp=int(until.timestamp()),
    )
    data: dict[str, JsonValue] = {
        "kind": named.kind.value,
        "subject": named.subject,
        "card_version": named.version,
        "valid_until": until.isoformat(timespec="milliseconds"),
    }
    text = encode_qr_text(claims, terms.keys.signer(), terms.public_url)
    record_event(
        session,
        Event(kind=EventKind.CARD_ISSUED, at=now, actor=actor, data=data, subjects=named.subjects),
    )
    return Card(
        kind=named.kind,
        subject=named.subject,
        card_version=named.version,
        issued_at=now,
        valid_until=until,
        qr_text=text,
    )
