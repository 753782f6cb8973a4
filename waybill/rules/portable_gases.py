"""Gases in portable tanks (T50): whether a tank bears the working pressure that a gas needs."""

from decimal import Decimal
from typing import Final

from waybill.codec import JsonValue
from waybill.goods.gas_filling import PortableGas, find_portable_gas
from waybill.rules.facts import Facts, GoodsFacts, TankFacts
from waybill.rules.figures import figure
from waybill.rules.mass import mass_text
from waybill.rules.rule import Judgement, failed, unknown

_GASES: Final = "T50"


def judge_pressure(
    facts: Facts, tank: TankFacts, line: GoodsFacts, about: dict[str, JsonValue]
) -> Judgement | None:
    """Return why a portable tank's pressure is not enough; `None` where it is, or is not asked.

    The register keeps the test pressure, the table the greatest allowable working pressure, of
    which the test pressure is 1.3 times. Where the tank's make is not known, small, bare or under
    a sun-shield, the greatest figure must be met to pass and the least must be missed to fail.

    Source: ADR 2025, 4.2.5.2.6 (T50).
    """
    if line.portable_tank_instruction != _GASES:
        return None
    rows = find_portable_gas(line.un_number, line.list_edition)
    needed = [bar for row in rows for bar in _working_pressures(row, insulated=tank.insulated)]
    factor = figure(facts, "portable_gas_test_factor")
    known = [bar * factor for bar in needed if bar is not None]
    own_bar = tank.test_pressure_bar
    if own_bar is None or not known:
        return unknown("pressure_unsettled", **about)
    if own_bar < min(known):
        seen = {"test_bar": mass_text(own_bar), "needed_bar": mass_text(min(known))}
        return failed("pressure_too_low", **about, **seen)
    if own_bar < max(known) or len(known) < len(needed):
        return unknown("pressure_unsettled", **about)
    return None


def _working_pressures(row: PortableGas, *, insulated: bool | None) -> tuple[Decimal | None, ...]:
    bare = (row.mawp_small_bar, row.mawp_bare_bar, row.mawp_sunshield_bar)
    if insulated is None:
        return (*bare, row.mawp_insulated_bar)
    return (row.mawp_insulated_bar,) if insulated else bare
