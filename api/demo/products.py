"""What the demonstration's goods are like when they are loaded.

Densities in kilograms per litre at 15 and 50 °C, temperature in °C: round figures of the trade.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from waybill.rules.facts import PhysicalState


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as a carrier's dispatcher knows it from the consignment list."""

    state: PhysicalState
    density_kg_l: Decimal | None = None
    density_50_kg_l: Decimal | None = None
    filling_temperature_c: Decimal | None = None


def _liquid(at_15: str, at_50: str, temperature: str = "18") -> Product:
    return Product(
        state=PhysicalState.LIQUID,
        density_kg_l=Decimal(at_15),
        density_50_kg_l=Decimal(at_50),
        filling_temperature_c=Decimal(temperature),
    )


PRODUCTS: Final[dict[str, Product]] = {
    "1203": _liquid("0.755", "0.7255"),
    "1230": _liquid("0.796", "0.764"),
    "1824-ii": _liquid("1.330", "1.311"),
    "1798": _liquid("1.200", "1.170"),
    "1593": _liquid("1.334", "1.270"),
    "1263-ii-7541": _liquid("1.100", "1.060"),
    "1017": Product(state=PhysicalState.GAS),
}
