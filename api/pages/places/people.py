"""People of the register. Their values are masked everywhere; showing one is an act of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.page_forms import CHOOSE, FormField, FormReader
from api.pages.places.place import Papers, Place, Save, Wish, values_of
from api.pages.places.vehicles import provenance_field
from api.runtime import runtime
from api.wording import term
from waybill.registry.access import Actor
from waybill.registry.kinds import CertificateKind, PersonRole, Provenance, SubjectKind
from waybill.registry.records import (
    Person,
    PersonChanges,
    PersonParticulars,
    StatusChange,
)
from waybill.services.paging import Page
from waybill.services.registry import people
from waybill.services.registry.fitness import Fitness, person_fitness
from waybill.services.registry.person_fields import REGISTERED_BY


def _list(session: Session, actor: Actor, wish: Wish) -> Page[Person]:
    return people.list_people(
        session,
        actor,
        vault=runtime().vault,
        reference=wish.q.lower().split("_")[-1],
        status=wish.status,
        page=wish.page,
    )


def _get(session: Session, actor: Actor, record_id: UUID) -> Person:
    return people.get_person(session, actor, record_id, vault=runtime().vault)


def _fields(_session: Session, actor: Actor, record: Person | None) -> Sequence[FormField]:
    new = record is None
    kept = "" if new else "hint.kept"
    roles = [role for role, (account, _) in REGISTERED_BY.items() if account is actor.role]
    fields = (
        FormField(name="name", label="field.name", required=new, hint=kept),
        FormField(name="id_number", label="field.id_number", required=new, hint=kept, mono=True),
        FormField(name="phone", label="field.phone", hint=kept, mono=True),
        FormField(
            name="roles",
            label="field.roles",
            kind="many",
            required=True,
            options=[(role.value, term(role)) for role in roles],
        ),
    )
    return (*fields, provenance_field()) if new else fields


def _values(record: Person) -> "MultiDict[str, str]":
    found = values_of()
    found.setlist("roles", [role.value for role in record.roles])
    return found


def _save(session: Session, actor: Actor, save: Save) -> UUID:
    if save.record_id is None:
        return people.create_person(
            session,
            actor,
            _read_new(save.reader),
            vault=runtime().vault,
            clock=runtime().clock,
        ).id
    return people.update_person(
        session,
        actor,
        save.record_id,
        _read_changes(save.reader),
        expected_version=save.version,
        vault=runtime().vault,
        clock=runtime().clock,
    ).id


def _read_new(reader: FormReader) -> PersonParticulars:
    particulars = PersonParticulars(
        name=reader.text("name", required=True),
        id_number=reader.text("id_number", required=True),
        roles=_roles(reader),
        phone=reader.text("phone") or None,
        provenance=reader.choice("provenance", Provenance),
    )
    reader.settle()
    return particulars


def _read_changes(reader: FormReader) -> PersonChanges:
    changes = PersonChanges(
        name=reader.text("name") or None,
        id_number=reader.text("id_number") or None,
        phone=reader.text("phone") or None,
        roles=_roles(reader),
    )
    reader.settle()
    return changes


def _roles(reader: FormReader) -> tuple[PersonRole, ...]:
    ticked = reader.choices("roles", PersonRole)
    if not ticked:
        reader.complain("roles", CHOOSE)
    return ticked


def _set_status(
    session: Session, actor: Actor, record_id: UUID, change: StatusChange, version: int
) -> Person:
    return people.set_person_status(
        session,
        actor,
        record_id,
        change,
        expected_version=version,
        vault=runtime().vault,
        clock=runtime().clock,
    )


def _fitness(record: Person, papers: Papers, at: datetime) -> Sequence[tuple[str, Fitness]]:
    own = papers.get(record.id, ())
    return [(term(role), person_fitness(record, role, own, at)) for role in record.roles]


PLACE: Final[Place[Person]] = Place(
    name="people",
    subject=SubjectKind.PERSON,
    papers=(
        CertificateKind.DRIVING_LICENCE,
        CertificateKind.DRIVER_QUALIFICATION,
        CertificateKind.ESCORT_QUALIFICATION,
        CertificateKind.SUPERVISOR_QUALIFICATION,
    ),
    list=_list,
    get=_get,
    fields=_fields,
    values=_values,
    save=_save,
    set_status=_set_status,
    fitness=_fitness,
)
