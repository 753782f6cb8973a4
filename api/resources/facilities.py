"""Facilities of loaders: their supervisors' to manage, everybody's to read."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.facilities import (
    BayParticularsSchema,
    BaySchema,
    FacilityParticularsSchema,
    FacilityQuery,
    FacilityQuerySchema,
    FacilitySchema,
)
from api.schemas.registry import StatusChangeSchema, VersionPageQuerySchema, VersionSchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.records import (
    Bay,
    BayParticulars,
    Facility,
    FacilityParticulars,
    RegistryVersion,
    StatusChange,
)
from waybill.services.paging import Page, PageRequest
from waybill.services.registry import bays, facilities
from waybill.services.registry.history import list_versions

blueprint = Blueprint(
    "facilities", __name__, url_prefix="/api/v1/facilities", description="Facilities (装货地点)"
)


@blueprint.post("")
@requires(Permission.WRITE_FACILITIES)
@idempotent
@blueprint.arguments(FacilityParticularsSchema)
@blueprint.response(HTTPStatus.CREATED, FacilitySchema)
def create_facility(particulars: FacilityParticulars) -> tuple[Facility, dict[str, str]]:
    """Register a place where one's own organisation loads."""
    with transaction() as session:
        return versioned(
            facilities.create_facility(session, actor(), particulars, clock=runtime().clock)
        )


@blueprint.get("")
@requires(Permission.READ_DIRECTORY)
@blueprint.arguments(FacilityQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(FacilitySchema))
def list_facilities(wanted: FacilityQuery) -> Page[Facility]:
    """List facilities with their bays."""
    with reading() as session:
        return facilities.list_facilities(
            session,
            actor(),
            q=wanted.q,
            organisation_id=wanted.organisation_id,
            status=wanted.status,
            page=wanted.page,
        )


@blueprint.get("/<uuid:facility_id>")
@requires(Permission.READ_DIRECTORY)
@blueprint.response(HTTPStatus.OK, FacilitySchema)
def get_facility(facility_id: UUID) -> tuple[Facility, dict[str, str]]:
    """Show a facility with its bays."""
    with reading() as session:
        return versioned(facilities.get_facility(session, actor(), facility_id))


@blueprint.put("/<uuid:facility_id>")
@requires(Permission.WRITE_FACILITIES)
@if_match
@blueprint.arguments(FacilityParticularsSchema)
@blueprint.response(HTTPStatus.OK, FacilitySchema)
def update_facility(
    particulars: FacilityParticulars, facility_id: UUID, *, expected_version: int
) -> tuple[Facility, dict[str, str]]:
    """Replace what is registered of a facility."""
    with transaction() as session:
        return versioned(
            facilities.update_facility(
                session,
                actor(),
                facility_id,
                particulars,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.put("/<uuid:facility_id>/status")
@requires(Permission.WRITE_FACILITIES)
@if_match
@blueprint.arguments(StatusChangeSchema)
@blueprint.response(HTTPStatus.OK, FacilitySchema)
def set_facility_status(
    change: StatusChange, facility_id: UUID, *, expected_version: int
) -> tuple[Facility, dict[str, str]]:
    """Suspend, resume or retire a facility."""
    with transaction() as session:
        return versioned(
            facilities.set_facility_status(
                session,
                actor(),
                facility_id,
                change,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.get("/<uuid:facility_id>/history")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(VersionPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(VersionSchema))
def list_facility_history(page: PageRequest, facility_id: UUID) -> Page[RegistryVersion]:
    """List what was registered before, newest first."""
    with reading() as session:
        return list_versions(session, actor(), SubjectKind.FACILITY, facility_id, page=page)


@blueprint.post("/<uuid:facility_id>/bays")
@requires(Permission.WRITE_FACILITIES)
@idempotent
@blueprint.arguments(BayParticularsSchema)
@blueprint.response(HTTPStatus.CREATED, BaySchema)
def create_bay(particulars: BayParticulars, facility_id: UUID) -> tuple[Bay, dict[str, str]]:
    """Register a bay of one's own facility."""
    with transaction() as session:
        return versioned(
            bays.create_bay(session, actor(), facility_id, particulars, clock=runtime().clock)
        )
