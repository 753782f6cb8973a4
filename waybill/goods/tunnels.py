"""Tunnels: through which categories goods with a tunnel restriction code may not pass.

Source: ADR 2025, 8.6.4 (codes) and 1.9.5.2.2 (what makes a category); the tables are
`tunnel_restrictions` and `tunnel_criteria`. Category A is open to all; a result such as `DE`
names the categories that are closed.
"""

from collections.abc import Iterable
from decimal import Decimal

from waybill.goods.tables import table

_ALL_CLOSED = "BCDE"


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
