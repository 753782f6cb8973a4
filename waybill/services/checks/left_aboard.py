"""What a loading that ended early may have left in a vehicle: not released unseen with the next."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Session

from waybill.errors import StateError
from waybill.rules.evidence import LoadingItem
from waybill.rules.lifecycle import Aboard, Act, CheckStatus, WaybillStatus
from waybill.storage.facts_history import was_let_in
from waybill.storage.offline import OfflineRecordRow
from waybill.storage.records import WaybillRecord
from waybill.storage.registry import TankRow, VehicleRow
from waybill.storage.waybills import CheckAbortRow, LoadingCheckRow, ReleaseRow, WaybillRow


def refuse_left_aboard(session: Session, waybill: WaybillRecord, loading: LoadingItem) -> None:
    """Refuse to release unweighed what was last loaded by halves and never said to be empty.

    By halves is what was aborted after its clearance, what its carrier cancelled then, and what a
    tablet without network let in although the server does not: until somebody at the bay aborts
    that check too, nobody has said what is aboard. On the weighbridge more than was recorded is
    found out by its rule. A release since then has settled it.

    Raises:
        StateError: says to weigh the vehicle.
    """
    if loading.gross_mass_kg is not None:
        return
    if any(_is_unsettled(session, waybill.id, same) for same in _same_units(waybill)):
        raise StateError(
            "该车（罐）上次装货中止或作废时没有说明已卸净，车上可能还有货物。",
            "The last loading of this vehicle or tank ended early; nobody said that it is empty.",
            state="left-aboard",
            act=Act.RELEASE.value,
            next_step_zh="请过磅并填写总质量后再放行。",
            next_step_en="Weigh the vehicle and enter its gross mass.",
        )


def _is_unsettled(session: Session, waybill_id: UUID, same: ColumnElement[bool]) -> bool:
    """Whether a loading of a unit or tank ended early and nothing was released in it since."""
    ended_at = _ended_early_at(session, waybill_id, same)
    if ended_at is None:
        return False
    settled = (
        select(ReleaseRow.waybill_id)
        .join(WaybillRow, WaybillRow.id == ReleaseRow.waybill_id)
        .where(ReleaseRow.released_at > ended_at, same)
    )
    return session.scalar(settled.limit(1)) is None


def _ended_early_at(
    session: Session, waybill_id: UUID, same: ColumnElement[bool]
) -> datetime | None:
    """Return when a loading of another waybill last ended early that may have left something.

    What a tablet let in counts from when that came in: whatever was released before was not asked.
    It is not left where its own waybill was released.
    """
    aborted = (
        select(CheckAbortRow.aborted_at.label("at"))
        .join(WaybillRow, WaybillRow.id == CheckAbortRow.waybill_id)
        .where(CheckAbortRow.aboard.in_((Aboard.GOODS, Aboard.UNSAID)), same)
    )
    cancelled = (
        select(WaybillRow.cancelled_at)
        .join(LoadingCheckRow, LoadingCheckRow.waybill_id == WaybillRow.id)
        .where(
            WaybillRow.status == WaybillStatus.CANCELLED,
            LoadingCheckRow.status == CheckStatus.CLEARED,
            same,
        )
    )
    let_in = (
        select(OfflineRecordRow.received_at)
        .join(WaybillRow, WaybillRow.id == OfflineRecordRow.waybill_id)
        .where(was_let_in(), WaybillRow.released_at.is_(None), WaybillRow.id != waybill_id, same)
    )
    ended = union_all(aborted, cancelled, let_in).subquery()
    at: datetime | None = session.scalar(select(func.max(ended.c.at)))
    return at


def _same_units(waybill: WaybillRecord) -> Iterator[ColumnElement[bool]]:
    """Say which waybills had the same unit under the goods, by its plate, or the same tank.

    Each is settled for itself: what a tank holds does not leave it with another one's release.
    """
    bearing: UUID | None = waybill.trailer_id or waybill.vehicle_id
    named = select(VehicleRow.plate).where(VehicleRow.id == bearing).scalar_subquery()
    same = select(VehicleRow.id).where(VehicleRow.plate == named)
    alone = WaybillRow.vehicle_id.in_(same) & WaybillRow.trailer_id.is_(None)
    drawn = WaybillRow.trailer_id.in_(same)
    yield drawn if waybill.trailer_id else drawn | alone
    if waybill.tank_id is not None:
        number = select(TankRow.number).where(TankRow.id == waybill.tank_id).scalar_subquery()
        yield WaybillRow.tank_id.in_(select(TankRow.id).where(TankRow.number == number))
