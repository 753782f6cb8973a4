"""What an aborted loading may have left in a vehicle: not released unseen with the next load."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from waybill.errors import StateError
from waybill.rules.evidence import LoadingItem
from waybill.rules.lifecycle import Aboard, Act, CheckStatus
from waybill.storage.records import WaybillRecord
from waybill.storage.registry import VehicleRow
from waybill.storage.waybills import CheckAbortRow, ReleaseRow, WaybillRow


def refuse_left_aboard(session: Session, waybill: WaybillRecord, loading: LoadingItem) -> None:
    """Refuse to release unweighed what was last loaded by halves and never said to be empty.

    On the weighbridge more than was recorded is found out by its rule. A release since then has
    settled it.

    Raises:
        StateError: says to weigh the vehicle.
    """
    if loading.gross_mass_kg is not None:
        return
    same = _same_unit(waybill)
    aborted_at = session.scalar(
        select(CheckAbortRow.aborted_at)
        .join(WaybillRow, WaybillRow.id == CheckAbortRow.waybill_id)
        .where(
            CheckAbortRow.was == CheckStatus.CLEARED,
            CheckAbortRow.aboard.in_((Aboard.GOODS, Aboard.UNSAID)),
            same,
        )
        .order_by(CheckAbortRow.aborted_at.desc())
        .limit(1)
    )
    if aborted_at is None:
        return
    settled = session.scalar(
        select(ReleaseRow.waybill_id)
        .join(WaybillRow, WaybillRow.id == ReleaseRow.waybill_id)
        .where(ReleaseRow.released_at > aborted_at, same)
        .limit(1)
    )
    if settled is None:
        raise StateError(
            "该车（罐）上次装货中止时没有说明已卸净，车上可能还有货物。",
            "The last loading of this vehicle or tank was aborted; nobody said that it is empty.",
            state="left-aboard",
            act=Act.RELEASE.value,
            next_step_zh="请过磅并填写总质量后再放行。",
            next_step_en="Weigh the vehicle and enter its gross mass.",
        )


def _same_unit(waybill: WaybillRecord) -> ColumnElement[bool]:
    """Say which waybills had the same tank or the same unit under the goods, by its plate."""
    bearing: UUID | None = waybill.trailer_id or waybill.vehicle_id
    named = select(VehicleRow.plate).where(VehicleRow.id == bearing).scalar_subquery()
    same = select(VehicleRow.id).where(VehicleRow.plate == named)
    units: list[ColumnElement[bool]] = [WaybillRow.trailer_id.in_(same)]
    if waybill.trailer_id is None:
        units.append(WaybillRow.vehicle_id.in_(same) & WaybillRow.trailer_id.is_(None))
    if waybill.tank_id is not None:
        units.append(WaybillRow.tank_id == waybill.tank_id)
    return or_(*units)
