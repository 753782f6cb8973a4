"""Items that a plant asks at its bays beside the law; its supervisors manage them."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.plant_items import PlantItemParticularsSchema, PlantItemSchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.plant_items import PlantItem, PlantItemParticulars
from waybill.services import plant_items

blueprint = Blueprint(
    "plant_items",
    __name__,
    url_prefix="/api/v1/facilities/<uuid:facility_id>/plant-items",
    description="A plant's own items (企业自查项)",
)


@blueprint.post("")
@requires(Permission.WRITE_FACILITIES)
@idempotent
@blueprint.arguments(PlantItemParticularsSchema)
@blueprint.response(HTTPStatus.CREATED, PlantItemSchema)
def add_plant_item(
    particulars: PlantItemParticulars, facility_id: UUID
) -> tuple[PlantItem, dict[str, str]]:
    """Ask something new at a facility of one's own."""
    with transaction() as session:
        return versioned(
            plant_items.add_plant_item(
                session, actor(), facility_id, particulars, clock=runtime().clock
            )
        )


@blueprint.get("")
@requires(Permission.READ_CHECK)
@blueprint.response(HTTPStatus.OK, PlantItemSchema(many=True))
def list_plant_items(facility_id: UUID) -> list[PlantItem]:
    """List what a facility asks, in the order of asking; at most 50."""
    with reading() as session:
        return list(plant_items.list_plant_items(session, actor(), facility_id))


@blueprint.get("/<uuid:item_id>")
@requires(Permission.READ_CHECK)
@blueprint.response(HTTPStatus.OK, PlantItemSchema)
def get_plant_item(facility_id: UUID, item_id: UUID) -> tuple[PlantItem, dict[str, str]]:
    """Show an item, retired or not."""
    with reading() as session:
        return versioned(plant_items.get_plant_item(session, actor(), facility_id, item_id))


@blueprint.put("/<uuid:item_id>")
@requires(Permission.WRITE_FACILITIES)
@if_match
@blueprint.arguments(PlantItemParticularsSchema)
@blueprint.response(HTTPStatus.OK, PlantItemSchema)
def change_plant_item(
    particulars: PlantItemParticulars, facility_id: UUID, item_id: UUID, *, expected_version: int
) -> tuple[PlantItem, dict[str, str]]:
    """Replace what an item asks; open checks and verdicts keep the version that they have."""
    with transaction() as session:
        return versioned(
            plant_items.change_plant_item(
                session,
                actor(),
                (facility_id, item_id),
                particulars,
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )


@blueprint.delete("/<uuid:item_id>")
@requires(Permission.WRITE_FACILITIES)
@if_match
@blueprint.response(HTTPStatus.OK, PlantItemSchema)
def retire_plant_item(
    facility_id: UUID, item_id: UUID, *, expected_version: int
) -> tuple[PlantItem, dict[str, str]]:
    """Ask an item no longer, for good; it stays on record, and open checks still ask it."""
    with transaction() as session:
        return versioned(
            plant_items.retire_plant_item(
                session,
                actor(),
                (facility_id, item_id),
                expected_version=expected_version,
                clock=runtime().clock,
            )
        )
