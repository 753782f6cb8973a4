"""Trips that nobody has planned: what is on record, judged with the goods it is there for."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.goods.catalogue import GoodsList
from waybill.goods.entry import DangerousGoodsEntry
from waybill.registry.kinds import PlateColour, RecordStatus, SubjectKind, UnitKind
from waybill.rules.facts import (
    CarriageMode,
    Facts,
    SubstanceFacts,
    TankFacts,
    UnitFacts,
    WaybillFacts,
)
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.dossier import Dossier
from waybill.services.facts import party_facts, tank_facts, unit_facts
from waybill.services.goods_facts import goods_line
from waybill.services.waybills.draft import DraftGoods
from waybill.storage.facts_query import OF_VALUES, waybill_values
from waybill.storage.registry import TankRow, VehicleRow
from waybill.storage.waybills import WaybillRow

ROWS_AT_ONCE: Final = 200
PROBED_KG: Final = Decimal(1000)
"""Of how much a probe is made; no law is about so little being too much."""

RowT = TypeVar("RowT", TankRow, VehicleRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody or something on record, by what people know it by."""

    kind: SubjectKind
    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A made-up trip: a tank with one of the goods it is approved for, or a unit alone.

    `entry_key` is the goods' row, empty without goods. `named` are who is on the trip.
    """

    facts: Facts
    entry_key: str
    named: tuple[Named, ...]


def tank_probes(session: Session, goods_list: GoodsList, *, clock: Clock) -> Iterator[Probe]:
    """Give a probe for each substance of each tank in use, with the unit that bears the tank."""
    for row in _each(session, TankRow):
        unit = session.get(VehicleRow, row.mounted_on_id) if row.mounted_on_id else None
        dossier = _dossier(session, row.organisation_id, unit, row, clock)
        tank = tank_facts(dossier)
        for entry, substance in _approved(tank, goods_list) if tank else ():
            yield _probe(dossier, unit, tank, (entry, substance), goods_list)


def unit_probes(session: Session, *, clock: Clock) -> Iterator[Probe]:
    """Give a probe for each unit in use, without goods."""
    for row in _each(session, VehicleRow):
        dossier = _dossier(session, row.organisation_id, row, None, clock)
        yield _probe(dossier, row, None, None, None)


def _each(session: Session, table: type[RowT]) -> Iterator[RowT]:
    """Give the rows in use of a table, read page by page."""
    last: UUID | None = None
    while True:
        statement = select(table).where(table.status != RecordStatus.RETIRED)
        if last is not None:
            statement = statement.where(table.id > last)
        rows = session.scalars(statement.order_by(table.id).limit(ROWS_AT_ONCE)).all()
        yield from rows
        if len(rows) < ROWS_AT_ONCE:
            return
        last = rows[-1].id


def _dossier(
    session: Session, carrier_id: UUID, unit: VehicleRow | None, tank: TankRow | None, clock: Clock
) -> Dossier:
    """Gather what is on record of a trip that is nowhere stored."""
    trailer = unit is not None and unit.kind is UnitKind.TRAILER
    with session.no_autoflush:
        row = WaybillRow(
            carrier_id=carrier_id,
            created_at=clock.now(),
            draft={},
            vehicle_id=unit.id if unit and not trailer else None,
            trailer_id=unit.id if unit and trailer else None,
            tank_id=tank.id if tank else None,
        )
    row.version = 1
    values = waybill_values(row) | {"actor_id": None, "supervisor_reference": ""}
    return Dossier(OF_VALUES.read(session, values))


def _approved(
    tank: TankFacts, goods_list: GoodsList
) -> Iterator[tuple[DangerousGoodsEntry, SubstanceFacts]]:
    """Give the rows of the list that a tank's papers may mean, each once."""
    seen: set[str] = set()
    for substance in tank.approved_substances:
        for entry in goods_list.find(substance.un_number):
            group = entry.packing_group.value if entry.packing_group else ""
            meant = not substance.packing_groups or group in substance.packing_groups
            if meant and entry.key not in seen:
                seen.add(entry.key)
                yield entry, substance


def _probe(
    dossier: Dossier,
    unit: VehicleRow | None,
    tank: TankFacts | None,
    goods: tuple[DangerousGoodsEntry, SubstanceFacts] | None,
    goods_list: GoodsList | None,
) -> Probe:
    row = dossier.waybill
    tractor, trailer = unit_facts(dossier, row.vehicle_id), unit_facts(dossier, row.trailer_id)
    return Probe(
        facts=Facts(
            waybill=_waybill(row.carrier_id, tractor, trailer, tank),
            carrier=party_facts(dossier, row.carrier_id),
            tractor=tractor,
            trailer=trailer,
            tank=tank,
            driver=None,
            escort=None,
            supervisor=None,
            goods=(goods_line(1, _line(*goods), goods_list),) if goods and goods_list else (),
        ),
        entry_key=goods[0].key if goods else "",
        named=tuple(_named(dossier, unit, tank)),
    )


def _named(dossier: Dossier, unit: VehicleRow | None, tank: TankFacts | None) -> Iterator[Named]:
    carrier = dossier.organisation(dossier.waybill.carrier_id)
    if carrier is not None:
        yield Named(kind=SubjectKind.ORGANISATION, id=carrier.id, name=carrier.name)
    if unit is not None:
        yield Named(kind=SubjectKind.VEHICLE, id=unit.id, name=unit.plate)
    if tank is not None:
        yield Named(kind=SubjectKind.TANK, id=UUID(tank.id), name=tank.number)


def _line(entry: DangerousGoodsEntry, substance: SubstanceFacts) -> DraftGoods:
    return DraftGoods(
        entry_key=entry.key,
        quantity_kg=PROBED_KG,
        mode=CarriageMode.TANK,
        compartment=substance.compartment,
        technical_name=substance.technical_name,
        concentration=substance.max_concentration,
    )


def _waybill(
    carrier_id: UUID,
    tractor: UnitFacts | None,
    trailer: UnitFacts | None,
    tank: TankFacts | None,
) -> WaybillFacts:
    return WaybillFacts(
        id="",
        status=WaybillStatus.ISSUED,
        revision=1,
        number=None,
        carrier_id=str(carrier_id),
        loader_uscc="",
        facility_id="",
        planned_loading_at=None,
        valid_from=None,
        valid_until=None,
        vehicle_plate=tractor.plate if tractor else "",
        vehicle_plate_colour=tractor.plate_colour if tractor else PlateColour.YELLOW,
        trailer_plate=trailer.plate if trailer else None,
        trailer_plate_colour=trailer.plate_colour if trailer else None,
        tank_number=tank.number if tank else None,
        driver_reference="",
        escort_reference="",
        signature_verified=False,
        redeemed=False,
    )
