"""Gases in tanks: the test pressure a tank must have, and how much of a gas may be filled.

Source: ADR 2025, 4.3.3.2.5 (tanks) and 4.2.5.2.6, T50 (portable tanks). Not read in the law's own
words; what was set right in the copied table is said in `data/README.md`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from waybill.goods.tables import Row, table

Filling: TypeAlias = tuple[Decimal | None, str]
"""The greatest mass in kg per litre, and a word that says how it was found or why it was not."""

BY_TABLE: Final = "by_table"
NOT_IN_TABLE: Final = "not_in_table"
SINGLE_FIGURE: Final = "single_figure"
STRICTEST_VARIANT: Final = "strictest_variant"
PRESSURE_UNKNOWN: Final = "pressure_unknown"
PRESSURE_TOO_LOW: Final = "pressure_too_low"
INSULATION_UNKNOWN: Final = "insulation_unknown"
VARIANT_UNKNOWN: Final = "variant_unknown"

CONDITION_WORDS: Final[Mapping[str, str]] = {
    "see 4.3.3.2.1": "by_pressure",
    "see 4.3.3.2.2 or 4.3.3.2.3": "by_calculation",
    "see 4.3.3.2.4": "by_degree_of_filling",
    "1.5 × filling pressure": "by_filling_pressure",
    "battery-vehicles/MEGC of receptacles only": "receptacles_only",
}
"""What the table says instead of a figure, and our word for it."""

_BAR_PER_MEGAPASCAL: Final = Decimal(10)
_GAS_CODE: Final = re.compile(r"(?P<group>[1-9])(?P<letters>A|O|F|T|C|CO|FC|TF|TC|TO|TFC|TOC)")


@dataclass(frozen=True, slots=True, kw_only=True)
class GasFilling:
    """One row of the table of gases: a test pressure and the filling it allows.

    `variant` names the mixture or isomer where one UN number has several; `other` is any that the
    table does not name. `None` for a pressure: the row is not for tanks of that kind.
    `max_kg_per_litre` is `None` where `condition` says something instead of a figure.
    """

    un_number: str
    classification_code: str
    variant: str
    min_test_pressure_insulated_bar: Decimal | None
    min_test_pressure_uninsulated_bar: Decimal | None
    max_kg_per_litre: Decimal | None
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableGas:
    """One row of T50: the working pressure a portable tank needs for a gas, and its filling.

    The four maximum allowable working pressures are for small, bare, sun-shielded and insulated
    tanks; all `None` where `mawp_condition` names the clause that decides, and single ones where
    the gas may not be carried in such a tank. `pressure_relief` is the clause of special relief
    devices, else empty. `condition` stands in place of `max_kg_per_litre`.
    """

    un_number: str
    mawp_small_bar: Decimal | None
    mawp_bare_bar: Decimal | None
    mawp_sunshield_bar: Decimal | None
    mawp_insulated_bar: Decimal | None
    mawp_condition: str
    openings_below_liquid_allowed: bool
    pressure_relief: str
    max_kg_per_litre: Decimal | None
    condition: str


def find_gas_fillings(un_number: str, edition: str) -> tuple[GasFilling, ...]:
    """Return the rows of a gas, in the table's order; empty where the table does not name it."""
    return tuple(
        GasFilling(
            un_number=row["un_number"],
            classification_code=row["classification_code"],
            variant=row["variant"],
            min_test_pressure_insulated_bar=_bar(row["min_test_pressure_insulated_mpa"]),
            min_test_pressure_uninsulated_bar=_bar(row["min_test_pressure_uninsulated_mpa"]),
            max_kg_per_litre=_figure(row["max_kg_per_litre"]),
            condition=row["condition"],
        )
        for row in table(edition, "gas_filling")
        if row["un_number"] == un_number
    )


def find_portable_gas(un_number: str, edition: str) -> tuple[PortableGas, ...]:
    """Return the rows of T50 for a gas, in the table's order; empty where it is not named."""
    return tuple(
        _portable(row)
        for row in table(edition, "portable_tank_gases")
        if row["un_number"] == un_number
    )


def is_compressed(classification_code: str) -> bool:
    """Whether this is the code of a compressed gas (group 1)."""
    return _group(classification_code) == "1"


def is_liquefied(classification_code: str) -> bool:
    """Whether this is the code of a liquefied gas (group 2)."""
    return _group(classification_code) == "2"


def is_refrigerated(classification_code: str) -> bool:
    """Whether this is the code of a refrigerated liquefied gas (group 3)."""
    return _group(classification_code) == "3"


def is_dissolved(classification_code: str) -> bool:
    """Whether this is the code of a dissolved gas (group 4)."""
    return _group(classification_code) == "4"


