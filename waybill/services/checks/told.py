"""That an act of a check was done without network, and is told to the server afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from waybill.codec import JsonValue
from waybill.services.trip_data import moment_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When it was done by the server's clock, by which tablet, and in which record it stands.

    It is judged at `at`; what it changes is recorded, and its event happens, when it is told.
    """

    at: datetime
    record: str
    device_id: UUID


def told_data(told: Told | None) -> dict[str, JsonValue]:
    """Return what the event of such an act says; nothing of one that was done online."""
    if told is None:
        return {}
    return {
        "offline": True,
        "offline_record": told.record,
        "device": str(told.device_id),
        "done_at": moment_data(told.at),
    }
