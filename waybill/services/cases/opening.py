"""Opening a case: by hand, from a pattern, a report of the public or a tablet's record."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.codec import JsonValue
from waybill.identifiers import parse_plate
from waybill.registry.access import Actor, Permission
from waybill.registry.cases import (
    CaseAct,
    CaseMatter,
    CaseOpening,
    CaseSource,
    CaseSubject,
    PublicReport,
)
from waybill.registry.kinds import PlateColour, RecordStatus
from waybill.registry.terms import CASE_TERM
from waybill.services.cases.record import REGISTERED, protect_text, record_note
from waybill.services.cases.texts import note_text
from waybill.services.registry.subjects import find_subject
from waybill.services.registry.validation import Complaint, FieldCheck
from waybill.storage.cases import CaseRow
from waybill.storage.events import SubjectKey
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import VehicleRow
from waybill.storage.sequence import take_number
from waybill.storage.waybills import WaybillRow

PLACE: Final = "report.place"
CONTACT: Final = "report.contact"
PLACE_LENGTH: Final = 200
CONTACT_LENGTH: Final = 200
PATTERN_LENGTH: Final = 60

NO_SUCH_SUBJECT: Final = Complaint("no-such-subject", "没有该对象。", "There is no such subject.")
NO_SUCH_EVENT: Final = Complaint("no-such-event", "没有该留痕记录。", "There is no such event.")
IN_FUTURE: Final = Complaint("in-future", "时间尚未到来。", "This moment is still to come.")


def open_case(
    session: Session, actor: Actor, opening: CaseOpening, *, vault: PersonalVault, clock: Clock
) -> UUID:
    """Open a case about something, by hand or from what a pattern found, and return its id.

    Raises:
        InvalidFieldError: names every field that cannot be accepted.
    """
    actor.require(Permission.WRITE_CASES)
    check = FieldCheck()
    text = note_text(check, opening.text)
    organisation_id = None
    if opening.about is not None:
        known, organisation_id = _look_up(session, *opening.about)
        check.expect("/about_id", NO_SUCH_SUBJECT, holds=known)
    check.expect("/event_ids", NO_SUCH_EVENT, holds=_are_events(session, opening.event_ids))
    pattern = opening.pattern_code
    if pattern is not None:
        pattern = check.line("/pattern_code", pattern, longest=PATTERN_LENGTH)
    check.settle()
    row = _new(
        session,
        CaseSource.HAND if pattern is None else CaseSource.PATTERN,
        opening.matter,
        clock,
    )
    row.pattern_code = pattern
    row.event_ids = [str(event_id) for event_id in opening.event_ids]
    if opening.about is not None:
        row.about_kind, row.about_id = opening.about
    row.organisation_id = organisation_id
    ref = protect_text(session, text, vault=vault, clock=clock)
    _record_opened(session, row, actor, ref, clock)
    return row.id


def report_case(
    session: Session, report: PublicReport, *, vault: PersonalVault, clock: Clock
) -> str:
    """Open a case from what somebody of the public saw, and return its number.

    Text, place and contact are kept like personal values: the log holds commitments alone. The
    caller has counted the report against its address.

    Raises:
        InvalidFieldError: names every field that cannot be accepted.
    """
    check = FieldCheck()
    text = note_text(check, report.text)
    place = check.line("/place", report.place, longest=PLACE_LENGTH)
    contact = check.line("/contact", report.contact, longest=CONTACT_LENGTH, required=False)
    check.expect("/seen_at", IN_FUTURE, holds=report.seen_at <= clock.now())
    plate = None
    if report.plate.strip():
        plate = check.read("/plate", lambda typed: parse_plate(typed).number, report.plate)
    check.settle()
    row = _new(session, CaseSource.PUBLIC, report.matter, clock)
    row.seen_at, row.plate = report.seen_at, plate
    row.plate_colour = report.plate_colour if plate else None
    vehicle = _vehicle_of(session, plate, report.plate_colour) if plate else None
    if vehicle is not None:
        row.about_kind, row.about_id = CaseSubject.VEHICLE, vehicle.id
        row.organisation_id, row.plate_colour = vehicle.organisation_id, vehicle.plate_colour
    at = clock.now()
    row.place_ref = vault.protect(session, PLACE, place, at)
    row.contact_ref = vault.protect(session, CONTACT, contact, at) if contact else None
    _record_opened(session, row, None, protect_text(session, text, vault=vault, clock=clock), clock)
    return row.number


def contradict_case(
    session: Session,
    text: str,
    *,
    about: tuple[CaseSubject, UUID],
    organisation_id: UUID,
    event_ids: Sequence[UUID],
    vault: PersonalVault,
    clock: Clock,
) -> UUID:
    """Open a case because a tablet decided otherwise than the server judges, and return its id.

    Nobody opens it: the server does, in the transaction that takes the tablet's record. `text` is
    the program's own and names nobody.
    """
    row = _new(session, CaseSource.TABLET, CaseMatter.LOADING, clock)
    row.about_kind, row.about_id = about
    row.organisation_id = organisation_id
    row.event_ids = [str(event_id) for event_id in event_ids]
    _record_opened(session, row, None, protect_text(session, text, vault=vault, clock=clock), clock)
    return row.id


def _new(session: Session, source: CaseSource, matter: CaseMatter, clock: Clock) -> CaseRow:
    now = clock.now()
    due_on = local_date(now + CASE_TERM)
    year = local_date(now).year
    return CaseRow(
        number=f"C-{year}-{take_number(session, f'case:{year}'):06d}",
        opened_at=now,
        source=source,
        matter=matter,
        due_on=due_on,
        next_due_on=due_on,
        event_ids=[],
    )


def _record_opened(
    session: Session, row: CaseRow, actor: Actor | None, text_ref: str, clock: Clock
) -> None:
    session.add(row)
    detail: dict[str, JsonValue] = {
        "source": row.source.value,
        "matter": row.matter.value,
        "due_on": str(row.due_on),
    }
    if row.about_kind is not None:
        detail |= {"about": row.about_kind.value, "about_id": str(row.about_id)}
    if row.pattern_code is not None:
        detail["pattern"] = row.pattern_code
    if row.event_ids:
        detail["events"] = list(row.event_ids)
    if row.place_ref is not None:
        detail["place"] = row.place_ref
    if row.contact_ref is not None:
        detail["contact"] = row.contact_ref
    record_note(
        session, row, CaseAct.OPEN, actor=actor, clock=clock, text_ref=text_ref, detail=detail
    )


def _look_up(session: Session, kind: CaseSubject, about_id: UUID) -> tuple[bool, UUID | None]:
    """Return whether there is such a thing, and whose it is where one organisation answers."""
    registered = REGISTERED.get(kind)
    if registered is not None:
        known = find_subject(session, registered, about_id)
        return known is not None, known.organisation_id if known else None
    if kind is CaseSubject.WAYBILL:
        row = session.get(WaybillRow, about_id)
        # A draft is its owner's alone.
        issued = row is not None and row.number is not None
        return issued, row.carrier_id if row is not None and issued else None
    return session.get(EventRow, about_id) is not None, _organisation_of(session, about_id)


def _organisation_of(session: Session, event_id: UUID) -> UUID | None:
    keys = session.scalars(
        select(EventSubjectRow.subject_key).where(
            EventSubjectRow.event_id == event_id,
            EventSubjectRow.subject_kind == SubjectKey.ORGANISATION.value,
        )
    ).all()
    return UUID(keys[0]) if len(keys) == 1 else None


def _are_events(session: Session, event_ids: Sequence[UUID]) -> bool:
    if not event_ids:
        return True
    found = session.scalars(select(EventRow.id).where(EventRow.id.in_(event_ids))).all()
    return set(found) == set(event_ids)


def _vehicle_of(session: Session, plate: str, colour: PlateColour | None) -> VehicleRow | None:
    """Return the vehicle that a plate means; none where two colours bear it and none was told."""
    statement = select(VehicleRow).where(
        VehicleRow.plate == plate, VehicleRow.status != RecordStatus.RETIRED
    )
    if colour is not None:
        statement = statement.where(VehicleRow.plate_colour == colour)
    found = session.scalars(statement).all()
    return found[0] if len(found) == 1 else None
