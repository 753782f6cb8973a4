"""What a plant asks in a check: its items as they stood when the check was opened."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Insert, insert
from sqlalchemy.orm import Session

from waybill.registry.access import Actor
from waybill.services.checks.reading import CHECK_LIFETIME
from waybill.storage.gather import Gathered
from waybill.storage.opening_query import FOR_OPENING
from waybill.storage.plant_items import CheckPlantItemRow
from waybill.storage.records import PlantItemRecord
from waybill.storage.waybills import WaybillRow


def read_opening(
    session: Session, actor: Actor, waybill: WaybillRow, place: tuple[UUID, UUID], *, at: datetime
) -> Gathered:
    """Read what a check that is opened now must know beside its waybill; `place` as it opens."""
    facility_id, bay_id = place
    values = {
        "waybill_id": waybill.id,
        "facility_id": facility_id,
        "bay_id": bay_id,
        "actor_id": actor.user_id,
        "carrier_id": waybill.carrier_id,
        "driver_id": waybill.driver_id,
        "tank_id": waybill.tank_id,
        "since": at - CHECK_LIFETIME,
    }
    return FOR_OPENING.read(session, values)


def items_to_ask(gathered: Gathered) -> list[PlantItemRecord]:
    """Return what a check that is opened now asks for its plant, in the order of asking.

    What an earlier check of the waybill asks here is asked as it was there, as long as that
    check's evidence stands: nobody is rid of an item by changing it and opening the check anew.
    Two accounts may let it pass.
    """
    asked = {item.id: item for item in gathered.all(PlantItemRecord)}
    return [item for _, item in sorted(asked.items())]


def items_insert(check_id: UUID, items: Iterable[PlantItemRecord]) -> Insert:
    """Return the insert that keeps items (at least one) as a check asks them."""
    rows = []
    for item in items:
        columns = msgspec.structs.asdict(item)
        rows.append({"check_id": check_id, "item_id": columns.pop("id"), **columns})
    return insert(CheckPlantItemRow).values(rows)
