"""Transport categories: which goods belong to which, and how much of a load counts how far.

Source: ADR 2025, 1.1.3.6; the tables are `transport_categories` (multipliers) and
`transport_category_criteria` (what belongs where). China does not take over this relief as a
whole (JT/T 617.1): what a load may profit from is for a rule to say, not for this module.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Final, Literal, TypeAlias

from waybill.goods.entry import DangerousGoodsEntry, PackingGroup
from waybill.goods.tables import spelt_out, table

State: TypeAlias = Literal["solid", "liquid"]
QuantityUnit: TypeAlias = Literal["kg", "l", "kg_nem", "l_water"]
"""Of what the quantity is counted: kilograms, litres, kilograms of net explosive mass, or litres of
the water capacity of receptacles."""

POINTS_LIMIT: Final = Decimal(1000)
"""Up to this total, itself included, a load has the relief. Source: ADR 2025, 1.1.3.6.4."""

_NEVER: Final = "0"
_NOTE_A: Final = "1a"
_BY_PACKING_GROUP: Final[Mapping[PackingGroup | None, str]] = {
    PackingGroup.I: "1",
    PackingGroup.II: "2",
    PackingGroup.III: "3",
}
_AEROSOLS: Final = "5"

_GAS_UNITS: Final[Mapping[str, QuantityUnit]] = {
    "1": "l_water",
    "2": "kg",
    "3": "kg",
    "4": "kg",
    "5": "kg",
    "6": "kg",
    "8": "l_water",
    "9": "l_water",
}
"""By the first character of the classification code; samples of gases (7) are left open."""

_UNITS_BY_STATE: Final[Mapping[State, QuantityUnit]] = {"solid": "kg", "liquid": "l"}

_LIQUID: Final[Mapping[str, str]] = {
    "3": "D F1 F2 FC FT1 FT2 FTC",
    "4.2": "S1 S3 SC1 SC3 ST1 ST3",
    "4.3": "W1 WC1 WF1 WFC WT1",
    "5.1": "O1 OC1 OT1",
    "6.1": "T1 T4 T6 TC1 TC3 TF1 TF2 TFC TFW TO1 TW1",
    "8": "C1 C3 C5 C7 C9 CF1 CFT CO1 COT CS1 CT1 CW1",
}
"""Classification codes of liquids. Source: ADR 2025, the lists of codes in 2.2."""

_SOLID_OR_ARTICLE: Final[Mapping[str, str]] = {
    "3": "F3",
    "4.1": "D DT F1 F3 F4 FC1 FC2 FT1 FT2",
    "4.2": "S2 S4 S6 SC2 SC4 ST2",
    "4.3": "W2 W3 WC2 WF2 WS WT2",
    "5.1": "O2 O3 OC2 OT2",
    "6.1": "T2 T5 T7 T10 TC2 TC4 TF3 TO2 TS TW2",
    "8": "C2 C4 C6 C8 C10 C11 CF2 CO2 CS2 CT2 CW2",
    "9": "M4 M5",
}
"""Classification codes of solids and of articles, both counted in kg. Source: as above."""


def points(category: str, quantity: Decimal, *, un_number: str, edition: str) -> Decimal | None:
    """Return how much a quantity counts towards `POINTS_LIMIT`.

    Note a: blasting explosives and a few others of category 1 count 20 per unit, not 50.

    Source: ADR 2025, 1.1.3.6.3 note a, 1.1.3.6.4.

    Args:
        category: as in the list.
        quantity: in the unit that `quantity_unit` names.
        un_number: tells whether note a applies.
        edition: the edition of the list whose table is asked.

    Returns:
        `None` = never within the limit: category 0, and whatever is no category (`-`, empty, a
        reference to a special provision).
    """
    rows = {row["category"]: row for row in table(edition, "transport_categories")}
    if category in {_NEVER, _NOTE_A} or category not in rows:
        return None
    if category == "1" and un_number in rows[_NOTE_A]["un_numbers"].split():
        category = _NOTE_A
    return quantity * Decimal(rows[category]["multiplier"])


def total_points(parts: Iterable[Decimal | None]) -> Decimal | None:
    """Add up what `points` returned for each of the goods; `None` where one is never within."""
    total = Decimal(0)
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def quantity_unit(entry: DangerousGoodsEntry, *, state: State | None = None) -> QuantityUnit | None:
    """Return in what unit a quantity of goods is counted.

    The classification code tells articles, gases, and most liquids and solids. What is known of
    the goods as they are carried (molten, in solution) goes before it.

    Source: ADR 2025, 1.1.3.6.3.

    Returns:
        `None` where neither the code nor `state` tells a solid from a liquid.
    """
    code = entry.classification_code
    if entry.hazard_class == "1":
        return "kg_nem"
    if entry.hazard_class == "2":
        return _GAS_UNITS.get(code[:1])
    if state is not None:
        return _UNITS_BY_STATE[state]
    if code in _LIQUID.get(entry.hazard_class, "").split():
        return "l"
    return "kg" if code in _SOLID_OR_ARTICLE.get(entry.hazard_class, "").split() else None


def transport_category(entry: DangerousGoodsEntry, edition: str) -> str:
    """Return the transport category by the criteria of its table, not by the list's column.

    So two ways to one answer can be compared. What the table names by number goes first, then
    explosives and gases by their codes, then Class 4.2 packing group I (0), Class 6.1 packing
    group III (2), and what is left by its packing group.

    Source: ADR 2025, 1.1.3.6.3.

    Returns:
        "" where no criterion fits.
    """
    number = entry.un_number
    marks = {number, f"{number}/{entry.packing_group}"}
    if "MOLTEN" in entry.name_en.upper():
        marks.add(f"{number}/molten")
    wanted = [("un_number", mark) for mark in sorted(marks)]
    code = entry.classification_code
    if entry.hazard_class == "1":
        wanted.append(("explosive", code))
    elif entry.hazard_class == "2":
        wanted.append(("aerosol" if code[:1] == _AEROSOLS else "gas", code[1:]))
    criteria = _criteria(edition)
    named = next((criteria[want] for want in wanted if want in criteria), None)
    if named is not None:
        return named
    group = entry.packing_group
    if (entry.hazard_class, group) == ("4.2", PackingGroup.I):
        return _NEVER
    if (entry.hazard_class, group) == ("6.1", PackingGroup.III):
        return "2"
    return _BY_PACKING_GROUP.get(group, "")


@cache
def _criteria(edition: str) -> Mapping[tuple[str, str], str]:
    """Return the category by criterion and code, ranges of UN numbers spelt out."""
    return {
        (row["criterion"], code): row["category"]
        for row in table(edition, "transport_category_criteria")
        for code in spelt_out(row["codes"])
    }
