"""What anybody at an accident may know about a UN number: no account, no commercial data.

The measures are our own words by class and division, general and confirmed by nobody: every page
that shows them says so. The number of the emergency guide leads to what experts wrote.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from waybill.goods.catalogue import DATA, GoodsList
from waybill.goods.entry import DangerousGoodsEntry

MEASURES_FILE: Final = "emergency_measures_2026.csv"
MEASURES_PER_HAZARD: Final = 3
WATER_FORBIDDEN_MARK: Final = "X"
"""Before a hazard identification number: reacts dangerously with water (ADR 2025, 5.3.2.3.2)."""
WATER_REACTIVE: Final = "4.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One first measure, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyCard:
    """One UN number with everything its rows have in common or differ in, in the list's order.

    `names` are pairs of Chinese and English. `no_water`: some row reacts dangerously with water.
    `entries` are never empty.
    """

    un_number: str
    edition: str
    entries: tuple[DangerousGoodsEntry, ...]
    names: tuple[tuple[str, str], ...]
    hazards: tuple[str, ...]
    hazard_identification_numbers: tuple[str, ...]
    guides: tuple[str, ...]
    measures: tuple[Measure, ...]
    no_water: bool


def find_emergency_card(un_number: str, goods_list: GoodsList) -> EmergencyCard | None:
    """Return what is known of a UN number, `None` where the list does not have it."""
    entries = goods_list.find(un_number)
    if not entries:
        return None
    numbers = _distinct(entry.hazard_identification_number for entry in entries)
    hazards = _distinct(hazard for entry in entries for hazard in entry.all_hazards)
    return EmergencyCard(
        un_number=un_number,
        edition=goods_list.edition.name,
        entries=entries,
        names=tuple(dict.fromkeys((entry.name_zh, entry.name_en_un) for entry in entries)),
        hazards=hazards,
        hazard_identification_numbers=numbers,
        guides=_distinct(entry.emergency_guide for entry in entries),
        measures=first_measures(entries[0]),
        no_water=WATER_REACTIVE in hazards
        or any(number.startswith(WATER_FORBIDDEN_MARK) for number in numbers),
    )


def first_measures(entry: DangerousGoodsEntry) -> tuple[Measure, ...]:
    """Return the three first measures for the main hazard of a row."""
    return measures()[_measure_key(entry)]


@cache
def measures() -> Mapping[str, tuple[Measure, ...]]:
    """Return the measures of each class or division, three each.

    Raises:
        ValueError: the file does not have exactly three of each.
    """
    found: dict[str, list[Measure]] = {}
    with (DATA / MEASURES_FILE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["hazard"], []).append(Measure(zh=row["zh"], en=row["en"]))
    if any(len(each) != MEASURES_PER_HAZARD for each in found.values()):
        raise ValueError(f"{MEASURES_FILE} must have three measures for each hazard")
    return {hazard: tuple(each) for hazard, each in found.items()}


def _measure_key(entry: DangerousGoodsEntry) -> str:
    return entry.division if entry.division in measures() else entry.hazard_class


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
