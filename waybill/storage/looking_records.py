"""The records that the reads of an opening check and of its looks give, by their columns' names."""

from datetime import datetime
from uuid import UUID

import msgspec

from waybill.registry.kinds import TagPoint
from waybill.registry.looking import LookKind, TagSeen
from waybill.storage.records import PlantItemRecord


class AskedControl(msgspec.Struct, frozen=True, kw_only=True):
    """A control question in `check_looking`: its right answer and the choices in their order."""

    id: str
    right: str
    choices: tuple[str, ...]


class KeptItemRecord(PlantItemRecord, frozen=True, kw_only=True):
    """An item as an earlier check of the same waybill asks it."""


class PresenceTagRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A tag that hangs at a bay."""

    id: UUID
    bay_id: UUID
    point: TagPoint
    label: str


class HistoryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How the last checks of a carrier and of a person went, and how often a driver was here."""

    carrier_checks: int
    carrier_refused: int
    own_checks: int
    own_refused: int
    driver_visits: int


class TankCompartmentsRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The compartments of a trip's tank, as the register has them."""

    compartments: list[dict[str, object]]


class LookingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `check_looking`: what a check asks so that somebody looks."""

    edition: str
    photos: list[dict[str, str]]
    controls: list[AskedControl]


class LookRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `check_look`."""

    id: UUID
    kind: LookKind
    name: str
    at: datetime
    seen: TagSeen | None
    answer: str | None
    correct: bool | None
