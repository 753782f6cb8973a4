"""What a plant asks in a check: its items as they stood when the check was opened."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Insert, insert, select
from sqlalchemy.orm import Session

from waybill.registry.kinds import ItemStatus
from waybill.services.checks.reading import CHECK_LIFETIME
from waybill.storage.plant_items import CheckPlantItemRow, PlantItemRow
from waybill.storage.records import PlantItemRecord
from waybill.storage.waybills import LoadingCheckRow


def items_to_ask(
    session: Session, waybill_id: UUID, facility_id: UUID, *, at: datetime
) -> list[PlantItemRecord]:
    """Return what a check that is opened now asks for its plant, in the order of asking.

    What an earlier check of the waybill asks here is asked as it was there, as long as that
    check's evidence stands: nobody is rid of an item by changing it and opening the check anew.
    Two accounts may let it pass.
    """
    active = select(PlantItemRow).where(
        PlantItemRow.facility_id == facility_id, PlantItemRow.status == ItemStatus.ACTIVE
    )
    earlier = (
        select(LoadingCheckRow.id)
        .where(
            LoadingCheckRow.waybill_id == waybill_id,
            LoadingCheckRow.facility_id == facility_id,
            LoadingCheckRow.opened_at >= at - CHECK_LIFETIME,
        )
        .order_by(LoadingCheckRow.id.desc())
        .limit(1)
    )
    kept = select(CheckPlantItemRow).where(CheckPlantItemRow.check_id == earlier.scalar_subquery())
    now = {row.id: _record(row, row.id) for row in session.scalars(active)}
    before = {row.item_id: _record(row, row.item_id) for row in session.scalars(kept)}
    return [item for _, item in sorted((now | before).items())]


def items_insert(check_id: UUID, items: Iterable[PlantItemRecord]) -> Insert:
    """Return the insert that keeps items (at least one) as a check asks them."""
    rows = []
    for item in items:
        columns = msgspec.structs.asdict(item)
        rows.append({"check_id": check_id, "item_id": columns.pop("id"), **columns})
    return insert(CheckPlantItemRow).values(rows)


def _record(row: PlantItemRow | CheckPlantItemRow, item_id: UUID) -> PlantItemRecord:
    return PlantItemRecord(
        id=item_id,
        version=row.version,
        phase=row.phase,
        question_zh=row.question_zh,
        question_en=row.question_en,
        photo=row.photo,
        stops=row.stops,
        asked_of=row.asked_of,
    )
