"""What a filling takes up in its shell: from litres, mass, density and temperature."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Final

from waybill.goods.gas_filling import is_refrigerated
from waybill.rules.facts import Facts, GoodsFacts
from waybill.rules.figures import figure
from waybill.rules.finding import Outcome
from waybill.rules.mass import mass_text
from waybill.rules.rule import Judgement, Reasons, unknown
from waybill.rules.shells import Content

ONE: Final = Decimal(1)
HUNDRED: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")

VOLUME_REASONS: Final[Reasons] = {
    "density_unknown": Outcome.UNKNOWN,
    "density_invalid": Outcome.UNKNOWN,
    "temperature_unknown": Outcome.UNKNOWN,
    "quantities_contradict": Outcome.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What a filling takes up while it is filled.

    `room_factor` is how many times that volume it takes up at 50 °C: 1 + a (50 - tF), where a is
    the expansion per degree. It is 1 for what is filled hotter, and for refrigerated gases.
    """

    volume_l: Decimal
    temperature_c: Decimal | None
    room_factor: Decimal


def measure(facts: Facts, content: Content) -> Volume | Judgement:
    """Return the volume of a liquid, or a liquefied gas, as it is filled.

    Litres that are given count, if they agree with the mass by its density; else the mass decides.
    A density is asked for in any case, so that the litres are never believed alone.

    Source: ADR 2025, 4.3.2.2.1 and 4.3.2.2.2 (expansion from the densities at 15 °C and 50 °C).
    """
    if is_refrigerated(content.line.classification_code):
        return _measure_refrigerated(facts, content)
    line, temperature_c = content.line, content.temperature_c
    if temperature_c is None:
        return unknown("temperature_unknown", **about(content))
    reference_c = figure(facts, "filling_reference_c")
    density, measured = _expansion(facts, line), content.density_kg_l
    hot = temperature_c > reference_c
    if hot and measured is not None:
        return _agree(facts, content, measured, ONE)
    if density is None:
        given = line.density_kg_l is not None and line.density_50_kg_l is not None
        return unknown("density_invalid" if given else "density_unknown", **about(content))
    density_kg_l, alpha = density
    growth = ONE + alpha * (temperature_c - figure(facts, "filling_density_c"))
    if growth <= 0:
        return unknown("density_invalid", **about(content))
    filled = density_kg_l / growth if measured is None else measured
    room = ONE if hot else ONE + alpha * (reference_c - temperature_c)
    return _agree(facts, content, filled, room)


def _measure_refrigerated(facts: Facts, content: Content) -> Volume | Judgement:
    """Take the density as it is: that of a refrigerated gas is the one at which it is filled."""
    density_kg_l = (
        content.line.density_kg_l if content.density_kg_l is None else (content.density_kg_l)
    )
    if density_kg_l is None:
        return unknown("density_unknown", **about(content))
    return _agree(facts, content, density_kg_l, ONE)


def _expansion(facts: Facts, line: GoodsFacts) -> tuple[Decimal, Decimal] | None:
    """Return density at 15 °C and expansion per degree, `None` where they make no sense."""
    cool, warm = line.density_kg_l, line.density_50_kg_l
    if cool is None or warm is None or not cool > warm > 0:
        return None
    span_c = figure(facts, "filling_reference_c") - figure(facts, "filling_density_c")
    return cool, (cool - warm) / (span_c * warm)


def _agree(
    facts: Facts, content: Content, density_kg_l: Decimal, room_factor: Decimal
) -> Volume | Judgement:
    if not _is_density(facts, density_kg_l):
        return unknown("density_invalid", **about(content))
    by_mass_l, given_l = content.quantity_kg / density_kg_l, content.quantity_l
    if given_l is not None:
        tolerance_l = by_mass_l * figure(facts, "filling_agreement_percent") / HUNDRED
        if abs(given_l - by_mass_l) > tolerance_l:
            return unknown(
                "quantities_contradict",
                **about(content),
                load_kg=mass_text(content.quantity_kg),
                volume_l=litres_up(given_l),
                by_mass_l=litres_up(by_mass_l),
            )
    return Volume(
        volume_l=by_mass_l if given_l is None else given_l,
        temperature_c=content.temperature_c,
        room_factor=room_factor,
    )


def _is_density(facts: Facts, density_kg_l: Decimal) -> bool:
    """Whether a liquid can be so light or heavy: 750 is written by who thinks of kg/m³."""
    least, most = figure(facts, "filling_lightest_kg_l"), figure(facts, "filling_heaviest_kg_l")
    return least <= density_kg_l <= most


def find_residue_limit(facts: Facts, content: Content) -> Decimal:
    """Return the most that an empty, uncleaned shell may still hold, in litres and in kilograms."""
    return content.shell.capacity_l * figure(facts, "filling_residue_percent") / HUNDRED


def is_residue(facts: Facts, content: Content) -> bool:
    """Whether a shell is declared empty, and what is said to be in it is little enough for that.

    So little does neither overfill a shell nor surge in it, whatever its density.
    """
    most = max(content.quantity_kg, content.quantity_l or Decimal(0))
    return content.line.empty_uncleaned and most <= find_residue_limit(facts, content)


def about(content: Content) -> dict[str, str | int]:
    """Return the facts that say which filling a finding is about."""
    return {
        "position": content.line.position,
        "un_number": content.line.un_number,
        "compartment": content.shell.number,
    }


def litres_up(volume_l: Decimal) -> str:
    """Return a volume as text, to a tenth of a litre, never less than it is."""
    return mass_text(volume_l.quantize(_TENTH, rounding=ROUND_UP))


def litres_down(volume_l: Decimal) -> str:
    """Return a limit as text, to a tenth of a litre, never more than it is."""
    return mass_text(volume_l.quantize(_TENTH, rounding=ROUND_DOWN))
