"""Vehicles and trailers: a carrier's own; those who oversee see all."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.registry import StatusChangeSchema, VersionPageQuerySchema, VersionSchema
from api.schemas.vehicles import (
    PositionSchema,
    VehicleParticularsSchema,
    VehicleQuery,
    VehicleQuerySchema,
    VehicleSchema,
)
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.records import (
    RegistryVersion,
    StatusChange,
    Vehicle,
    VehicleParticulars,
)
from waybill.services.paging import Page, PageRequest
from waybill.services.registry import vehicles
from waybill.services.registry.history import list_versions
from waybill.services.registry.positions import Position
from waybill.services.registry.positions import report_position as report

blueprint = Blueprint(
    "vehicles", __name__, url_prefix="/api/v1/vehicles", description="Vehicles and trailers (车辆)"
)


@blueprint.post("")
@requires(Permission.WRITE_REGISTRY)
@idempotent
@blueprint.arguments(VehicleParticularsSchema)
@blueprint.response(HTTPStatus.CREATED, VehicleSchema)
def create_vehicle(particulars: VehicleParticulars) -> tuple[Vehicle, dict[str, str]]:
    """Register a vehicle or trailer of one's own carrier."""
    with transaction() as session:
        return versioned(
            vehicles.create_vehicle(session, actor(), particulars, clock=runtime().clock)
        )


@blueprint.get("")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(VehicleQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(VehicleSchema))
def list_vehicles(wanted: VehicleQuery) -> Page[Vehicle]:
    """List vehicles and trailers in the order of their making."""
    with reading() as session:
        return vehicles.list_vehicles(
            session,
            actor(),
            q=wanted.q,
            kind=wanted.kind,
            status=wanted.status,
            page=wanted.page,
        )


@blueprint.get("/<uuid:vehicle_id>")
@requires(Permission.READ_REGISTRY)
@blueprint.response(HTTPStatus.OK, VehicleSchema)
def get_vehicle(vehicle_id: UUID) -> tuple[Vehicle, dict[str, str]]:
    """Show a vehicle or trailer."""
    with reading() as session:
        return versioned(vehicles.get_vehicle(session, actor(), vehicle_id))


@blueprint.put("/<uuid:vehicle_id>")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(VehicleParticularsSchema)
@blueprint.response(HTTPStatus.OK, VehicleSchema)
def update_vehicle(
    particulars: VehicleParticulars, vehicle_id: UUID, *, expected_version: int
) -> tuple[Vehicle, dict[str, str]]:
    """Replace what is registered of a vehicle or trailer."""
    with transaction() as session:
        return versioned(
            vehicles.update_vehicle(
                session,
                actor(),
                vehicle_id,
                particulars,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.put("/<uuid:vehicle_id>/status")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(StatusChangeSchema)
@blueprint.response(HTTPStatus.OK, VehicleSchema)
def set_vehicle_status(
    change: StatusChange, vehicle_id: UUID, *, expected_version: int
) -> tuple[Vehicle, dict[str, str]]:
    """Suspend, resume or retire a vehicle; a retired one does not come back."""
    with transaction() as session:
        return versioned(
            vehicles.set_vehicle_status(
                session,
                actor(),
                vehicle_id,
                change,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.put("/<uuid:vehicle_id>/position")
@requires(Permission.WRITE_REGISTRY)
@blueprint.arguments(PositionSchema)
@blueprint.response(HTTPStatus.OK, PositionSchema)
def report_position(position: Position, vehicle_id: UUID) -> Position:
    """Report where a vehicle is; of two reports the newer holds, whichever comes last."""
    with transaction() as session:
        return report(session, actor(), vehicle_id, position)


@blueprint.get("/<uuid:vehicle_id>/history")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(VersionPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(VersionSchema))
def list_vehicle_history(page: PageRequest, vehicle_id: UUID) -> Page[RegistryVersion]:
    """List what was registered before, newest first."""
    with reading() as session:
        return list_versions(session, actor(), SubjectKind.VEHICLE, vehicle_id, page=page)
