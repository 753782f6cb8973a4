"""Tanks: a carrier's own; those who oversee see all."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.registry import StatusChangeSchema, VersionPageQuerySchema, VersionSchema
from api.schemas.tanks import (
    TankParticularsSchema,
    TankQuery,
    TankQuerySchema,
    TankSchema,
)
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.records import (
    RegistryVersion,
    StatusChange,
    Tank,
    TankParticulars,
)
from waybill.services.paging import Page, PageRequest
from waybill.services.registry import tanks
from waybill.services.registry.history import list_versions

blueprint = Blueprint("tanks", __name__, url_prefix="/api/v1/tanks", description="Tanks (罐体)")


@blueprint.post("")
@requires(Permission.WRITE_REGISTRY)
@idempotent
@blueprint.arguments(TankParticularsSchema)
@blueprint.response(HTTPStatus.CREATED, TankSchema)
def create_tank(particulars: TankParticulars) -> tuple[Tank, dict[str, str]]:
    """Register a tank of one's own carrier."""
    with transaction() as session:
        return versioned(tanks.create_tank(session, actor(), particulars, clock=runtime().clock))


@blueprint.get("")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(TankQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(TankSchema))
def list_tanks(wanted: TankQuery) -> Page[Tank]:
    """List tanks in the order of their making."""
    with reading() as session:
        return tanks.list_tanks(
            session,
            actor(),
            q=wanted.q,
            kind=wanted.kind,
            status=wanted.status,
            page=wanted.page,
        )


@blueprint.get("/<uuid:tank_id>")
@requires(Permission.READ_REGISTRY)
@blueprint.response(HTTPStatus.OK, TankSchema)
def get_tank(tank_id: UUID) -> tuple[Tank, dict[str, str]]:
    """Show a tank."""
    with reading() as session:
        return versioned(tanks.get_tank(session, actor(), tank_id))


@blueprint.put("/<uuid:tank_id>")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(TankParticularsSchema)
@blueprint.response(HTTPStatus.OK, TankSchema)
def update_tank(
    particulars: TankParticulars, tank_id: UUID, *, expected_version: int
) -> tuple[Tank, dict[str, str]]:
    """Replace what is registered of a tank."""
    with transaction() as session:
        return versioned(
            tanks.update_tank(
                session,
                actor(),
                tank_id,
                particulars,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.put("/<uuid:tank_id>/status")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(StatusChangeSchema)
@blueprint.response(HTTPStatus.OK, TankSchema)
def set_tank_status(
    change: StatusChange, tank_id: UUID, *, expected_version: int
) -> tuple[Tank, dict[str, str]]:
    """Suspend, resume or retire a tank; a retired one does not come back."""
    with transaction() as session:
        return versioned(
            tanks.set_tank_status(
                session,
                actor(),
                tank_id,
                change,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.get("/<uuid:tank_id>/history")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(VersionPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(VersionSchema))
def list_tank_history(page: PageRequest, tank_id: UUID) -> Page[RegistryVersion]:
    """List what was registered before, newest first."""
    with reading() as session:
        return list_versions(session, actor(), SubjectKind.TANK, tank_id, page=page)
