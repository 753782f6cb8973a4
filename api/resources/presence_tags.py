"""Tags at the inspection points of a plant's bays; its supervisors make, print and retire them."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.runtime import runtime
from api.schemas.looking import PresenceTagParticularsSchema, PresenceTagSchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.looking import PresenceTag, PresenceTagParticulars
from waybill.services.looking import tags

blueprint = Blueprint(
    "presence_tags",
    __name__,
    url_prefix="/api/v1/facilities/<uuid:facility_id>/presence-tags",
    description="Presence tags (到位标签)",
)


@blueprint.post("")
@requires(Permission.WRITE_FACILITIES)
@idempotent
@blueprint.arguments(PresenceTagParticularsSchema)
@blueprint.response(HTTPStatus.CREATED, PresenceTagSchema)
def add_tag(stated: PresenceTagParticulars, facility_id: UUID) -> PresenceTag:
    """Make a tag for an inspection point of a bay."""
    with transaction() as session:
        return tags.add_presence_tag(session, actor(), facility_id, stated, clock=runtime().clock)


@blueprint.get("")
@requires(Permission.WRITE_FACILITIES)
@blueprint.response(HTTPStatus.OK, PresenceTagSchema(many=True))
def list_tags(facility_id: UUID) -> list[PresenceTag]:
    """List the tags that hang at a facility's bays, bay by bay."""
    with reading() as session:
        return list(tags.list_presence_tags(session, actor(), facility_id))


@blueprint.post("/<uuid:tag_id>/retirement")
@requires(Permission.WRITE_FACILITIES)
@idempotent
@blueprint.response(HTTPStatus.OK, PresenceTagSchema)
def retire_tag(facility_id: UUID, tag_id: UUID) -> PresenceTag:
    """Let a tag count no longer: it was lost, copied, or hung elsewhere."""
    with transaction() as session:
        return tags.retire_presence_tag(
            session, actor(), (facility_id, tag_id), clock=runtime().clock
        )
