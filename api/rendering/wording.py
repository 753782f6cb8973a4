"""Goods lines and figures in the wording of papers, for screens and print alike.

Source: Order 29 of 2019, art. 24 and JT/T 617.5 (Chinese line); ADR 2025, 5.4.1.1.1 (English line).
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.clock import SHANGHAI
from waybill.document import GoodsItem
from waybill.units import LITRES_PER_CUBIC_METRE, plain_decimal

ROMAN_ZH: Final = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ"}  # noqa: RUF001  numerals as Chinese papers print
MODES: Final = {
    "tank": ("罐装", "in tank"),
    "bulk": ("散装", "in bulk"),
    "packages": ("包件", "in packages"),
}


def goods_line_zh(item: GoodsItem) -> str:
    """Return UN number, name, class (subsidiary hazards) and packing group in Chinese."""
    name = f"{item.name_zh}（{item.technical_name}）" if item.technical_name else item.name_zh
    group = ROMAN_ZH.get(item.packing_group, "")
    parts = [f"UN {item.un_number} {name}", _hazards(item), f"包装类别{group}" if group else ""]
    return "，".join(part for part in parts if part)


def goods_line_en(item: GoodsItem, *, tunnel_restriction_code: str = "") -> str:
    """Return the same line as ADR words it; the tunnel code stands in brackets at its end."""
    technical = f" ({item.technical_name})" if item.technical_name else ""
    tunnel = f"({tunnel_restriction_code})" if tunnel_restriction_code else ""
    name = f"UN {item.un_number} {item.name_en}{technical}"
    return ", ".join(part for part in (name, _hazards(item), item.packing_group, tunnel) if part)


def packaging_words(item: GoodsItem) -> tuple[str, str]:
    """Return how the goods are carried, with the number of packages, in both languages."""
    zh, en = MODES[item.mode]
    if item.mode != "packages":
        where = "" if item.compartment is None else str(item.compartment)
        return (f"{zh} {where}仓" if where else zh, f"{en}, comp. {where}" if where else en)
    count = f" × {figure(Decimal(item.packages))}" if item.packages else ""
    return f"{item.packaging or zh}{count}", en


def quantity_words(item: GoodsItem) -> str:
    """Return the mass, and the volume where it is known: `28,500 kg / 38,000 L`."""
    mass = f"{figure(item.quantity_kg)} kg"
    return mass if item.quantity_l is None else f"{mass} / {figure(item.quantity_l)} L"


def figure(value: Decimal) -> str:
    """Return a figure with a comma before each three digits and no idle zeros."""
    return f"{plain_decimal(value):,f}"


def cubic_metres(capacity_l: Decimal) -> str:
    """Return litres as cubic metres."""
    return f"{figure(capacity_l / LITRES_PER_CUBIC_METRE)} m³"


def local_time(moment: datetime) -> str:
    """Return `2026-11-22 14:05` in Asia/Shanghai."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def spaced_plate(plate: str) -> str:
    """Return a plate as people read it: a dot behind province and letter."""
    return f"{plate[:2]}·{plate[2:]}" if len(plate) > 2 else plate  # noqa: PLR2004  they come first


def _hazards(item: GoodsItem) -> str:
    subsidiary = f" ({', '.join(item.subsidiary_hazards)})" if item.subsidiary_hazards else ""
    return item.hazard_class + subsidiary
