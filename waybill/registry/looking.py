"""Tags at the inspection points of a bay (到位标签), and kinds of looks that are recorded."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from waybill.registry.kinds import ItemStatus, TagPoint


class TagSeen(StrEnum):
    """How a tag that was scanned stands to the check in which it was."""

    HERE = "here"
    OTHER_BAY = "other_bay"
    RETIRED = "retired"
    UNKNOWN = "unknown"


class LookKind(StrEnum):
    """What was looked at."""

    TAG = "tag"
    CONTROL = "control"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceTag:
    """A tag at a bay of a plant."""

    id: UUID
    facility_id: UUID
    bay_id: UUID
    bay_name: str
    point: TagPoint
    label: str
    created_at: datetime
    status: ItemStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceTagParticulars:
    """What a new tag is for; the label is the plant's own words, such as `东侧阀箱`."""

    bay_id: UUID
    point: TagPoint
    label: str = ""
