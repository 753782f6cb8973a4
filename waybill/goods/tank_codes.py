"""Tank codes: what a tank with one code may carry that asks for another.

Source: ADR 2025, 4.3.3.1 (gases), 4.3.4.1 (liquids and solids), 4.2.5.2.5 (portable tanks); the
tables are in `data/tank_hierarchy_2025.csv`. JT/T 617.3 uses the same codes.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data"

_SHAPE: Final = re.compile(
    r"(?P<kind>[CPR])(?P<gas>x|[1-9][0-9]{0,2}(?:\.[0-9]{1,2})?)(?P<gas_openings>[BCD])(?P<gas_closing>[NH])"
    r"(?P<receptacles>\(M\))?"
    r"|(?P<state>[LS])(?P<pressure>G|[1-9][0-9]{0,2}(?:\.[0-9]{1,2})?)(?P<openings>[ABCD])"
    r"(?P<closing>[VFNH])(?P<alone>\(\+\))?"
)
_PORTABLE: Final = re.compile(r"T(?:[1-9]|1[0-9]|2[0-3]|50|75)")
_OPENINGS: Final = "ABCD"
_CLOSINGS: Final = "VFNH"
_BAR_PER_MEGAPASCAL: Final = Decimal(10)
_GASES: Final = frozenset("CPR")


class Fit(StrEnum):
    """Whether a tank may carry goods by its code alone."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TankCode:
    """A tank code in its parts.

    `kind` is C, P, R for gases, L for liquids, S for solids. `pressure_bar` is the minimum test
    pressure (gases) or calculation pressure; `None` stands for x (the gas's table decides) or for
    G (the general requirement), which `kind` tells apart. `alone` is the mark (+): tanks with
    higher codes may carry the goods only if their type approval says so.
    """

    kind: str
    pressure_bar: Decimal | None
    openings: str
    closing: str
    alone: bool = False

    @property
    def is_for_gas(self) -> bool:
        """Whether this is a code for gases."""
        return self.kind in _GASES

    @property
    def base(self) -> str:
        """The code without its mark, as the tables spell it."""
        letter = "x" if self.is_for_gas else "G"
        pressure = letter if self.pressure_bar is None else f"{self.pressure_bar}"
        return f"{self.kind}{pressure}{self.openings}{self.closing}"


def parse_tank_code(text: str) -> TankCode:
    """Read a tank code such as LGBF, L1.5BN, P22DH(M), S2.65AN(+).

    Raises:
        ValueError: it has another shape.
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError("expected a tank code such as LGBF or P22DH(M)")
    if found["kind"]:
        return TankCode(
            kind=found["kind"],
            pressure_bar=None if found["gas"] == "x" else Decimal(found["gas"]),
            openings=found["gas_openings"],
            closing=found["gas_closing"],
        )
    return TankCode(
        kind=found["state"],
        pressure_bar=None if found["pressure"] == "G" else Decimal(found["pressure"]),
        openings=found["openings"],
        closing=found["closing"],
        alone=found["alone"] is not None,
    )


def tank_code_permits(tank: str, required: str, *, un_number: str | None = None) -> Fit:
    """Say whether a tank may carry goods that ask for another code.

    Args:
        tank: the code on the tank's plate or certificate.
        required: the column of the goods list; of several codes one that fits is enough.
        un_number: tells which gas it is where the column leaves the pressure open (x).

    Returns:
        `UNKNOWN` for a code that cannot be read, a pressure that cannot be found, a liquid's
        tank for a solid, and goods marked (+) in a tank that is merely better. `NO` where the
        column is empty: then no tank is allowed.
    """
    needs = required.split()
    if not needs:
        return Fit.NO
    try:
        own, codes = parse_tank_code(tank), [parse_tank_code(need) for need in needs]
    except ValueError:
        return Fit.UNKNOWN
    fits = {_compare(own, code, un_number) for code in codes}
    return next(fit for fit in (Fit.YES, Fit.UNKNOWN, Fit.NO) if fit in fits)


def portable_tank_permits(tank: str, required: str) -> Fit:
    """Say whether a portable tank built to one T instruction may carry goods that ask for another.

    T23, T50 and T75 stand outside the hierarchy: only the same instruction fits.
    """
    if not required:
        return Fit.NO
    if not (_PORTABLE.fullmatch(tank) and _PORTABLE.fullmatch(required)):
        return Fit.UNKNOWN
    allowed = (required, *_hierarchy("portable_tanks").get(required, ()))
    return Fit.YES if tank in allowed else Fit.NO


def _compare(own: TankCode, need: TankCode, un_number: str | None) -> Fit:
    if own.is_for_gas and need.is_for_gas:
        return _compare_gas(own, need, un_number)
    if own.is_for_gas or need.is_for_gas or (own.kind, need.kind) == ("S", "L"):
        return Fit.NO
    if not _is_at_least(own, need):
        return Fit.NO
    if own.kind == need.kind and own.base == need.base:
        return Fit.YES
    # A better tank: not for goods marked (+), nor for a solid in a tank for liquids, nor where
    # the table of groups leaves out what the comparison by parts would allow.
    table = _hierarchy("liquids_and_solids")
    left_out = own.base in table and need.base in table and need.base not in table[own.base]
    doubtful = need.alone or own.kind != need.kind or left_out
    return Fit.UNKNOWN if doubtful else Fit.YES


def _is_at_least(own: TankCode, need: TankCode) -> bool:
    """Compare part by part; the general pressure G is the lowest."""
    enough = (own.pressure_bar or Decimal(0)) >= (need.pressure_bar or Decimal(0))
    openings = _OPENINGS.index(own.openings) >= _OPENINGS.index(need.openings)
    return enough and openings and _CLOSINGS.index(own.closing) >= _CLOSINGS.index(need.closing)


def _compare_gas(own: TankCode, need: TankCode, un_number: str | None) -> Fit:
    letters = f"{own.kind}{own.openings}{own.closing}"
    wanted = f"{need.kind}{need.openings}{need.closing}"
    if letters not in _hierarchy("gases").get(wanted, ()):
        return Fit.NO
    if own.pressure_bar is None:
        return Fit.UNKNOWN
    if need.pressure_bar is not None:
        return Fit.YES if own.pressure_bar >= need.pressure_bar else Fit.NO
    pressures = _test_pressures_bar().get(un_number or "", ())
    if not pressures:
        return Fit.UNKNOWN
    if own.pressure_bar >= max(pressures):
        return Fit.YES
    # Between them it depends on insulation and on how much is filled.
    return Fit.UNKNOWN if own.pressure_bar >= min(pressures) else Fit.NO


@cache
def _hierarchy(subject: str) -> Mapping[str, frozenset[str]]:
    """Return per code the codes that its table sets beside it (see `data/README.md`)."""
    with (DATA / "tank_hierarchy_2025.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["subject"] == subject]
    return {row["code"]: frozenset(row["others"].split()) for row in rows}


@cache
def _test_pressures_bar() -> Mapping[str, tuple[Decimal, ...]]:
    """Return the minimum test pressures per gas, insulated or not, in bar."""
    columns = ("min_test_pressure_insulated_mpa", "min_test_pressure_uninsulated_mpa")
    found: dict[str, tuple[Decimal, ...]] = {}
    with (DATA / "gas_filling_2025.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            given = tuple(Decimal(row[c]) * _BAR_PER_MEGAPASCAL for c in columns if row[c])
            found[row["un_number"]] = found.get(row["un_number"], ()) + given
    return found
