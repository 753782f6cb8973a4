"""Drivers, escorts and loading supervisors: masked, and shown in clear only with a reason."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.people import (
    PersonChangesSchema,
    PersonDisclosure,
    PersonDisclosureSchema,
    PersonParticularsSchema,
    PersonQuery,
    PersonQuerySchema,
    PersonSchema,
    PersonSearchSchema,
)
from api.schemas.registry import (
    DisclosureSchema,
    StatusChangeSchema,
    VersionPageQuerySchema,
    VersionSchema,
)
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.records import (
    Disclosure,
    Person,
    PersonChanges,
    PersonParticulars,
    RegistryVersion,
    StatusChange,
)
from waybill.services.paging import Page, PageRequest
from waybill.services.registry import people
from waybill.services.registry.disclosures import disclose_person
from waybill.services.registry.history import list_versions

blueprint = Blueprint(
    "people",
    __name__,
    url_prefix="/api/v1/people",
    description="Drivers, escorts, loading supervisors (人员)",
)


@blueprint.post("")
@requires(Permission.WRITE_REGISTRY)
@idempotent
@blueprint.arguments(PersonParticularsSchema)
@blueprint.response(HTTPStatus.CREATED, PersonSchema)
def create_person(particulars: PersonParticulars) -> tuple[Person, dict[str, str]]:
    """Register a carrier's driver or escort, or a loader's supervisor."""
    with transaction() as session:
        return versioned(
            people.create_person(
                session, actor(), particulars, vault=runtime().vault, clock=runtime().clock
            )
        )


@blueprint.get("")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(PersonQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(PersonSchema))
def list_people(wanted: PersonQuery) -> Page[Person]:
    """List people, masked, in the order of their making."""
    with reading() as session:
        return people.list_people(
            session,
            actor(),
            vault=runtime().vault,
            reference=wanted.reference,
            role=wanted.role,
            status=wanted.status,
            page=wanted.page,
        )


@blueprint.post("/searches")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(PersonSearchSchema)
@blueprint.response(HTTPStatus.OK, page_schema(PersonSchema))
def search_people(id_number: str) -> Page[Person]:
    """Find the records of one identity number, masked."""
    with transaction() as session:
        return people.find_by_id_number(
            session, actor(), id_number, vault=runtime().vault, clock=runtime().clock
        )


@blueprint.get("/<uuid:person_id>")
@requires(Permission.READ_REGISTRY)
@blueprint.response(HTTPStatus.OK, PersonSchema)
def get_person(person_id: UUID) -> tuple[Person, dict[str, str]]:
    """Show a person, masked."""
    with reading() as session:
        return versioned(people.get_person(session, actor(), person_id, vault=runtime().vault))


@blueprint.patch("/<uuid:person_id>")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(PersonChangesSchema)
@blueprint.response(HTTPStatus.OK, PersonSchema)
def update_person(
    changes: PersonChanges, person_id: UUID, *, expected_version: int
) -> tuple[Person, dict[str, str]]:
    """Change what is registered of a person; what is absent stays."""
    with transaction() as session:
        return versioned(
            people.update_person(
                session,
                actor(),
                person_id,
                changes,
                expected_version=expected_version,
                vault=runtime().vault,
                clock=runtime().clock,
            )
        )


@blueprint.put("/<uuid:person_id>/status")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(StatusChangeSchema)
@blueprint.response(HTTPStatus.OK, PersonSchema)
def set_person_status(
    change: StatusChange, person_id: UUID, *, expected_version: int
) -> tuple[Person, dict[str, str]]:
    """Suspend, resume or retire a person."""
    with transaction() as session:
        return versioned(
            people.set_person_status(
                session,
                actor(),
                person_id,
                change,
                expected_version=expected_version,
                vault=runtime().vault,
                clock=runtime().clock,
            )
        )


@blueprint.post("/<uuid:person_id>/disclosures")
@requires(Permission.READ_PERSONAL)
@blueprint.arguments(PersonDisclosureSchema)
@blueprint.response(HTTPStatus.CREATED, DisclosureSchema)
def disclose(wanted: PersonDisclosure, person_id: UUID) -> Disclosure:
    """Show one value in clear; that it was shown, to whom and why, goes into the log."""
    with transaction() as session:
        return disclose_person(
            session,
            actor(),
            person_id,
            wanted.field,
            wanted.reason,
            vault=runtime().vault,
            clock=runtime().clock,
        )


@blueprint.get("/<uuid:person_id>/history")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(VersionPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(VersionSchema))
def list_person_history(page: PageRequest, person_id: UUID) -> Page[RegistryVersion]:
    """List what was registered before, newest first; personal values as commitments."""
    with reading() as session:
        return list_versions(session, actor(), SubjectKind.PERSON, person_id, page=page)
