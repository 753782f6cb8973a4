"""What a report counts: its sections, and how a figure is written. A change is a new version.

Version 1: every event of the kinds in `waybill.services.statistics.tally.ACTS` that was recorded
within the period (Asia/Shanghai) and whose entry lies before `size` is counted once under each
combination of the section's keys; by hazard class and by rule, once under each of its classes or
rules. Masses are kilograms, summed; by hazard class those of the class's goods lines; by rule none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from waybill.codec import JsonValue
from waybill.services.statistics.dimensions import EVERYTHING, Dimension, Where
from waybill.storage.tally import TallyAct
from waybill.units import plain_decimal

DEFINITION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of figures: by what is counted, and of which tallies."""

    name: str
    by: tuple[Dimension, ...]
    where: Where = EVERYTHING


SECTIONS: Final = (
    Section(name="acts", by=(Dimension.ACT, Dimension.OUTCOME)),
    Section(name="months", by=(Dimension.MONTH, Dimension.ACT, Dimension.OUTCOME)),
    Section(name="districts", by=(Dimension.DISTRICT, Dimension.ACT, Dimension.OUTCOME)),
    Section(name="carriers", by=(Dimension.CARRIER, Dimension.ACT, Dimension.OUTCOME)),
    Section(name="classes", by=(Dimension.HAZARD_CLASS, Dimension.ACT, Dimension.OUTCOME)),
    Section(
        name="rules",
        by=(Dimension.RULE, Dimension.RULE_OUTCOME),
        where=Where(act=TallyAct.CHECK),
    ),
)

Figure = tuple[tuple[str | None, ...], int, str | None, str | None]
"""Keys as text, how many, planned and loaded kilograms as decimal text."""


def key_text(key: object) -> str | None:
    """Return a key as a report writes it.

    Raises:
        TypeError: a report has no keys of this type.
    """
    if key is None:
        return None
    if isinstance(key, StrEnum):
        return str(key.value)
    if isinstance(key, date | UUID | str):
        return str(key)
    raise TypeError(f"a report has no key of type {type(key).__name__}")


def mass_text(mass: Decimal | None) -> str | None:
    """Return a mass as a report writes it: plain decimal text without needless zeros."""
    return None if mass is None else str(plain_decimal(mass))


def key_order(keys: tuple[str | None, ...]) -> list[tuple[bool, str]]:
    """Return by what figures are sorted: their keys as text, those that are not known last."""
    return [(key is None, key or "") for key in keys]


def section_json(figures: Sequence[Figure]) -> list[JsonValue]:
    """Return figures as they stand in a report, in the one order: by their keys."""
    ordered = sorted(figures, key=lambda figure: key_order(figure[0]))
    return [
        {"keys": list(keys), "count": count, "planned_kg": planned, "loaded_kg": loaded}
        for keys, count, planned, loaded in ordered
    ]


def counted_by(section: Section) -> Mapping[str, JsonValue]:
    """Return how a report names what a section is counted by."""
    act = section.where.act
    return {
        "name": section.name,
        "by": [dimension.value for dimension in section.by],
        "act": None if act is None else act.value,
    }
