"""Views that a tablet asks in its own name: it signs who it is, anew for each request or so.

No cookie is involved, so a foreign page cannot let a tablet's browser ask.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import g, request

from api.blueprint import note
from api.runtime import runtime
from api.transactions import reading
from waybill.registry.devices import Device
from waybill.services import devices

ViewT = TypeVar("ViewT", bound=Callable[..., object])

DEVICE_HEADER: Final = "Device-Assertion"
_MARK: Final = "__device__"
_DEVICE: Final = "device"


def requires_device(view: ViewT) -> ViewT:
    """Let a view be reached only by an enrolled tablet that proves which one it is."""
    setattr(view, _MARK, True)
    note(view, "device")
    return view


def is_for_devices(view: Callable[..., object]) -> bool:
    """Return whether a view is for tablets."""
    return getattr(view, _MARK, False)


def identify() -> Device:
    """Return the tablet that asks, from its assertion.

    Raises:
        DeviceAssertionError: there is none, or it does not hold.
        DeviceUnknownError: no such tablet was enrolled.
        DeviceRevokedError: the tablet was revoked.
    """
    known = g.get(_DEVICE)
    if not isinstance(known, Device):
        with reading() as session:
            assertion = request.headers.get(DEVICE_HEADER)
            known = devices.identify_device(session, assertion, clock=runtime().clock)
        setattr(g, _DEVICE, known)
    return known


def device() -> Device:
    """Return the tablet that asks; for views that say `@requires_device`."""
    return identify()
