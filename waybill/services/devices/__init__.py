"""Tablets of the bay: enrolled by a one-time code, known by their key, shared by people."""

from waybill.services.devices.assertion import identify_device
from waybill.services.devices.badges import (
    BadgeHolder,
    NewPin,
    find_badge,
    is_weak,
    list_badge_holders,
    make_badge,
    new_pin,
    set_pin,
    withdraw_badge,
)
from waybill.services.devices.bay_sessions import (
    SIGNED_ON_FOR,
    BaySession,
    end_bay_session,
    renew_bay_session,
)
from waybill.services.devices.enrolment import (
    ENROLMENT_LIFETIME,
    Enrolled,
    begin_enrolment,
    enrol_device,
    make_enrolment,
)
from waybill.services.devices.keeping import (
    get_device,
    list_devices,
    note_heartbeat,
    revoke_device,
)
from waybill.services.devices.signing_on import (
    admitted,
    begin_sign_on,
    finish_sign_on,
    prove_pin,
)

__all__ = [
    "ENROLMENT_LIFETIME",
    "SIGNED_ON_FOR",
    "BadgeHolder",
    "BaySession",
    "Enrolled",
    "NewPin",
    "admitted",
    "begin_enrolment",
    "begin_sign_on",
    "end_bay_session",
    "enrol_device",
    "find_badge",
    "finish_sign_on",
    "get_device",
    "identify_device",
    "is_weak",
    "list_badge_holders",
    "list_devices",
    "make_badge",
    "make_enrolment",
    "new_pin",
    "note_heartbeat",
    "prove_pin",
    "renew_bay_session",
    "revoke_device",
    "set_pin",
    "withdraw_badge",
]
