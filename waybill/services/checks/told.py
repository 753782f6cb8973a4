"""That an act of a check was done without network, and is told to the server afterwards."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from waybill.codec import JsonValue
from waybill.registry.access import Actor
from waybill.services.trip_data import moment_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When it was done by the server's clock, by which tablet, and in which record it stands.

    It is judged at `at`; what it changes is recorded, and its event happens, when it is told.
    `record` is `None` for what was sent late by the ordinary way.
    """

    at: datetime
    record: str | None
    device_id: UUID

    def since(self, opened_at: datetime) -> "Told":
        """Return it as it counts in a check: what came alone was not seen before that began."""
        return self if self.record else replace(self, at=max(self.at, opened_at))


LATE: Final = timedelta(seconds=5)
"""How long a tablet waits for its check to be opened before it goes on without."""
LATEST: Final = timedelta(hours=8)
"""What is older than a check may be is taken for no older."""


def told_late(actor: Actor, at: datetime | None, now: datetime) -> Told | None:
    """Return how an act is told that a tablet could not send in time, `None` for one that it could.

    `at` is the tablet's word for when it was done, by the server's clock as far as it knows it.
    """
    if actor.device_id is None or at is None or now - at < LATE:
        return None
    return Told(at=max(at, now - LATEST), record=None, device_id=actor.device_id)


def told_data(told: Told | None) -> dict[str, JsonValue]:
    """Return what the event of such an act says; nothing of one that was done online."""
    if told is None:
        return {}
    return {
        "offline": True,
        **({"offline_record": told.record} if told.record else {}),
        "device": str(told.device_id),
        "done_at": moment_data(told.at),
    }
