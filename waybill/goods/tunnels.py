"""Tunnels: through which categories goods with a tunnel restriction code may not pass.

Source: ADR 2025, 8.6.4 (codes) and 1.9.5.2.2 (what makes a category); the tables are
`tunnel_restrictions` and `tunnel_criteria`. Category A is open to all; a result such as `DE`
names the categories that are closed.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final

from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.tables import Row, spelt_out, table

_ALL_CLOSED: Final = "BCDE"
_MILDEST: Final = "E"
_BY_MASS: Final = {"above_1000_kg": "1000", "above_5000_kg": "5000"}


def closed_tunnel_categories(
    code: str,
    *,
    in_tank: bool,
    in_bulk: bool,
    net_explosive_mass_kg: Decimal | None,
    edition: str,
) -> str | None:
    """Return the tunnel categories that are closed to goods with a tunnel restriction code.

    Args:
        code: as in the list, without brackets: `D/E`, `B1000C`, `-`.
        in_tank: whether the goods are carried in a tank.
        in_bulk: whether they are carried in bulk.
        net_explosive_mass_kg: of the whole transport unit; `None` = not known.
        edition: the edition of the list whose table is asked.

    Returns:
        `BCDE`, `CDE`, `DE`, `E` or "" (none is closed). `None` where it cannot be said: an unknown
        or empty code, or a code that asks for a mass which is not known.
    """
    for row in table(edition, "tunnel_restrictions"):
        if row["code"] == code:
            if row["mass_limit_kg"]:
                if net_explosive_mass_kg is None:
                    return None
                if net_explosive_mass_kg > Decimal(row["mass_limit_kg"]):
                    return row["above_mass_limit"]
            return row["tank" if in_tank else "bulk" if in_bulk else "packages"]
    return None


def most_restrictive(closed: Iterable[str | None]) -> str | None:
    """Return the tunnel categories closed to a whole load, from those closed to each of its goods.

    Codes alone cannot be ranked: `B/E` is stricter than `C` in a tank and milder in packages. So
    this takes what `closed_tunnel_categories` returned for each. An empty load closes none.

    Source: ADR 2025, 8.6.3.2.

    Returns:
        `None` where one of the goods cannot be said and the others leave a tunnel open.
    """
    found = set(closed)
    if _ALL_CLOSED in found:
        return _ALL_CLOSED
    if None in found:
        return None
    return max((one for one in found if one is not None), key=len, default="")


def expected_tunnel_code(entry: DangerousGoodsEntry, edition: str) -> str:
    """Return the tunnel restriction code by the criteria, not by the list's column.

    So two ways to one answer can be compared. What holds for tanks or for bulk counts only where
    the list lets the goods be carried so. Goods that the list exempts (`-`) get a code here:
    the exemption is the list's own, there is no criterion for it.

    Source: ADR 2025, 1.9.5.2.2.
    """
    packed = _strictest(entry, {"any"}, edition)
    for carriage, kg in _BY_MASS.items():
        heavy = _strictest(entry, {carriage}, edition)
        if heavy < packed:
            return f"{heavy}{kg}{packed}"
    ways = {"any"}
    if entry.tank_codes or entry.portable_tank_instruction or entry.megc:
        ways |= {"tank", "tank_or_bulk"}
    elif entry.vc_bulk or entry.bulk_container:
        ways.add("tank_or_bulk")
    unpacked = _strictest(entry, ways, edition)
    return packed if unpacked == packed else f"{unpacked}/{packed}"


def _strictest(entry: DangerousGoodsEntry, carriage: Collection[str], edition: str) -> str:
    """Return the first category in the alphabet that the goods belong to, carried one of ways."""
    rows = (row for row in table(edition, "tunnel_criteria") if row["carriage"] in carriage)
    return min((row["category"] for row in rows if _fits(entry, row)), default=_MILDEST)


def _fits(entry: DangerousGoodsEntry, row: Row) -> bool:
    """Whether goods meet a criterion; an empty cell asks for nothing."""
    patterns, numbers = row["codes"].split(), spelt_out(row["un_numbers"])
    provision = row["special_provision"]
    return (
        row["hazard_class"] == entry.hazard_class
        and row["packing_group"] in {"", entry.packing_group}
        and (not numbers or entry.un_number in numbers)
        and (not provision or provision in entry.special_provisions_adr)
        and (not patterns or any(fnmatchcase(entry.classification_code, p) for p in patterns))
    )
