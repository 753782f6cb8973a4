"""How much of a gas goes into a shell: by the table of gases, by the certificate, by volume."""

from decimal import Decimal
from typing import Final

from waybill.goods.gas_filling import (
    BY_TABLE,
    NOT_IN_TABLE,
    PRESSURE_TOO_LOW,
    PRESSURE_UNKNOWN,
    SINGLE_FIGURE,
    STRICTEST_VARIANT,
    VARIANT_UNKNOWN,
    Filling,
    find_portable_gas,
    is_compressed,
    is_dissolved,
    is_liquefied,
    is_refrigerated,
    max_filling_kg_per_litre,
)
from waybill.registry.kinds import TankKind
from waybill.rules.facts import Facts, GoodsFacts, TankFacts
from waybill.rules.figures import figure
from waybill.rules.finding import Outcome
from waybill.rules.mass import mass_text
from waybill.rules.rule import Judgement, Reasons, failed, passed, unknown
from waybill.rules.shells import Content
from waybill.rules.volumes import HUNDRED, about, litres_down, litres_up, measure

BY_CALCULATION: Final = "by_calculation"
RECEPTACLES_ONLY: Final = "receptacles_only"
KIND_UNKNOWN: Final = "gas_kind_unknown"
_COLD_TANKS: Final = "TU19"
"""The provision by which a refrigerated gas is filled by volume alone."""

GAS_REASONS: Final[Reasons] = {
    "within_filling_mass": Outcome.PASSED,
    "over_filling_mass": Outcome.FAILED,
    "pressure_too_low": Outcome.FAILED,
    "receptacles_only": Outcome.FAILED,
    "gas_limit_unknown": Outcome.UNKNOWN,
    "max_filling_unknown": Outcome.UNKNOWN,
}


def is_gas(line: GoodsFacts) -> bool:
    """Whether goods are of class 2."""
    return line.division.startswith("2")


def judge_gas(facts: Facts, tank: TankFacts, content: Content) -> Judgement:
    """Judge the filling of a gas by what holds for its kind.

    Compressed gases go by pressure, which nobody enters here: the greatest filling on the use
    registration certificate stands for it, as it does where the table asks for a calculation or
    tells mixtures apart. That it is kept was judged before.

    Source: ADR 2025, 4.3.3.2 and 4.3.5 (TU18, TU19); for portable tanks 4.2.2.7 and 4.2.3.6.
    """
    code = content.line.classification_code
    if is_compressed(code):
        return _by_certificate(tank, content)
    if is_refrigerated(code):
        return _judge_refrigerated(facts, tank, content)
    if is_liquefied(code) or is_dissolved(code):
        return _by_table(tank, content)
    return unknown("gas_limit_unknown", **about(content), why=KIND_UNKNOWN)


def _by_certificate(tank: TankFacts, content: Content) -> Judgement:
    if tank.max_filling_kg is None:
        return unknown("max_filling_unknown", **about(content))
    return compare_mass(content, tank.max_filling_kg)


def _by_table(tank: TankFacts, content: Content) -> Judgement:
    most_kg_l, why = _find_filling(tank, content.line)
    if most_kg_l is None:
        if why in {BY_CALCULATION, VARIANT_UNKNOWN}:
            return _by_certificate(tank, content)
        if why in {PRESSURE_TOO_LOW, RECEPTACLES_ONLY}:
            return failed(why, **about(content))
        return unknown("gas_limit_unknown", **about(content), why=why)
    held = compare_mass(content, most_kg_l * content.shell.capacity_l)
    if why == SINGLE_FIGURE and held.outcome is Outcome.PASSED:
        return unknown("gas_limit_unknown", **about(content), why=PRESSURE_UNKNOWN)
    if why == STRICTEST_VARIANT and held.outcome is Outcome.FAILED:
        return unknown("gas_limit_unknown", **about(content), why=VARIANT_UNKNOWN)
    return held


def _find_filling(tank: TankFacts, line: GoodsFacts) -> Filling:
    if tank.kind is not TankKind.PORTABLE_TANK:
        return max_filling_kg_per_litre(
            line.un_number, tank.test_pressure_bar, tank.insulated, line.list_edition
        )
    rows = find_portable_gas(line.un_number, line.list_edition)
    if len(rows) == 1 and rows[0].max_kg_per_litre is not None:
        return rows[0].max_kg_per_litre, BY_TABLE
    return None, BY_CALCULATION if rows else NOT_IN_TABLE


def _judge_refrigerated(facts: Facts, tank: TankFacts, content: Content) -> Judgement:
    """Judge the volume as filled, and ask for the certificate where that alone is not enough."""
    volume = measure(facts, content)
    if isinstance(volume, Judgement):
        return volume
    percent = figure(facts, "filling_refrigerated_percent")
    held = compare_volume(
        content, volume.volume_l, content.shell.capacity_l * percent / HUNDRED, "refrigerated"
    )
    by_volume = tank.kind is not TankKind.PORTABLE_TANK and (
        _COLD_TANKS in content.line.tank_provisions
    )
    if held.outcome is Outcome.PASSED and not by_volume and tank.max_filling_kg is None:
        return unknown("max_filling_unknown", **about(content))
    return held


def compare_mass(content: Content, limit_kg: Decimal) -> Judgement:
    """Judge a mass against a limit, which is itself allowed."""
    seen = {
        **about(content),
        "load_kg": mass_text(content.quantity_kg),
        "limit_kg": mass_text(limit_kg),
    }
    if content.quantity_kg > limit_kg:
        over_kg = mass_text(content.quantity_kg - limit_kg)
        return failed("over_filling_mass", **seen, over_kg=over_kg)
    return passed("within_filling_mass", **seen)


def compare_volume(
    content: Content, volume_l: Decimal, limit_l: Decimal, limit_by: str
) -> Judgement:
    """Judge a volume against a limit, which is itself allowed."""
    seen = {
        **about(content),
        "volume_l": litres_up(volume_l),
        "limit_l": litres_down(limit_l),
        "capacity_l": mass_text(content.shell.capacity_l),
        "limit_by": limit_by,
    }
    if volume_l > limit_l:
        return failed("over_filling", **seen, over_l=litres_up(volume_l - limit_l))
    return passed("within_filling", **seen)
