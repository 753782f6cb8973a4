"""What the register remembers, so that a form need not ask it again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.registry.access import Actor
from waybill.rules.facts import CargoFacts
from waybill.services.cargo_facts import newest_cargoes
from waybill.services.registry.tanks import get_tank
from waybill.services.waybills.draft import Draft, DraftGoods
from waybill.storage.facts_history import ended_early, trips_of_number
from waybill.storage.records import LastTripRecord
from waybill.storage.waybills import WaybillGoodsRow, WaybillRow

OF_A_PRODUCT: Final = ("density_kg_l", "density_50_kg_l", "filling_temperature_c")
"""What is declared of a product and seldom changes from trip to trip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recollection:
    """What the carrier's newest waybill with a row of the list declared of the product."""

    issued_at: datetime
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class TankMemory:
    """What the register knows of a tank that a waybill's form would else ask.

    `compartments` are the numbers that goods are loaded into, 0 alone for an undivided shell.
    `largest_section_l` is the volume of the largest section between partitions or surge plates.
    """

    compartments: tuple[int, ...]
    largest_section_l: Decimal
    last_cargoes: tuple[CargoFacts, ...]


def last_declared(
    session: Session, actor: Actor, entry_keys: Collection[str]
) -> Mapping[str, Recollection]:
    """Return what was last declared of each row, by its key; rows never issued are left out."""
    found = {key: _last_declared(session, actor, key) for key in set(entry_keys)}
    return {key: recalled for key, recalled in found.items() if recalled is not None}


def _last_declared(session: Session, actor: Actor, entry_key: str) -> Recollection | None:
    newest = session.execute(
        select(WaybillRow.issued_at, WaybillRow.draft)
        .join(WaybillGoodsRow, WaybillGoodsRow.waybill_id == WaybillRow.id)
        .where(
            WaybillRow.carrier_id == actor.organisation_id,
            WaybillRow.issued_at.is_not(None),
            WaybillGoodsRow.entry_key == entry_key,
        )
        .order_by(WaybillRow.issued_at.desc(), WaybillRow.id.desc())
        .limit(1)
    ).first()
    if newest is None or newest.issued_at is None:
        return None
    line = next(g for g in Draft.from_json(newest.draft).goods if g.entry_key == entry_key)
    values = _of_the_product(line)
    return Recollection(issued_at=newest.issued_at, values=values) if values else None


def _of_the_product(line: DraftGoods) -> Mapping[str, Decimal]:
    declared: dict[str, Decimal | None] = {name: getattr(line, name) for name in OF_A_PRODUCT}
    return {name: value for name, value in declared.items() if value is not None}


def tank_memory(session: Session, actor: Actor, tank_id: UUID) -> TankMemory:
    """Return what the register knows of a tank of one's own.

    Raises:
        NotFoundError: there is none, or it is another carrier's.
    """
    tank = get_tank(session, actor, tank_id)
    divided = len(tank.compartments) > 1
    sections = [part.largest_section_l or part.capacity_l for part in tank.compartments]
    return TankMemory(
        compartments=tuple(part.number for part in tank.compartments) if divided else (0,),
        largest_section_l=max(sections, default=tank.capacity_l),
        last_cargoes=newest_cargoes(_last_trips(session, tank.number), divided=divided),
    )


def _last_trips(session: Session, tank_number: str) -> list[LastTripRecord]:
    """Return what was last in a tank, released or not, under whichever record of its number."""
    released = session.execute(trips_of_number(tank_number))
    rows = [*released, *session.execute(ended_early(tank_number))]
    return [LastTripRecord(released_at=row.released_at, draft=row.draft) for row in rows]
