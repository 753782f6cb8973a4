"""The tank codes of the list against the groups of substances they come from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from waybill.goods.catalogue import load
from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.tank_hierarchy import rational_tank_code

EDITION = "2025"
ENTRIES = load(EDITION).entries
OUTSIDE: Final = frozenset({"1", "2", "5.2", "7"})
"""Classes that the approach does not treat."""

EXCEPTIONS: Final[Mapping[str, str]] = {
    "1202-iii-bec6": "LGBV",
    "1463": "SGAN",
    "1733": "L4BN SGAN",
    "1792": "SGAN L4BN",
    "1847": "L4BN SGAN",
    "1849": "L4BN SGAN",
    "2210": "SGAN",
    "2583": "SGAN L4BN",
    "2813-i": "S10AN L10DH",
    "2949": "L4BN SGAN",
    "3077": "SGAV LGBV",
    "3086-i": "S10AH L10CH",
    "3088-ii": "SGAV",
    "3125-i": "S10AH L10CH",
    "3131-i": "S10AN L10DH",
    "3132-ii": "SGAN L4DH",
    "3132-iii": "SGAN L4DH",
    "3135-ii": "SGAN L4DH",
    "3135-iii": "SGAN L4DH",
    "3262-i": "S10AN L10BH",
    "3262-ii": "L4BN SGAN",
    "3262-iii": "L4BN SGAV",
    "3291-a75a": "L4BH S4AH",
    "3313-ii": "SGAV",
    "3341-ii": "SGAV",
    "3342-ii": "SGAV",
    "3391": "L21DH",
    "3392": "L21DH",
    "3395-i": "S10AN L10DH",
    "3395-ii": "SGAN L4DH",
    "3395-iii": "SGAN L4DH",
    "3396-i": "S10AN L10DH",
    "3396-ii": "SGAN L4DH",
    "3396-iii": "SGAN L4DH",
    "3397-i": "S10AN L10DH",
    "3397-ii": "SGAN L4DH",
    "3397-iii": "SGAN L4DH",
    "3400-ii": "SGAN L4BN",
    "3400-iii": "SGAN L4BN",
    "3453": "SGAV L4BN",
    "3456": "SGAN L4BN",
    "3484": "L10BH",
}
"""Rows whose code the groups do not give, and what the list says."""


def compare(entry: DangerousGoodsEntry) -> str:
    """Return how a row stands to the groups."""
    if not entry.tank_codes:
        return "no tank"
    if entry.hazard_class in OUTSIDE:
        return "outside"
    if "(+)" in entry.tank_code:
        return "marked"
    agrees = set(entry.tank_codes) <= set(rational_tank_code(entry, EDITION) or ())
    return "agrees" if agrees else "exception"


def test_the_list_agrees_with_the_groups_but_for_named_rows() -> None:
    assert Counter(map(compare, ENTRIES)) == {
        "agrees": 1898,
        "exception": 42,
        "marked": 42,
        "no tank": 778,
        "outside": 179,
    }


def test_the_exceptions_are_these_and_no_other() -> None:
    found = {entry.key: entry.tank_code for entry in ENTRIES if compare(entry) == "exception"}

    assert found == EXCEPTIONS
    assert len({key[:4] for key in found}) == 31


def get(un_number: str, *, group: str | None = None) -> DangerousGoodsEntry:
    return next(e for e in load(EDITION).find(un_number) if group in {None, e.packing_group})


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (get("1203"), ("LGBF", "L1.5BN")),
        (get("1230"), ("L4BH",)),
        (get("1830"), ("L4BN",)),
        (get("1689"), ("L10CH", "S10AH")),
        (get("2014"), None),
        (replace(get("1203"), special_provisions_adr=("640C",)), ("L1.5BN",)),
        (replace(get("1203"), special_provisions_adr=("640D",)), ("LGBF",)),
        (get("1993", group="I"), ("L4BN",)),
        (replace(get("1203"), packing_group=None), None),
        (replace(get("1203"), hazard_class="8"), None),
        (replace(get("1203"), classification_code="XX"), None),
        (replace(get("1830"), classification_code="C1/C3"), ("L4BN",)),
    ],
)
def test_a_row_has_the_codes_of_its_groups(
    entry: DangerousGoodsEntry, expected: tuple[str, ...] | None
) -> None:
    assert rational_tank_code(entry, EDITION) == expected
