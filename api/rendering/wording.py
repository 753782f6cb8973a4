"""Goods lines and figures of a signed waybill in the wording of papers, for screens and print.

What the goods are is worded by `waybill.goods.wording`; here it gets what the waybill says.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.clock import SHANGHAI
from waybill.document import GoodsItem
from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.shipping_name import shipping_names
from waybill.goods.wording import (
    Containment,
    GoodsDescription,
    Quantities,
    describe,
    figure,
    packages_words,
)
from waybill.registry.kinds import TankKind
from waybill.rules.facts import CarriageMode, Regime
from waybill.units import LITRES_PER_CUBIC_METRE

MODES: Final[Mapping[str, tuple[str, str]]] = {
    CarriageMode.TANK: ("罐装", "in tank"),
    CarriageMode.BULK: ("散装", "in bulk"),
    CarriageMode.PACKAGES: ("包件", "in packages"),
}
_CONTAINMENTS: Final[Mapping[str, Containment]] = {
    CarriageMode.TANK: Containment.TANK_VEHICLE,
    CarriageMode.BULK: Containment.VEHICLE,
    CarriageMode.PACKAGES: Containment.PACKAGING,
}
_REGIMES: Final[Mapping[str, Quantities]] = {
    Regime.ORDINARY: Quantities.ORDINARY,
    Regime.LIMITED: Quantities.LIMITED,
    Regime.EXCEPTED: Quantities.EXCEPTED,
}
_TANKS: Final[Mapping[TankKind, Containment]] = {
    TankKind.ATMOSPHERIC_TANK: Containment.TANK_VEHICLE,
    TankKind.MOBILE_PRESSURE_VESSEL: Containment.TANK_VEHICLE,
    TankKind.PORTABLE_TANK: Containment.PORTABLE_TANK,
    TankKind.TANK_CONTAINER: Containment.TANK_CONTAINER,
}


def describe_item(
    item: GoodsItem,
    entry: DangerousGoodsEntry,
    tank_kind: TankKind | None,
) -> GoodsDescription:
    """Return what a signed goods line is described from.

    What was signed goes before what the list says; the list adds what the signature leaves out:
    tunnel restriction code and whether a technical name is asked.

    Args:
        item: the goods line.
        entry: its row in the edition that the waybill was signed under.
        tank_kind: the kind of the waybill's tank, `None` without one.
    """
    return replace(
        describe(entry),
        un_number=item.un_number,
        name_zh=item.name_zh,
        name_en=shipping_names(item.name_en)[0],
        hazard=item.hazard_class,
        subsidiary_hazards=item.subsidiary_hazards,
        packing_group=item.packing_group,
        technical_name=item.technical_name,
        containment=_containment(item.mode, tank_kind),
        quantities=_REGIMES[item.regime],
        waste=item.waste,
        empty_uncleaned=item.empty_uncleaned,
        packaging=item.packaging,
        packages=item.packages,
        quantity_kg=item.quantity_kg,
        quantity_l=item.quantity_l,
        compartment=item.compartment,
    )


def _containment(mode: str, tank_kind: TankKind | None) -> Containment:
    if mode == CarriageMode.TANK and tank_kind is not None:
        return _TANKS[tank_kind]
    return _CONTAINMENTS[mode]


def packaging_words(goods: GoodsDescription, mode: str) -> tuple[str, str]:
    """Return how the goods are carried, with compartment or packages, in both languages."""
    zh, en = MODES[mode]
    if mode == CarriageMode.PACKAGES:
        return packages_words(goods, unnamed=zh) or zh, en
    if goods.compartment is None:
        return zh, en
    return f"{zh}，{goods.compartment} 号仓", f"{en}, compartment {goods.compartment}"


def cubic_metres(capacity_l: Decimal) -> str:
    """Return litres as cubic metres."""
    return f"{figure(capacity_l / LITRES_PER_CUBIC_METRE)} m³"


def local_time(moment: datetime) -> str:
    """Return `2026-11-22 14:05` in Asia/Shanghai."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def spaced_plate(plate: str) -> str:
    """Return a plate as people read it: a dot behind province and letter."""
    return f"{plate[:2]}·{plate[2:]}" if len(plate) > 2 else plate  # noqa: PLR2004  they come first