def is_flammable_gas(classification_code: str) -> bool:
    """Whether this is the code of a gas that is flammable, whatever else it is."""
    found = _GAS_CODE.fullmatch(classification_code)
    return found is not None and "F" in found["letters"]


def max_filling_kg_per_litre(
    un_number: str,
    test_pressure_bar: Decimal | None,
    insulated: bool | None,  # noqa: FBT001  the tank's own fact, read beside its pressure
    edition: str,
    *,
    variant: str | None = None,
) -> Filling:
    """Return how much of a gas a tank may hold per litre, and how that was found.

    Of several rows the highest pressure that the tank has counts: more pressure, more filling.

    Args:
        un_number: the gas.
        test_pressure_bar: by the tank's plate; `None` = not known.
        insulated: whether the tank has thermal insulation; `None` = not known, then the lower of
            both figures counts.
        edition: of the list.
        variant: the mixture as the table names it (`GasFilling.variant`); `None` = not known.

    Returns:
        `by_table`: the figure. `strictest_variant`: the lowest figure of all mixtures, so more is
        not wrong for every one of them. `single_figure`: the pressure is not known and the table
        has one figure alone: more is too much, less is not proven. Every other word comes with
        `None`: those of `CONDITION_WORDS`, `not_in_table`, `pressure_unknown`,
        `pressure_too_low`, `insulation_unknown`, `variant_unknown`.

    Source: ADR 2025, 4.3.3.2.5.
    """
    rows = find_gas_fillings(un_number, edition)
    if not rows:
        return None, NOT_IN_TABLE
    names = tuple(dict.fromkeys(row.variant for row in rows))
    if variant is not None:
        names = tuple(name for name in names if name == variant)
    answers = {
        _fill_variant([row for row in rows if row.variant == name], test_pressure_bar, insulated)
        for name in names
    }
    return answers.pop() if len(answers) == 1 else _strictest(answers)


def _strictest(answers: Iterable[Filling]) -> Filling:
    """Return the lowest figure where every mixture has one that is proven."""
    proven = [figure for figure, word in answers if word == BY_TABLE and figure is not None]
    if not proven or any(word != BY_TABLE for _, word in answers):
        return None, VARIANT_UNKNOWN
    return min(proven), STRICTEST_VARIANT


def _fill_variant(
    rows: list[GasFilling],
    test_pressure_bar: Decimal | None,
    insulated: bool | None,  # noqa: FBT001  passed on
) -> Filling:
    if rows[0].condition:
        return None, CONDITION_WORDS[rows[0].condition]
    if test_pressure_bar is None:
        figures = {row.max_kg_per_litre for row in rows}
        return (figures.pop(), SINGLE_FIGURE) if len(figures) == 1 else (None, PRESSURE_UNKNOWN)
    if insulated is not None:
        return _fill(rows, test_pressure_bar, insulated=insulated)
    with_insulation = _fill(rows, test_pressure_bar, insulated=True)
    without = _fill(rows, test_pressure_bar, insulated=False)
    known = [figure for figure, _ in (with_insulation, without) if figure is not None]
    if len(known) == 1:
        return None, INSULATION_UNKNOWN
    return (min(known), BY_TABLE) if known else (None, PRESSURE_TOO_LOW)


def _fill(rows: list[GasFilling], test_pressure_bar: Decimal, *, insulated: bool) -> Filling:
    allowed = [
        row.max_kg_per_litre
        for row in rows
        if (needed := _needed_bar(row, insulated=insulated)) is not None
        and needed <= test_pressure_bar
        and row.max_kg_per_litre is not None
    ]
    return (max(allowed), BY_TABLE) if allowed else (None, PRESSURE_TOO_LOW)


def _needed_bar(row: GasFilling, *, insulated: bool) -> Decimal | None:
    if insulated:
        return row.min_test_pressure_insulated_bar
    return row.min_test_pressure_uninsulated_bar


def _group(classification_code: str) -> str:
    found = _GAS_CODE.fullmatch(classification_code)
    return found["group"] if found else ""


def _portable(row: Row) -> PortableGas:
    return PortableGas(
        un_number=row["un_number"],
        mawp_small_bar=_figure(row["mawp_small_bar"]),
        mawp_bare_bar=_figure(row["mawp_bare_bar"]),
        mawp_sunshield_bar=_figure(row["mawp_sunshield_bar"]),
        mawp_insulated_bar=_figure(row["mawp_insulated_bar"]),
        mawp_condition=row["mawp_condition"],
        openings_below_liquid_allowed=row["openings_below_liquid"] == "yes",
        pressure_relief=row["pressure_relief"],
        max_kg_per_litre=_figure(row["max_kg_per_litre"]),
        condition=row["condition"],
    )


def _figure(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _bar(megapascal: str) -> Decimal | None:
    return Decimal(megapascal) * _BAR_PER_MEGAPASCAL if megapascal else None
