"""Drivers, escorts and loading supervisors: in clear only in the vault, masked everywhere else."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, new_id
from waybill.errors import DuplicateError, NotFoundError
from waybill.identifiers import mask_id_number, validate_id_number
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import PersonRole, RecordStatus, SubjectKind
from waybill.registry.personal import Holder
from waybill.registry.records import Person, PersonChanges, PersonParticulars, StatusChange
from waybill.services.paging import Page, PageRequest
from waybill.services.registry.changes import (
    Trace,
    change_status,
    organisation_subject,
    record_changed,
    record_new,
    take_for_change,
)
from waybill.services.registry.listing import FIRST_PAGE, fetch_page, visible_to
from waybill.services.registry.person_fields import (
    ID_NUMBER,
    NAME,
    PHONE,
    check_roles,
    settle_changes,
    settle_person,
)
from waybill.services.registry.person_values import refuse_given_up, write_values
from waybill.services.registry.validation import FieldCheck
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import PersonRow

REFERENCE_BYTES: Final = 5


def create_person(
    session: Session,
    actor: Actor,
    particulars: PersonParticulars,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> Person:
    """Register a person of the caller's organisation: a carrier's crew or a loader's supervisor.

    Raises:
        StateError: the caller's organisation may not register such people now.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: the organisation has a person with this identity number.
    """
    actor.require(Permission.WRITE_REGISTRY)
    stated = settle_person(particulars)
    check_roles(session, actor, stated.roles)
    at = clock.now()
    holder = Holder(kind=SubjectKind.PERSON, id=new_id(), organisation_id=actor.organisation_id)
    protect = partial(vault.protect, session, at=at, holder=holder)
    row = PersonRow(
        id=holder.id,
        organisation_id=actor.organisation_id,
        created_at=at,
        reference=secrets.token_hex(REFERENCE_BYTES),
        roles=[role.value for role in stated.roles],
        name_ref=protect(NAME, stated.name),
        id_number_ref=protect(ID_NUMBER, stated.id_number),
        id_number_index=vault.index(ID_NUMBER, stated.id_number),
        phone_ref=protect(PHONE, stated.phone) if stated.phone else None,
        provenance=stated.provenance,
    )
    record_new(session, row, _trace(row, EventKind.PERSON_REGISTERED), actor=actor, clock=clock)
    return _masked(session, [row], vault)[0]


def update_person(
    session: Session,
    actor: Actor,
    person_id: UUID,
    changes: PersonChanges,
    *,
    expected_version: int,
    vault: PersonalVault,
    clock: Clock,
) -> Person:
    """Change what is registered of a person; a value that is already so keeps its commitment.

    Raises:
        NotFoundError: the caller's organisation has no such person.
        PreconditionFailedError: the person was changed since.
        InvalidFieldError: names every field that cannot be accepted.
        DuplicateError: the organisation has another person with this identity number.
    """
    actor.require(Permission.WRITE_REGISTRY)
    row = _take(session, actor, person_id, expected_version)
    stated = settle_changes(changes)
    if stated.roles is not None:
        check_roles(session, actor, stated.roles)
    # All of it is one version, so nothing may be written while the vault is being asked.
    with session.no_autoflush:
        write_values(session, row, stated, vault, clock.now())
    record_changed(session, row, _trace(row, EventKind.PERSON_CHANGED), actor=actor, clock=clock)
    return _masked(session, [row], vault)[0]


def set_person_status(
    session: Session,
    actor: Actor,
    person_id: UUID,
    change: StatusChange,
    *,
    expected_version: int,
    vault: PersonalVault,
    clock: Clock,
) -> Person:
    """Suspend, resume or retire a person of one's own.

    Raises:
        NotFoundError: the caller's organisation has no such person.
        PreconditionFailedError: the person was changed since.
        StateError: the status does not lead there, or the person's data were given up.
    """
    actor.require(Permission.WRITE_REGISTRY)
    row = _take(session, actor, person_id, expected_version)
    if change.status is RecordStatus.ACTIVE:
        refuse_given_up(session, row)
    trace = _trace(row, EventKind.PERSON_CHANGED)
    change_status(session, row, trace, change, actor=actor, clock=clock)
    return _masked(session, [row], vault)[0]


def get_person(session: Session, actor: Actor, person_id: UUID, *, vault: PersonalVault) -> Person:
    """Return a person, masked: of one's own organisation, or any for those who oversee.

    Raises:
        NotFoundError: there is none, or the person is another organisation's.
    """
    return _masked(session, [find_row(session, actor, person_id)], vault)[0]


def list_people(
    session: Session,
    actor: Actor,
    *,
    vault: PersonalVault,
    reference: str = "",
    role: PersonRole | None = None,
    status: RecordStatus | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[Person]:
    """Return a page of people, masked. Names are encrypted, so `reference` finds, not a name."""
    actor.require(Permission.READ_REGISTRY)
    statement = select(PersonRow).where(visible_to(actor, PersonRow.organisation_id))
    if reference:
        statement = statement.where(PersonRow.reference == reference)
    if role is not None:
        statement = statement.where(_has_role(role))
    if status is not None:
        statement = statement.where(PersonRow.status == status)
    return fetch_page(
        session, statement, PersonRow.id, page, lambda rows: _masked(session, rows, vault)
    )


def find_by_id_number(
    session: Session, actor: Actor, id_number: str, *, vault: PersonalVault, clock: Clock
) -> Page[Person]:
    """Return the records of the person with this identity number, masked; 200 on the page.

    Looking for a person is itself an event.

    Raises:
        InvalidFieldError: this is no identity number.
    """
    actor.require(Permission.READ_REGISTRY)
    check = FieldCheck()
    number = check.identifier("/id_number", validate_id_number, id_number)
    check.settle()
    statement = select(PersonRow).where(
        PersonRow.id_number_index == vault.index(ID_NUMBER, number),
        visible_to(actor, PersonRow.organisation_id),
    )
    page = fetch_page(
        session,
        statement,
        PersonRow.id,
        PageRequest(limit=200),
        lambda rows: _masked(session, rows, vault),
    )
    _record_search(session, actor, page, clock.now())
    return page


def _record_search(session: Session, actor: Actor, page: Page[Person], at: datetime) -> None:
    """Log who looked for a person: whom they found, never the number they looked for."""
    found = [str(person.id) for person in page.items]
    data: dict[str, JsonValue] = {"by": ID_NUMBER, "found": found}
    subjects = (
        organisation_subject(actor.organisation_id),
        *(Subject(SubjectKey.PERSON, person_id) for person_id in found),
    )
    kind = EventKind.PERSON_SEARCHED
    record_event(session, Event(kind=kind, at=at, actor=actor, data=data, subjects=subjects))


def find_row(session: Session, actor: Actor, person_id: UUID) -> PersonRow:
    """Return the row of a person that the caller may see.

    Raises:
        NotFoundError: there is none, or the person is another organisation's.
    """
    actor.require(Permission.READ_REGISTRY)
    row = session.scalar(
        select(PersonRow).where(
            PersonRow.id == person_id, visible_to(actor, PersonRow.organisation_id)
        )
    )
    if row is None:
        raise NotFoundError(SubjectKind.PERSON.value, person_id)
    return row


def person_subjects(row: PersonRow) -> tuple[Subject, ...]:
    """Return by what everything about a person is found."""
    return (
        organisation_subject(row.organisation_id),
        Subject(SubjectKey.PERSON, str(row.id)),
    )


def _has_role(role: PersonRole) -> ColumnElement[bool]:
    # Roles are a short JSON list of fixed words, so the quoted word finds them in any dialect.
    return cast(PersonRow.roles, String).contains(f'"{role.value}"')


def _take(session: Session, actor: Actor, person_id: UUID, expected_version: int) -> PersonRow:
    return take_for_change(
        session,
        select(PersonRow).where(
            PersonRow.id == person_id, PersonRow.organisation_id == actor.organisation_id
        ),
        (SubjectKind.PERSON, person_id),
        expected_version=expected_version,
    )


def _trace(row: PersonRow, kind: EventKind) -> Trace:
    return Trace(
        kind=kind,
        subject_kind=SubjectKind.PERSON,
        subjects=person_subjects(row),
        taken=DuplicateError(
            "本单位已登记此身份证号。",
            "Your organisation has registered this identity number already.",
            pointer="/id_number",
        ),
    )


def _masked(session: Session, rows: Sequence[PersonRow], vault: PersonalVault) -> list[Person]:
    """Return people as screens show them; one query opens the values of all of them."""
    refs = [ref for row in rows for ref in (row.name_ref, row.id_number_ref, row.phone_ref)]
    opened = vault.open(session, tuple(ref for ref in refs if ref is not None))
    values = {ref: value for ref, (_, value) in opened.items()}
    return [_person(row, values) for row in rows]


def _person(row: PersonRow, values: dict[str, str]) -> Person:
    name = values.get(row.name_ref)
    id_number = values.get(row.id_number_ref)
    phone = values.get(row.phone_ref) if row.phone_ref else None
    return Person(
        id=row.id,
        organisation_id=row.organisation_id,
        created_at=row.created_at,
        reference=row.reference,
        roles=tuple(map(PersonRole, row.roles)),
        name_masked=None if name is None else name[:1] + "*" * (len(name) - 1),
        id_number_masked=None if id_number is None else mask_id_number(id_number),
        phone_masked=None if phone is None else mask_id_number(phone),
        provenance=row.provenance,
        status=row.status,
        card_version=row.card_version,
        version=row.version,
    )
