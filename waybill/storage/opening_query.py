"""What an opening check must know beside its waybill: items, tags, and who did what before.

One statement on PostgreSQL. Each count looks at a few rows by an index, however long the history:
the carrier's last waybills, the person's last checks, the driver's last waybills.
"""

from typing import Final

import msgspec
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from waybill.registry.kinds import ItemStatus
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import CheckStatus, WaybillStatus
from waybill.storage.base import Instant
from waybill.storage.gather import Batch, Part
from waybill.storage.looking_query import tags_at
from waybill.storage.looking_records import (
    HistoryRecord,
    KeptItemRecord,
    PresenceTagRecord,
    TankCompartmentsRecord,
)
from waybill.storage.plant_items import CheckPlantItemRow, PlantItemRow
from waybill.storage.records import PlantItemRecord
from waybill.storage.registry import TankRow
from waybill.storage.waybills import LoadingCheckRow, VerdictRow, WaybillRow

CARRIER_WAYBILLS: Final = 20
OWN_CHECKS: Final = 40
DRIVER_WAYBILLS: Final = 60
"""How far back each count looks."""

_WAYBILL: Final = bindparam("waybill_id", type_=Uuid())
_FACILITY: Final = bindparam("facility_id", type_=Uuid())
_BAY: Final = bindparam("bay_id", type_=Uuid())
_ACTOR: Final = bindparam("actor_id", type_=Uuid())
_CARRIER: Final = bindparam("carrier_id", type_=Uuid())
_DRIVER: Final = bindparam("driver_id", type_=Uuid())
_TANK: Final = bindparam("tank_id", type_=Uuid())
_SINCE: Final = bindparam("since", type_=Instant())


def _active_items() -> Select[*tuple[object, ...]]:
    row = PlantItemRow
    return select(*_item_columns(row), row.id.label("id")).where(
        row.facility_id == _FACILITY, row.status == ItemStatus.ACTIVE
    )


def _kept_items() -> Select[*tuple[object, ...]]:
    """Read what the newest earlier check of the waybill asks here, while its evidence stands."""
    earlier = (
        select(LoadingCheckRow.id)
        .where(
            LoadingCheckRow.waybill_id == _WAYBILL,
            LoadingCheckRow.facility_id == _FACILITY,
            LoadingCheckRow.opened_at >= _SINCE,
        )
        .order_by(LoadingCheckRow.id.desc())
        .limit(1)
    )
    row = CheckPlantItemRow
    return select(*_item_columns(row), row.item_id.label("id")).where(
        row.check_id == earlier.scalar_subquery()
    )


def _item_columns(row: type[PlantItemRow | CheckPlantItemRow]) -> list[ColumnElement[object]]:
    names = [name for name in PlantItemRecord.__struct_fields__ if name != "id"]
    return [getattr(row, name) for name in names]


def _history() -> Select[*tuple[object, ...]]:
    carrier = _waybills(WaybillRow.carrier_id == _CARRIER, CARRIER_WAYBILLS)
    driver = _waybills(WaybillRow.driver_id == _DRIVER, DRIVER_WAYBILLS)
    own = (
        select(LoadingCheckRow.id, LoadingCheckRow.waybill_id, LoadingCheckRow.status)
        .where(LoadingCheckRow.opened_by == _ACTOR)
        .order_by(LoadingCheckRow.id.desc())
        .limit(OWN_CHECKS)
        .subquery()
    )
    of_carrier = (
        select(LoadingCheckRow.id, LoadingCheckRow.waybill_id, LoadingCheckRow.status)
        .join(carrier, carrier.c.id == LoadingCheckRow.waybill_id)
        .subquery()
    )
    visits = (
        select(func.count())
        .select_from(LoadingCheckRow)
        .join(driver, driver.c.id == LoadingCheckRow.waybill_id)
        .where(LoadingCheckRow.facility_id == _FACILITY, LoadingCheckRow.waybill_id != _WAYBILL)
    )
    return select(
        _count(of_carrier).label("carrier_checks"),
        _refused(of_carrier).label("carrier_refused"),
        _count(own).label("own_checks"),
        _refused(own).label("own_refused"),
        visits.scalar_subquery().label("driver_visits"),
    )


def _waybills(whose: ColumnElement[bool], many: int) -> Subquery:
    return (
        select(WaybillRow.id)
        .where(whose, WaybillRow.status != WaybillStatus.DRAFT)
        .order_by(WaybillRow.id.desc())
        .limit(many)
        .subquery()
    )


def _count(checks: Subquery) -> ColumnElement[int]:
    return select(func.count()).select_from(checks).scalar_subquery()


def _refused(checks: Subquery) -> ColumnElement[int]:
    """Count checks that were refused, also those that were cured since."""
    once = (
        select(literal(1))
        .select_from(VerdictRow)
        .where(
            VerdictRow.waybill_id == checks.c.waybill_id,
            VerdictRow.check_id == checks.c.id,
            VerdictRow.phase == Phase.BEFORE_LOADING,
            VerdictRow.clears.is_(False),
        )
        .limit(1)
        .scalar_subquery()
    )
    # Not `EXISTS`: that may be planned as one reading of all verdicts, kept as a set.
    refused = or_(cast(checks.c.status, String) == CheckStatus.REFUSED.value, once.is_not(None))
    return select(func.count(case((refused, 1)))).select_from(checks).scalar_subquery()


def _tank() -> Select[*tuple[object, ...]]:
    return select(TankRow.compartments).where(TankRow.id == _TANK)


def _parts() -> list[Part[msgspec.Struct]]:
    return [
        # What was kept comes after what is active now, so that it is what holds.
        Part("item", PlantItemRecord, _active_items()),
        Part("kept_item", KeptItemRecord, _kept_items()),
        Part("tag", PresenceTagRecord, tags_at(_BAY)),
        Part("history", HistoryRecord, _history()),
        Part("tank", TankCompartmentsRecord, _tank()),
    ]


FOR_OPENING: Final = Batch(*_parts())
