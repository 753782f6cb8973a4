"""Codes and PINs from a tablet: each is counted in a transaction of its own before it is judged."""

from flask import request

from api.devices import device
from api.runtime import runtime
from api.transactions import transaction
from waybill.registry.devices import NewDevice
from waybill.services import devices


def enrol(new: NewDevice) -> dict[str, object]:
    """Enrol a tablet.

    Raises:
        ThrottledError: too many wrong codes from this address.
        InvalidFieldError: the code does not count.
    """
    settings, clock = runtime().settings, runtime().clock
    with transaction() as session:
        counted = devices.begin_enrolment(
            session, request.remote_addr or "", settings=settings, clock=clock
        )
    with transaction() as session:
        made = devices.enrol_device(session, counted, new, settings=settings, clock=clock)
    name = made.facility_name
    return {
        "device_id": made.device.id,
        "label": made.device.label,
        "facility": {"id": made.device.facility_id, "name_zh": name, "name_en": name},
        "bays": [{"id": bay_id, "name": bay} for bay_id, bay in made.bays],
        "prefix": made.device.prefix,
        "server_time": made.server_time,
    }


def sign_on(badge: str, pin: str) -> devices.BaySession:
    """Let somebody sign on at the tablet that asks.

    Raises:
        ThrottledError: too many wrong badges at this tablet, or PINs for this badge.
        SignOnRefusedError: badge or PIN is not right.
    """
    settings, clock = runtime().settings, runtime().clock
    with transaction() as session:
        begun = devices.begin_sign_on(session, device(), badge, settings=settings, clock=clock)
    proven = devices.prove_pin(begun, pin)
    with transaction() as session:
        outcome = devices.finish_sign_on(session, device(), proven, settings=settings, clock=clock)
    return devices.admitted(outcome)
