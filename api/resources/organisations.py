"""Organisations: the administrator's to register, each account's own to read."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.organisations import (
    OrganisationParticularsSchema,
    OrganisationQuery,
    OrganisationQuerySchema,
    OrganisationSchema,
)
from api.schemas.registry import StatusChangeSchema, VersionPageQuerySchema, VersionSchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.records import (
    Organisation,
    OrganisationParticulars,
    RegistryVersion,
    StatusChange,
)
from waybill.services.paging import Page, PageRequest
from waybill.services.registry import organisations
from waybill.services.registry.history import list_versions

blueprint = Blueprint(
    "organisations",
    __name__,
    url_prefix="/api/v1/organisations",
    description="Organisations (单位)",
)


@blueprint.post("")
@requires(Permission.WRITE_ORGANISATIONS)
@idempotent
@blueprint.arguments(OrganisationParticularsSchema)
@blueprint.response(HTTPStatus.CREATED, OrganisationSchema)
def create_organisation(
    particulars: OrganisationParticulars,
) -> tuple[Organisation, dict[str, str]]:
    """Register an organisation under its unified social credit code."""
    with transaction() as session:
        return versioned(
            organisations.create_organisation(session, actor(), particulars, clock=runtime().clock)
        )


@blueprint.get("")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(OrganisationQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(OrganisationSchema))
def list_organisations(wanted: OrganisationQuery) -> Page[Organisation]:
    """List the organisations that one sees in full."""
    with reading() as session:
        return organisations.list_organisations(
            session,
            actor(),
            q=wanted.q,
            role=wanted.role,
            status=wanted.status,
            page=wanted.page,
        )


@blueprint.get("/<uuid:organisation_id>")
@requires(Permission.READ_DIRECTORY)
@blueprint.response(HTTPStatus.OK, OrganisationSchema)
def get_organisation(organisation_id: UUID) -> tuple[Organisation, dict[str, str]]:
    """Show one's own organisation, or any to those who oversee."""
    with reading() as session:
        return versioned(organisations.get_organisation(session, actor(), organisation_id))


@blueprint.put("/<uuid:organisation_id>")
@requires(Permission.WRITE_ORGANISATIONS)
@if_match
@blueprint.arguments(OrganisationParticularsSchema)
@blueprint.response(HTTPStatus.OK, OrganisationSchema)
def update_organisation(
    particulars: OrganisationParticulars, organisation_id: UUID, *, expected_version: int
) -> tuple[Organisation, dict[str, str]]:
    """Replace what is registered of an organisation."""
    with transaction() as session:
        return versioned(
            organisations.update_organisation(
                session,
                actor(),
                organisation_id,
                particulars,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.put("/<uuid:organisation_id>/status")
@requires(Permission.WRITE_ORGANISATIONS)
@if_match
@blueprint.arguments(StatusChangeSchema)
@blueprint.response(HTTPStatus.OK, OrganisationSchema)
def set_organisation_status(
    change: StatusChange, organisation_id: UUID, *, expected_version: int
) -> tuple[Organisation, dict[str, str]]:
    """Suspend, resume or retire an organisation."""
    with transaction() as session:
        return versioned(
            organisations.set_organisation_status(
                session,
                actor(),
                organisation_id,
                change,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.get("/<uuid:organisation_id>/history")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(VersionPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(VersionSchema))
def list_organisation_history(page: PageRequest, organisation_id: UUID) -> Page[RegistryVersion]:
    """List what was registered before, newest first."""
    with reading() as session:
        return list_versions(session, actor(), SubjectKind.ORGANISATION, organisation_id, page=page)
