"""Explosives: which of them may be loaded together, and how much of them one vehicle may carry.

Source: ADR 2025, 7.5.2.2 (compatibility groups), 7.5.5.2.1 and 7.5.5.2.2 (net explosive mass); the
tables are `explosives_compatibility` and `explosives_limits`.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from waybill.goods.tables import table

ExplosivesVehicle: TypeAlias = Literal["EX/II", "EX/III"]

_CODE: Final = re.compile(r"(?P<division>1\.[1-6])(?P<group>[A-HJ-LNS])")
_MOST_DANGEROUS_FIRST: Final = ("1.1", "1.5", "1.2", "1.3", "1.6", "1.4")
_COLUMN: Final = {"EX/II": "ex_ii_kg", "EX/III": "ex_iii_kg"}


class Together(StrEnum):
    """Whether two goods may be loaded on one vehicle or in one container."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def compatibility_group(classification_code: str) -> str | None:
    """Return the letter of `1.1D`; `None` for a code that is not one of Class 1."""
    found = _CODE.fullmatch(classification_code)
    return None if found is None else found["group"]


def division(classification_code: str) -> str | None:
    """Return the `1.1` of `1.1D`; `None` for a code that is not one of Class 1."""
    found = _CODE.fullmatch(classification_code)
    return None if found is None else found["division"]


def counts_towards_limit(classification_code: str) -> bool:
    """Whether the net mass of these explosives counts: that of group S never does.

    Source: ADR 2025, 7.5.5.2.2.
    """
    return compatibility_group(classification_code) != "S"


def may_load_explosives_together(
    code_a: str, code_b: str, edition: str, *, same_goods: bool
) -> tuple[Together, str]:
    """Say whether two explosives may be loaded together, and by which note of the table.

    Note 1, groups B and D: only apart, in compartments or a containment system that an authority
    has approved, so the answer is `UNKNOWN`. Note 2, different articles of 1.6N: together, but
    treated as Division 1.1 unless tests show that one does not set off the other. Note 3, group
    N with C, D or E: together, N treated as D. Note 4, group L: only with goods of the same type.

    Source: ADR 2025, 7.5.2.2.

    Args:
        code_a: classification code, such as `1.1D`.
        code_b: that of the other goods; the order does not matter.
        edition: the edition of the list whose table is asked.
        same_goods: whether both are of one type, not merely of one group.

    Returns:
        The second value is "" where no note decides, `1` to `4` for a note, `prohibited`, or
        `group_unknown` for a code that the table does not know (no code, group K).
    """
    rows = {row["group"]: row for row in table(edition, "explosives_compatibility")}
    group_a, group_b = compatibility_group(code_a) or "", compatibility_group(code_b) or ""
    if group_a not in rows or group_b not in rows:
        return Together.UNKNOWN, "group_unknown"
    cell = rows[group_a][group_b]
    if cell == "1":
        return Together.UNKNOWN, "1"
    if cell == "2":
        return Together.YES, "" if same_goods else "2"
    if cell == "2 3":
        return Together.YES, "3"
    if cell == "4":
        return (Together.YES if same_goods else Together.NO), "4"
    return (Together.YES, "") if cell else (Together.NO, "prohibited")


def effective_division(codes: Sequence[str]) -> str:
    """Return the division as which a whole load of explosives is treated.

    The most dangerous one, in the order 1.1, 1.5, 1.2, 1.3, 1.6, 1.4; 1.5D together with
    1.2 makes it 1.1. That different articles of 1.6N count as 1.1 (note 2 of 7.5.2.2) does not
    show in the codes: the caller knows it from `may_load_explosives_together`.

    Source: ADR 2025, 7.5.5.2.2.

    Raises:
        ValueError: there is no code, or one that is not of Class 1.
    """
    divisions = {division(code) for code in codes}
    if not divisions or None in divisions:
        raise ValueError(f"expected classification codes of explosives, not {tuple(codes)}")
    # All of group S is Division 1.4, the last in the order: it yields to any other by itself.
    if "1.2" in divisions and "1.5D" in codes:
        return "1.1"
    return next(found for found in _MOST_DANGEROUS_FIRST if found in divisions)


def net_explosive_limit_kg(
    codes: Sequence[str], vehicle: ExplosivesVehicle, edition: str
) -> Decimal | None:
    """Return the greatest net explosive mass of one transport unit in kg; `None` = no limit.

    A load of several divisions has the limit of its `effective_division`; one with any 1.1A has
    the lower limit of 1.1A. Group S has no limit, and its mass does not count beside others.

    Source: ADR 2025, 7.5.5.2.1, 7.5.5.2.2.

    Raises:
        ValueError: there is no code, or one that is not of Class 1.
    """
    goods = effective_division(codes)
    if "1.1A" in codes:
        goods = "1.1A"
    elif not any(counts_towards_limit(code) for code in codes):
        goods = "1.4S"
    limits = {row["goods"]: row[_COLUMN[vehicle]] for row in table(edition, "explosives_limits")}
    return None if limits[goods] == "unlimited" else Decimal(limits[goods])
