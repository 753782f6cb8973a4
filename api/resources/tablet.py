"""What a tablet asks in its own name, whoever is signed on at it."""

from datetime import datetime
from http import HTTPStatus

from api.auth import public
from api.blueprint import Blueprint
from api.devices import device, requires_device
from api.runtime import runtime
from api.schemas.devices import HeartbeatAnswerSchema, HeartbeatSchema, ServerTimeSchema
from api.tablet import tablet_version
from api.transactions import transaction
from waybill.registry.devices import Heartbeat
from waybill.services import devices

blueprint = Blueprint(
    "tablet", __name__, url_prefix="/api/v1/tablet", description="A tablet for itself (平板自身)"
)


@blueprint.get("/time")
@public("a tablet whose clock is wrong cannot prove who it is before it knows the time")
@blueprint.response(HTTPStatus.OK, ServerTimeSchema)
def get_time() -> dict[str, datetime]:
    """Say what time it is here."""
    return {"server_time": runtime().clock.now()}


@blueprint.post("/heartbeat")
@requires_device
@blueprint.arguments(HeartbeatSchema)
@blueprint.response(HTTPStatus.OK, HeartbeatAnswerSchema)
def note_heartbeat(said: Heartbeat) -> dict[str, object]:
    """Keep what a tablet says of itself, and tell it the time and the version that is served."""
    with transaction() as session:
        devices.note_heartbeat(session, device(), said, clock=runtime().clock)
    return {
        "server_time": runtime().clock.now(),
        "latest_version": tablet_version(),
        "revoked": False,
    }
