"""What a loading that ended early may have left in a vehicle: not released unseen with the next."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from waybill.errors import StateError
from waybill.rules.evidence import LoadingItem
from waybill.rules.lifecycle import Aboard, Act, CheckStatus, WaybillStatus
from waybill.storage.facts_history import was_let_in
from waybill.storage.offline import OfflineRecordRow
from waybill.storage.records import WaybillRecord
from waybill.storage.registry import TankRow, VehicleRow
from waybill.storage.waybills import CheckAbortRow, LoadingCheckRow, WaybillRow

EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Before anything happened."""
_MAY_BE_ABOARD: Final = (Aboard.GOODS, Aboard.UNSAID)


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
    if any(
        session.scalar(unsettled(waybill.id, unit)) is not None for unit in _units(session, waybill)
    ):
        raise StateError(
            "该车（罐）上次装货中止或作废时没有说明已卸净，车上可能还有货物。",
            "The last loading of this vehicle or tank ended early; nobody said that it is empty.",
            state="left-aboard",
            act=Act.RELEASE.value,
            next_step_zh="请过磅并填写总质量后再放行。",
            next_step_en="Weigh the vehicle and enter its gross mass.",
        )


def unsettled(waybill_id: UUID, same: Sequence[ColumnElement[bool]]) -> Select[datetime]:
    """Return the statement that reads when loadings of a unit ended early, unless that is settled.

    What ended before the unit's newest release is settled, so that moment is read first. `same`
    are the ways in which a waybill may have had the unit, each with an index that ends with its
    release: those without one lie together. Of the statement one row is enough.

    What a tablet let in counts from when that came in: whatever was released before was not asked.
    It is not left where its own waybill was released.
    """
    row, abort, record = WaybillRow, CheckAbortRow, OfflineRecordRow
    since = _newest_release(same)
    ended = []
    for way in same:
        # With a cleared check that is aborted its waybill is over, and is never released.
        unreleased = (row.released_at.is_(None), way)
        ended += [
            select(abort.aborted_at.label("at"))
            .join(row, row.id == abort.waybill_id)
            .where(abort.aboard.in_(_MAY_BE_ABOARD), abort.aborted_at >= since, *unreleased),
            select(row.cancelled_at)
            .join(LoadingCheckRow, LoadingCheckRow.waybill_id == row.id)
            .where(
                row.status == WaybillStatus.CANCELLED,
                row.cancelled_at >= since,
                LoadingCheckRow.status == CheckStatus.CLEARED,
                *unreleased,
            ),
            select(record.received_at)
            .join(row, row.id == record.waybill_id)
            .where(was_let_in(), record.received_at >= since, *unreleased)
            .where(row.id != waybill_id),
        ]
    # Goods are hardly ever aboard where a check was not cleared; its waybill may be released since.
    uncleared = (
        select(abort.aborted_at)
        .join(row, row.id == abort.waybill_id)
        .where(
            abort.was.in_((CheckStatus.OPEN, CheckStatus.REFUSED)),
            abort.aboard.in_(_MAY_BE_ABOARD),
            abort.aborted_at >= since,
            or_(*same),
        )
    )
    return select(union_all(*ended, uncleared).subquery().c.at).limit(1)


def _newest_release(same: Sequence[ColumnElement[bool]]) -> ColumnElement[datetime]:
    released = WaybillRow.released_at
    each = (
        select(released)
        .where(way, released.is_not(None))
        .order_by(released.desc())
        .limit(1)
        .subquery()
        for way in same
    )
    newest = union_all(*(select(one.c.released_at) for one in each)).subquery()
    at = select(func.max(newest.c.released_at)).scalar_subquery()
    return func.coalesce(at, literal(EVER, released.type))


def _units(session: Session, waybill: WaybillRecord) -> Iterator[Sequence[ColumnElement[bool]]]:
    """Say which waybills had the same unit under the goods, by its plate, or the same tank.

    Each is settled for itself: what a tank holds does not leave it with another one's release.
    """
    row = WaybillRow
    bearing: UUID | None = waybill.trailer_id or waybill.vehicle_id
    plate = select(VehicleRow.plate).where(VehicleRow.id == bearing).scalar_subquery()
    units = session.scalars(select(VehicleRow.id).where(VehicleRow.plate == plate)).all()
    alone = [] if waybill.trailer_id else [row.trailer_id.is_(None)]
    if units:
        yield [
            *(row.trailer_id == unit for unit in units),
            *(and_(row.vehicle_id == unit, *alone) for unit in units if alone),
        ]
    if waybill.tank_id is not None:
        number = select(TankRow.number).where(TankRow.id == waybill.tank_id).scalar_subquery()
        tanks = session.scalars(select(TankRow.id).where(TankRow.number == number)).all()
        yield [row.tank_id == tank for tank in tanks]
