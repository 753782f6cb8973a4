"""Trips that go from bay to bay of a tablet's facility, asked in the tablet's own name."""

from http import HTTPStatus

from api.blueprint import Blueprint
from api.devices import device, requires_device
from api.runtime import runtime
from api.schemas.tablet_under_way import UnderWayListSchema
from api.transactions import reading
from waybill.services.checks.under_way import list_under_way

blueprint = Blueprint(
    "tablet_under_way",
    __name__,
    url_prefix="/api/v1/tablet",
    description="Trips being loaded (装货中)",
)


@blueprint.get("/under-way")
@requires_device
@blueprint.response(HTTPStatus.OK, UnderWayListSchema)
def show_under_way() -> dict[str, object]:
    """List the trips that this facility has cleared and not released, oldest first.

    Any of its bays can go on with them: the check itself is at `/checks/{check_id}`.
    """
    with reading() as session:
        found = list_under_way(session, device().facility_id, clock=runtime().clock)
    return {"server_time": runtime().clock.now(), "items": found}
