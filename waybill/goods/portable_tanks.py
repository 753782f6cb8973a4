"""Portable tanks: their instructions (T), which may stand for which, and the provisions (TP).

Source: ADR 2025, 4.2.5.2 and 4.2.5.3; JT/T 617.3 uses the same codes. The provisions are in our own
short words and not confirmed; one whose meaning is open asks a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from waybill.goods.tables import Row, table
from waybill.goods.tank_codes import Fit


class BottomOpenings(StrEnum):
    """What an instruction allows below the liquid.

    `DECIDED_ELSEWHERE`: another table says it for each substance.
    """

    TWO_CLOSURES = "two_closures"
    THREE_CLOSURES = "three_closures"
    NOT_ALLOWED = "not_allowed"
    DECIDED_ELSEWHERE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableTankInstruction:
    """What one instruction asks of a portable tank.

    `min_shell_thickness_mm` is `None` where the general clause decides, `pressure_relief` names a
    clause of special devices. `decided_by` names the clause or table that decides all of it for
    T23, T50 and T75, whose other columns are empty.
    """

    instruction: str
    min_test_pressure_bar: Decimal | None
    min_shell_thickness_mm: Decimal | None
    pressure_relief: str
    bottom_openings: BottomOpenings
    decided_by: str


class ProvisionEffect(StrEnum):
    """What a provision does to loading.

    `FILLING` says how full. `CONDITION` must hold at loading or on the way, `CONSTRUCTION` is how
    the tank is built and equipped. `RELAXATION` allows what the instruction does not, and asks for
    nothing. `ASK`: a person must read it.
    """

    FILLING = "filling"
    CONDITION = "condition"
    CONSTRUCTION = "construction"
    RELAXATION = "relaxation"
    ASK = "ask"


class FillingFormula(StrEnum):
    """How the greatest degree of filling of a portable tank is found.

    `AMBIENT`: `limit_percent / (1 + alpha (tr - tf))`. `HOT`: `limit_percent × dr / df`, the
    densities on the way and at filling. `LIMIT`: the percentage itself, unless the authority
    approved another. `REFRIGERATED`: the clause of refrigerated gases. `ASK`: several provisions,
    or one that is not known. `NONE`: no provision says how full.
    """

    AMBIENT = "ambient"
    HOT = "hot"
    LIMIT = "limit"
    REFRIGERATED = "refrigerated"
    ASK = "ask"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableTankProvision:
    """A TP provision in our own words; `confirmed` = its text was read."""

    code: str
    effect: ProvisionEffect
    formula: FillingFormula
    limit_percent: Decimal | None
    test_pressure_bar: Decimal | None
    words_zh: str
    words_en: str
    reference: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FillingProvision:
    """How full a portable tank may be, by the provisions of a row; `codes` are what says it."""

    formula: FillingFormula
    limit_percent: Decimal | None
    codes: tuple[str, ...]


UNKNOWN_CODE: Final[Mapping[str, str]] = {
    "effect": ProvisionEffect.ASK.value,
    "formula": "",
    "limit_percent": "",
    "test_pressure_bar": "",
    "words_zh": "未收录的可移动罐柜特殊规定，须人工核对",
    "words_en": "A provision that is not recorded here; a person must look",
    "reference": "",
    "confirmed": "no",
}


def find_instruction(instruction: str, edition: str) -> PortableTankInstruction | None:
    """Return what an instruction asks; `None` where there is none of this name."""
    for row in table(edition, "portable_tank_instructions"):
        if row["instruction"] == instruction:
            return PortableTankInstruction(
                instruction=instruction,
                min_test_pressure_bar=_figure(row["min_test_pressure_bar"]),
                min_shell_thickness_mm=_figure(row["min_shell_thickness_mm"]),
                pressure_relief=row["pressure_relief"],
                bottom_openings=BottomOpenings(row["bottom_openings"]),
                decided_by=row["decided_by"],
            )
    return None


def fit_instruction(tank: str, required: str, edition: str) -> tuple[Fit, str]:
    """Say whether a portable tank of one instruction may carry goods that ask for another.

    T23, T50 and T75 stand outside the hierarchy: only the same instruction fits, and for T50 the
    working pressure and T23 the substance are for other rules to compare.

    Returns:
        With `YES`: `same_instruction`, `higher_instruction`. With `NO`: `no_instruction` (the list
        allows no portable tank), `lower_instruction`. With `UNKNOWN`: `instruction_unreadable`.

    Source: ADR 2025, 4.2.5.2.5.
    """
    if not required:
        return Fit.NO, "no_instruction"
    if find_instruction(tank, edition) is None or find_instruction(required, edition) is None:
        return Fit.UNKNOWN, "instruction_unreadable"
    if tank == required:
        return Fit.YES, "same_instruction"
    also = _also_permitted(required, edition)
    return (Fit.YES, "higher_instruction") if tank in also else (Fit.NO, "lower_instruction")


def find_provisions(provisions: Iterable[str], edition: str) -> tuple[PortableTankProvision, ...]:
    """Return what the provisions of a row say, each once, in the row's order.

    One that is not recorded is there too, with the effect `ASK`: nothing passes in silence.
    """
    known = {row["code"]: row for row in table(edition, "portable_tank_provisions")}
    return tuple(_provision(code, known.get(code)) for code in dict.fromkeys(provisions))


def filling_provision(provisions: tuple[str, ...], edition: str) -> FillingProvision:
    """Say how full a portable tank may be by the provisions of its goods.

    A provision that is not recorded might be about filling, so it asks.

    Source: ADR 2025, 4.2.1.9 and 4.2.3.6.
    """
    found = find_provisions(provisions, edition)
    about = [p for p in found if p.effect is ProvisionEffect.FILLING or not p.reference]
    codes = tuple(p.code for p in about)
    if not about:
        return FillingProvision(formula=FillingFormula.NONE, limit_percent=None, codes=())
    if len(about) > 1 or not about[0].reference:
        return FillingProvision(formula=FillingFormula.ASK, limit_percent=None, codes=codes)
    return FillingProvision(
        formula=about[0].formula, limit_percent=about[0].limit_percent, codes=codes
    )


def _also_permitted(required: str, edition: str) -> frozenset[str]:
    for row in table(edition, "tank_hierarchy"):
        if row["subject"] == "portable_tanks" and row["code"] == required:
            return frozenset(row["others"].split())
    return frozenset()


def _provision(code: str, known: Row | None) -> PortableTankProvision:
    row = known or UNKNOWN_CODE
    return PortableTankProvision(
        code=code,
        effect=ProvisionEffect(row["effect"]),
        formula=FillingFormula(row["formula"]),
        limit_percent=_figure(row["limit_percent"]),
        test_pressure_bar=_figure(row["test_pressure_bar"]),
        words_zh=row["words_zh"],
        words_en=row["words_en"],
        reference=row["reference"],
        confirmed=row["confirmed"] == "yes",
    )


def _figure(text: str) -> Decimal | None:
    return Decimal(text) if text else None
