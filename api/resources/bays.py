"""Loading bays: managed with their facility, everybody's to read."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.facilities import BayParticularsSchema, BaySchema
from api.schemas.registry import StatusChangeSchema, VersionPageQuerySchema, VersionSchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.records import Bay, BayParticulars, RegistryVersion, StatusChange
from waybill.services.paging import Page, PageRequest
from waybill.services.registry import bays
from waybill.services.registry.history import list_versions

blueprint = Blueprint(
    "bays", __name__, url_prefix="/api/v1/bays", description="Loading bays (装卸车位)"
)


@blueprint.get("/<uuid:bay_id>")
@requires(Permission.READ_DIRECTORY)
@blueprint.response(HTTPStatus.OK, BaySchema)
def get_bay(bay_id: UUID) -> tuple[Bay, dict[str, str]]:
    """Show a bay."""
    with reading() as session:
        return versioned(bays.get_bay(session, actor(), bay_id))


@blueprint.put("/<uuid:bay_id>")
@requires(Permission.WRITE_FACILITIES)
@if_match
@blueprint.arguments(BayParticularsSchema)
@blueprint.response(HTTPStatus.OK, BaySchema)
def update_bay(
    particulars: BayParticulars, bay_id: UUID, *, expected_version: int
) -> tuple[Bay, dict[str, str]]:
    """Rename a bay."""
    with transaction() as session:
        return versioned(
            bays.update_bay(
                session,
                actor(),
                bay_id,
                particulars,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.put("/<uuid:bay_id>/status")
@requires(Permission.WRITE_FACILITIES)
@if_match
@blueprint.arguments(StatusChangeSchema)
@blueprint.response(HTTPStatus.OK, BaySchema)
def set_bay_status(
    change: StatusChange, bay_id: UUID, *, expected_version: int
) -> tuple[Bay, dict[str, str]]:
    """Suspend, resume or retire a bay."""
    with transaction() as session:
        return versioned(
            bays.set_bay_status(
                session,
                actor(),
                bay_id,
                change,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.get("/<uuid:bay_id>/history")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(VersionPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(VersionSchema))
def list_bay_history(page: PageRequest, bay_id: UUID) -> Page[RegistryVersion]:
    """List what was registered before, newest first."""
    with reading() as session:
        return list_versions(session, actor(), SubjectKind.BAY, bay_id, page=page)
