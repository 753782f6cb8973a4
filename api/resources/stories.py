"""A waybill's whole story, for those who watch over the log."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.desk import desk_reading
from api.runtime import runtime
from api.schemas.desk import StorySchema
from api.signing import key_ring
from api.transactions import transaction
from waybill.registry.access import Permission
from waybill.services.desk.story import Story, waybill_story

blueprint = Blueprint(
    "stories",
    __name__,
    url_prefix="/api/v1/waybills/<uuid:waybill_id>",
    description="A waybill's whole story (全程)",
)


@blueprint.get("/story")
@requires(Permission.READ_EVENTS)
@blueprint.response(HTTPStatus.OK, StorySchema)
def get_story(waybill_id: UUID) -> Story:
    """Show everything that happened to an issued waybill. Each look is itself recorded."""
    keys = key_ring().table
    with transaction() as session, desk_reading() as source:
        return waybill_story(
            session, actor(), waybill_id, keys, source=source, clock=runtime().clock
        )
