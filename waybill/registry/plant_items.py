"""Items that a plant asks beside the law (企业自查项), as the registry keeps them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from waybill.registry.kinds import AskedOf, ItemStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantItemParticulars:
    """What a plant asks. `after_loading` says where, `stops` whether the load waits for it.

    "Yes" always means that it is as it must be; `photo` says that a photo belongs to the answer.
    """

    question_zh: str
    question_en: str
    after_loading: bool = False
    photo: bool = False
    stops: bool = True
    asked_of: AskedOf = AskedOf.LOADER


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantItem(PlantItemParticulars):
    """An item as it stands."""

    id: UUID
    facility_id: UUID
    created_at: datetime
    status: ItemStatus
    version: int
