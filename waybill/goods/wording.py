"""A goods line in the words of a transport document, in English and in Chinese.

The English line follows ADR; it goes on a paper of either language because carriers and experts
know it. The Chinese line follows JT/T 617.5 as the trade prints it. Its words for waste, empty and
uncleaned, hot and environmentally hazardous were not read in the standard itself: unconfirmed.

Source: ADR 2025, 5.4.1.1.1 (a) to (f) and (k), 5.4.1.1.3, 5.4.1.1.6, 5.4.1.1.14, 5.4.1.1.18;
Order 29 of 2019, art. 24; JT/T 617.5-2018 (believed, not confirmed).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.shipping_name import shipping_names
from waybill.units import plain_decimal

ROMAN_ZH: Final[Mapping[str, str]] = {
    "I": "\u2160",
    "II": "\u2161",
    "III": "\u2162",
}
"""Packing groups as Chinese papers print them: one character each."""

_HAZARD: Final = re.compile(r"[1-9](\.[1-6])?")
_NO_TUNNEL_CODE: Final = frozenset({"", "-"})
_POLLUTANTS: Final = frozenset({"3077", "3082"})
_WASTE_EN: Final = re.compile(r"\bWASTE\b", re.IGNORECASE)
_WASTE_ZH: Final = "废"
_HOT_EN: Final = re.compile(r"\b(?:MOLTEN|ELEVATED TEMPERATURE|HOT)\b", re.IGNORECASE)
_HOT_ZH: Final = re.compile("熔融|高温|热的")
_CONTAINING_ZH: Final = re.compile("^(?:含有|含)")


class Quantities(StrEnum):
    """Under which regime of quantities the goods go (ADR 3.4, 3.5; Order 29 of 2019, ch. 3)."""

    ORDINARY = "ordinary"
    LIMITED = "limited"
    EXCEPTED = "excepted"


class Containment(StrEnum):
    """What holds the goods, as far as an empty one is worded apart (ADR 5.4.1.1.6.2)."""

    TANK_VEHICLE = "tank_vehicle"
    DEMOUNTABLE_TANK = "demountable_tank"
    TANK_CONTAINER = "tank_container"
    PORTABLE_TANK = "portable_tank"
    VEHICLE = "vehicle"
    CONTAINER = "container"
    PACKAGING = "packaging"
    IBC = "ibc"
    LARGE_PACKAGING = "large_packaging"
    RECEPTACLE = "receptacle"


_EMPTY: Final[Mapping[Containment, tuple[str, str]]] = {
    Containment.TANK_VEHICLE: ("空罐车", "EMPTY TANK-VEHICLE"),
    Containment.DEMOUNTABLE_TANK: ("空可拆卸罐体", "EMPTY DEMOUNTABLE TANK"),
    Containment.TANK_CONTAINER: ("空罐式集装箱", "EMPTY TANK-CONTAINER"),
    Containment.PORTABLE_TANK: ("空可移动罐柜", "EMPTY PORTABLE TANK"),
    Containment.VEHICLE: ("空车辆", "EMPTY VEHICLE"),
    Containment.CONTAINER: ("空集装箱", "EMPTY CONTAINER"),
    Containment.PACKAGING: ("空包装", "EMPTY PACKAGING"),
    Containment.IBC: ("空中型散装容器", "EMPTY IBC"),
    Containment.LARGE_PACKAGING: ("空大型包装", "EMPTY LARGE PACKAGING"),
    Containment.RECEPTACLE: ("空容器", "EMPTY RECEPTACLE"),
}
_SMALL_EMPTIES: Final = frozenset(
    {
        Containment.PACKAGING,
        Containment.IBC,
        Containment.LARGE_PACKAGING,
        Containment.RECEPTACLE,
    }
)
"""Up to 1000 litres: an empty one needs nothing but its words and the hazards."""

_REGIMES: Final[Mapping[Quantities, tuple[str, str]]] = {
    Quantities.ORDINARY: ("", ""),
    Quantities.LIMITED: ("有限数量", "LIMITED QUANTITY"),
    Quantities.EXCEPTED: ("例外数量", "DANGEROUS GOODS IN EXCEPTED QUANTITIES"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsDescription:
    """What a goods line is described from.

    `name_en` is one proper shipping name in capitals, `name_zh` the Chinese name as the list
    prints it, alternatives and all: its "或" joins names and mere words alike. `hazard` is what
    papers show first: the class, the division, or for explosives the classification code
    (`1.1D`). `quantity_kg` and `quantity_l` are of this line, `compartment` is its compartment of
    the tank. An empty text or `None` says that there is nothing to be written.
    """

    un_number: str
    name_zh: str
    name_en: str
    hazard: str
    subsidiary_hazards: tuple[str, ...] = ()
    packing_group: str = ""
    tunnel_restriction_code: str = ""
    technical_name: str = ""
    needs_technical_name: bool = False
    containment: Containment = Containment.TANK_VEHICLE
    quantities: Quantities = Quantities.ORDINARY
    waste: bool = False
    empty_uncleaned: bool = False
    hot: bool = False
    environmentally_hazardous: bool = False
    packaging: str = ""
    packages: int | None = None
    quantity_kg: Decimal | None = None
    quantity_l: Decimal | None = None
    compartment: int | None = None

    @property
    def lacks_technical_name(self) -> bool:
        """Whether the description is not complete: special provision 274 or 318 asks for more."""
        return self.needs_technical_name and not self.technical_name

    @property
    def hazards(self) -> str:
        """The class or division, subsidiary hazards in brackets behind it: `6.1 (3, 8)`.

        The list writes "see 5.2.2.1.12" where an article's content decides; that is no hazard.
        """
        also = [hazard for hazard in self.subsidiary_hazards if _HAZARD.fullmatch(hazard)]
        return f"{self.hazard} ({', '.join(also)})" if also else self.hazard


def describe(entry: DangerousGoodsEntry, *, alternative: int = 0) -> GoodsDescription:
    """Return the description of a row; `dataclasses.replace` adds what is carried of it.

    Args:
        entry: the row of the list.
        alternative: which of the row's English names is meant, in the order of the list.

    Raises:
        IndexError: the row has fewer names.
    """
    return GoodsDescription(
        un_number=entry.un_number,
        name_zh=entry.name_zh,
        name_en=shipping_names(entry.name_en)[alternative],
        hazard=entry.division or entry.hazard_class,
        subsidiary_hazards=entry.subsidiary_hazards,
        packing_group=entry.packing_group.value if entry.packing_group else "",
        tunnel_restriction_code=entry.tunnel_restriction_code,
        needs_technical_name=entry.needs_technical_name,
    )


def description_en(goods: GoodsDescription) -> str:
    """Return what the goods are, as ADR words it: `UN 1098 ALLYL ALCOHOL, 6.1 (3), I, (C/D)`."""
    empty = _EMPTY[goods.containment][1]
    if goods.empty_uncleaned and goods.containment in _SMALL_EMPTIES:
        return f"{empty}, {goods.hazards}"
    bare = goods.tunnel_restriction_code in _NO_TUNNEL_CODE
    polluting = goods.environmentally_hazardous and goods.un_number not in _POLLUTANTS
    parts = [
        f"UN {goods.un_number} {_name_en(goods)}",
        goods.hazards,
        goods.packing_group,
        "" if bare else f"({goods.tunnel_restriction_code})",
        "ENVIRONMENTALLY HAZARDOUS" if polluting else "",
        _REGIMES[goods.quantities][1],
    ]
    line = ", ".join(part for part in parts if part)
    return f"{empty}, LAST LOAD: {line}" if goods.empty_uncleaned else line


def description_zh(goods: GoodsDescription) -> str:
    """Return what the goods are, in Chinese: `UN 1098 烯丙醇，6.1(3)，包装类别Ⅰ`.

    Subsidiary hazards and technical name stand in half-width brackets, all else is full width.
    """
    empty = f"{_EMPTY[goods.containment][0]}，未清洁"
    hazards = goods.hazards.replace(" ", "").replace(",", "、")
    if goods.empty_uncleaned and goods.containment in _SMALL_EMPTIES:
        return f"{empty}，{hazards}"
    group = ROMAN_ZH.get(goods.packing_group, "")
    polluting = goods.environmentally_hazardous and goods.un_number not in _POLLUTANTS
    parts = [
        f"UN {goods.un_number} {_name_zh(goods)}",
        hazards,
        f"包装类别{group}" if group else "",
        "危害环境" if polluting else "",
        _REGIMES[goods.quantities][0],
    ]
    line = "，".join(part for part in parts if part)
    return f"{empty}，上次装载：{line}" if goods.empty_uncleaned else line


def goods_line_en(goods: GoodsDescription) -> str:
    """Return the whole line: compartment, what the goods are, packages and total quantity.

    `Compartment 1: UN 1203 MOTOR SPIRIT, 3, II, (D/E), 12,000 kg / 16,000 L`. An uncleaned empty
    holds no quantity.
    """
    where = "" if goods.compartment is None else f"Compartment {goods.compartment}: "
    return where + ", ".join((description_en(goods), *_amounts(goods, unnamed="packages")))


def goods_line_zh(goods: GoodsDescription) -> str:
    """Return the whole line in Chinese: `1 号仓：UN 1203 车用汽油或汽油，3，…，12,000 kg`."""
    where = "" if goods.compartment is None else f"{goods.compartment} 号仓："
    return where + "，".join((description_zh(goods), *_amounts(goods, unnamed="包件")))


def packages_words(goods: GoodsDescription, *, unnamed: str) -> str:
    """Return kind and number of the packages: `钢桶 1A1 × 80`; empty where neither is given.

    Args:
        goods: the goods line.
        unnamed: what packages are called whose kind is not given.
    """
    if goods.packages is None:
        return goods.packaging
    return f"{goods.packaging or unnamed} × {figure(Decimal(goods.packages))}"


def quantity_words(goods: GoodsDescription) -> str:
    """Return the mass, and the volume where it is known: `28,500 kg / 38,000 L`."""
    mass = "" if goods.quantity_kg is None else f"{figure(goods.quantity_kg)} kg"
    volume = "" if goods.quantity_l is None else f"{figure(goods.quantity_l)} L"
    return " / ".join(part for part in (mass, volume) if part)


def figure(value: Decimal) -> str:
    """Return a figure with a comma before each three digits and no idle zeros."""
    return f"{plain_decimal(value):,f}"


def _amounts(goods: GoodsDescription, *, unnamed: str) -> tuple[str, ...]:
    quantity = "" if goods.empty_uncleaned else quantity_words(goods)
    return tuple(words for words in (packages_words(goods, unnamed=unnamed), quantity) if words)


def _name_en(goods: GoodsDescription) -> str:
    hot = "HOT " if goods.hot and not _HOT_EN.search(goods.name_en) else ""
    waste = "WASTE " if goods.waste and not _WASTE_EN.search(goods.name_en) else ""
    technical = _CONTAINING_ZH.sub("", goods.technical_name)
    return f"{waste}{hot}{goods.name_en}" + (f" ({technical})" if technical else "")


def _name_zh(goods: GoodsDescription) -> str:
    hot = "高温" if goods.hot and not _HOT_ZH.search(goods.name_zh) else ""
    waste = "废弃物" if goods.waste and _WASTE_ZH not in goods.name_zh else ""
    technical = _CONTAINING_ZH.sub("", goods.technical_name)
    return f"{waste}{hot}{goods.name_zh}" + (f"(含有{technical})" if technical else "")
