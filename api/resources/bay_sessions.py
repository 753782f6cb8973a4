"""Signing on at a tablet, staying on, signing off."""

from http import HTTPStatus
from uuid import UUID

from api import enrolling
from api.blueprint import Blueprint, may_refuse
from api.devices import device, requires_device
from api.runtime import runtime
from api.schemas.devices import (
    BadgeAndPin,
    BadgeAndPinSchema,
    BaySessionSchema,
    SessionNamedSchema,
)
from api.transactions import reading, transaction
from waybill.services import devices
from waybill.services.devices import BaySession

blueprint = Blueprint(
    "bay-sessions",
    __name__,
    url_prefix="/api/v1/bay-sessions",
    description="Who is signed on at a tablet (平板登录)",
)


@blueprint.post("")
@requires_device
@may_refuse("throttled")
@blueprint.arguments(BadgeAndPinSchema)
@blueprint.response(HTTPStatus.CREATED, BaySessionSchema)
def create_bay_session(given: BadgeAndPin) -> BaySession:
    """Sign on with badge and PIN.

    A wrong badge and a wrong PIN are answered alike. After five wrong PINs a badge rests for a
    quarter of an hour (429 `badge-locked`), after each five more twice as long, at most a day.
    """
    return enrolling.sign_on(given.badge, given.pin)


@blueprint.post("/renewal")
@requires_device
@may_refuse("throttled")
@blueprint.arguments(SessionNamedSchema)
@blueprint.response(HTTPStatus.CREATED, BaySessionSchema)
def renew_bay_session(session_id: UUID) -> BaySession:
    """Get a new access token for who is signed on, up to twelve hours after the sign-on."""
    with reading() as session:
        return devices.renew_bay_session(
            session, device(), session_id, settings=runtime().settings, clock=runtime().clock
        )


@blueprint.post("/<uuid:session_id>/end")
@requires_device
@blueprint.response(HTTPStatus.NO_CONTENT)
def end_bay_session(session_id: UUID) -> None:
    """Sign off; the session's tokens stop counting."""
    with transaction() as session:
        devices.end_bay_session(session, device(), session_id, clock=runtime().clock)
