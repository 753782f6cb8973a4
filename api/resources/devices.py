"""Tablets of a plant: their supervisors' to enrol and revoke, oversight's to see."""

from http import HTTPStatus
from uuid import UUID

from api import sign_in
from api.auth import actor, public, requires
from api.blueprint import Blueprint, may_refuse
from api.enrolling import enrol
from api.paging import page_schema
from api.runtime import runtime
from api.schemas.devices import (
    DeviceQuery,
    DeviceQuerySchema,
    DeviceSchema,
    EnrolledSchema,
    EnrolmentSchema,
    NewDeviceSchema,
    NewEnrolment,
    NewEnrolmentSchema,
)
from api.schemas.registry import ReasonSchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.devices import DeviceState, Enrolment, NewDevice
from waybill.services import devices
from waybill.services.paging import Page

blueprint = Blueprint(
    "devices", __name__, url_prefix="/api/v1/devices", description="Tablets of the bay (查验平板)"
)


@blueprint.post("/enrolments")
@requires(Permission.WRITE_DEVICES)
@blueprint.arguments(NewEnrolmentSchema)
@blueprint.response(HTTPStatus.CREATED, EnrolmentSchema)
def create_enrolment(wanted: NewEnrolment) -> Enrolment:
    """Make a code with which one tablet can be enrolled, once, within a quarter of an hour.

    It needs a session that is at most 15 minutes old (403 `sign-in-again`). The code is in this
    answer and nowhere else, so `Idempotency-Key` is not honoured here.
    """
    with transaction() as session:
        sign_in.require_fresh(session)
        return devices.make_enrolment(
            session,
            actor(),
            wanted.facility_id,
            wanted.label,
            settings=runtime().settings,
            clock=runtime().clock,
        )


@blueprint.post("")
@public("a tablet that is not enrolled has only its code")
@may_refuse("limited")
@blueprint.arguments(NewDeviceSchema)
@blueprint.response(HTTPStatus.CREATED, EnrolledSchema)
def create_device(new: NewDevice) -> dict[str, object]:
    """Enrol a tablet with its one-time code and the public key that it has made.

    Too many wrong codes from an address are answered 429 with `Retry-After`.
    """
    return enrol(new)


@blueprint.get("")
@requires(Permission.READ_DEVICES)
@blueprint.arguments(DeviceQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(DeviceSchema))
def list_devices(wanted: DeviceQuery) -> Page[DeviceState]:
    """List tablets, the last enrolled first."""
    with reading() as session:
        return devices.list_devices(
            session,
            actor(),
            facility_id=wanted.facility_id,
            status=wanted.status,
            page=wanted.page,
        )


@blueprint.get("/<uuid:device_id>")
@requires(Permission.READ_DEVICES)
@blueprint.response(HTTPStatus.OK, DeviceSchema)
def get_device(device_id: UUID) -> DeviceState:
    """Show a tablet and what it said last of itself."""
    with reading() as session:
        return devices.get_device(session, actor(), device_id)


@blueprint.post("/<uuid:device_id>/revocation")
@requires(Permission.WRITE_DEVICES)
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.OK, DeviceSchema)
def revoke_device(reason: str, device_id: UUID) -> DeviceState:
    """Take a tablet out of use, at once and for ever, with every session that is open at it."""
    with transaction() as session:
        return devices.revoke_device(session, actor(), device_id, reason, clock=runtime().clock)
