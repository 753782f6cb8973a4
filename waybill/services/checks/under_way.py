"""What a facility has cleared and not released yet: trips that go from bay to bay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from msgspec import UNSET
from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.document import parse_waybill
from waybill.registry.kinds import PlateColour
from waybill.rules.evidence import BayArrivalItem, EvidenceItem, LoadingPartItem
from waybill.rules.lifecycle import CheckStatus, WaybillStatus
from waybill.services.checks.parts import lines_out
from waybill.storage.waybills import (
    CheckEvidenceRow,
    ClearanceRow,
    LoadingCheckRow,
    WaybillRevisionRow,
    WaybillRow,
)

SHOWN_FOR: Final = timedelta(hours=24)
"""How long after its clearance a trip that nobody has released is still shown to the bays."""
_OF_BAYS: Final = ("bay_arrival", "loading_part")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A cleared trip: `bay_id` is where it was last, `next_bay_id` where it was said to go on to.

    `lines_out` are the goods lines of which no part is recorded.
    """

    check_id: UUID
    waybill_id: UUID
    number: str
    vehicle_plate: str
    vehicle_plate_colour: PlateColour
    cleared_at: datetime
    bay_id: UUID
    next_bay_id: UUID | None
    lines_out: tuple[int, ...]


def list_under_way(session: Session, facility_id: UUID, *, clock: Clock) -> tuple[UnderWay, ...]:
    """Return the trips that a facility has cleared and not released, oldest first.

    They are known to every bay of the facility, so that the next one can go on.
    """
    rows = _cleared(session, facility_id, since=clock.now() - SHOWN_FOR)
    items = _items(session, [row.check_id for row in rows])
    return tuple(_under_way(row, items[row.check_id]) for row in rows)


def _cleared(
    session: Session, facility_id: UUID, *, since: datetime
) -> Sequence[Row[UUID, UUID, UUID, str | None, datetime, bytes]]:
    return session.execute(
        select(
            LoadingCheckRow.id.label("check_id"),
            LoadingCheckRow.bay_id,
            WaybillRow.id.label("waybill_id"),
            WaybillRow.number,
            ClearanceRow.cleared_at,
            WaybillRevisionRow.document,
        )
        .join(ClearanceRow, ClearanceRow.check_id == LoadingCheckRow.id)
        .join(WaybillRow, WaybillRow.id == LoadingCheckRow.waybill_id)
        .join(
            WaybillRevisionRow,
            and_(
                WaybillRevisionRow.waybill_id == LoadingCheckRow.waybill_id,
                WaybillRevisionRow.revision == LoadingCheckRow.revision,
            ),
        )
        .where(
            LoadingCheckRow.facility_id == facility_id,
            LoadingCheckRow.status == CheckStatus.CLEARED,
            WaybillRow.status == WaybillStatus.CLEARED,
            ClearanceRow.cleared_at >= since,
        )
        .order_by(ClearanceRow.cleared_at, LoadingCheckRow.id)
    ).all()


def _items(session: Session, checks: Sequence[UUID]) -> Mapping[UUID, list[EvidenceItem]]:
    """Return arrivals and parts of checks, oldest first."""
    found: defaultdict[UUID, list[EvidenceItem]] = defaultdict(list)
    if not checks:
        return found
    rows = session.execute(
        select(CheckEvidenceRow.check_id, CheckEvidenceRow.item)
        .where(
            CheckEvidenceRow.check_id.in_(checks),
            CheckEvidenceRow.item["type"].as_string().in_(_OF_BAYS),
        )
        .order_by(CheckEvidenceRow.id)
    )
    for check_id, item in rows:
        found[check_id].append(msgspec.convert(item, BayArrivalItem | LoadingPartItem))
    return found


def _under_way(
    row: Row[UUID, UUID, UUID, str | None, datetime, bytes], items: Iterable[EvidenceItem]
) -> UnderWay:
    content = parse_waybill(row.document)
    bay_id, next_bay_id = row.bay_id, None
    for item in items:
        if isinstance(item, BayArrivalItem | LoadingPartItem):
            bay_id, next_bay_id = UUID(item.bay_id), None
        if isinstance(item, LoadingPartItem) and item.next_bay_id is not UNSET:
            next_bay_id = UUID(item.next_bay_id)
    return UnderWay(
        check_id=row.check_id,
        waybill_id=row.waybill_id,
        number=row.number or "",
        vehicle_plate=content.vehicle.plate,
        vehicle_plate_colour=PlateColour(content.vehicle.plate_colour),
        cleared_at=row.cleared_at,
        bay_id=bay_id,
        next_bay_id=next_bay_id,
        lines_out=lines_out(content, items),
    )
