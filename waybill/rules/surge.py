"""TNK-03 and AFTER-01: that a liquid does not surge in a half-full shell."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.codec import JsonValue
from waybill.goods.gas_filling import is_compressed
from waybill.rules.bases import AFTER, BEFORE, ORDER_29_IN_FORCE, SECOND_EDITION, adr, order_29
from waybill.rules.classification import is_solid
from waybill.rules.facts import Facts, GoodsFacts
from waybill.rules.figures import figure
from waybill.rules.filling import LOADED_REASONS
from waybill.rules.finding import Finding, Outcome
from waybill.rules.gas_limits import is_gas
from waybill.rules.mass import mass_text
from waybill.rules.rule import (
    Judgement,
    Reasons,
    Rule,
    failed,
    not_applicable,
    passed,
    unknown,
    worst,
)
from waybill.rules.shells import (
    CONTENT_REASONS,
    Content,
    Contents,
    find_tank,
    loaded_contents,
    planned_contents,
)
from waybill.rules.volumes import HUNDRED, VOLUME_REASONS, about, is_residue, measure

EXEMPT_UN_NUMBERS: Final = frozenset({"1963", "1966"})
"""Helium and hydrogen, refrigerated liquid (ADR 2025, 4.3.2.2.4)."""

SURGE_NOTE: Final = (
    "4.3.2.2.4 was read in ADR 2017; JT/T 617 was not. That portable tanks keep to the same band "
    "(4.2.1.9.6) is known from reports of the IMDG Code."
)
_HUNDREDTH: Final = Decimal("0.01")


def check_planned_surge(facts: Facts, _at: datetime) -> Finding:
    """Refuse a plan for a half-full shell, in which the liquid would surge.

    A shell without partitions or surge plates that divide it into sections of at most 7500 L is
    at least 80 % full or at most 20 % full; both bounds are allowed. Exempt are liquids of at
    least 2680 mm²/s, UN 1963 and UN 1966; solids and compressed gases do not surge. An unknown
    viscosity exempts nothing, and no liquefied gas has such a one. Where the sections are not on
    record, a shell of at most 7500 L and a filling outside the band are still in order.

    Source: Order 29/2019, article 28; ADR 2025, 4.3.2.2.4 and 4.2.1.9.6.
    """
    tank = find_tank(facts)
    if isinstance(tank, Judgement):
        return PLANNED_SURGE.finding(*tank)
    return PLANNED_SURGE.finding(*judge_surge(facts, planned_contents(tank, facts)))


def check_loaded_surge(facts: Facts, _at: datetime) -> Finding:
    """Refuse to release a half-full shell, as `check_planned_surge` says.

    Source: Order 29/2019, article 28; ADR 2025, 4.3.2.2.4 and 4.2.1.9.6.
    """
    tank = find_tank(facts)
    if isinstance(tank, Judgement):
        return LOADED_SURGE.finding(*tank)
    return LOADED_SURGE.finding(*judge_surge(facts, loaded_contents(tank, facts)))


def judge_surge(facts: Facts, contents: Contents | Judgement) -> Judgement:
    """Judge each shell by what it holds."""
    if isinstance(contents, Judgement):
        return contents
    return worst(_judge_all(facts, contents))


def _judge_all(facts: Facts, contents: Contents) -> Iterator[Judgement]:
    for content in contents:
        yield _judge_exemption(facts, content) or _judge_share(facts, content)


def _judge_exemption(facts: Facts, content: Content) -> Judgement | None:
    """Return why a shell is not asked about, `None` where it is."""
    line, section_l = content.line, _section_l(facts, content)
    if not _surges(line):
        return not_applicable("does_not_surge", **about(content))
    if is_residue(facts, content):
        return not_applicable("residue", **about(content))
    if section_l is not None and section_l <= figure(facts, "surge_section_l"):
        return not_applicable("small_sections", **about(content), section_l=mass_text(section_l))
    viscosity, least = line.viscosity_mm2_s, figure(facts, "surge_viscosity_mm2_s")
    viscous = viscosity is not None and viscosity >= least and not is_gas(line)
    if viscous or line.un_number in EXEMPT_UN_NUMBERS:
        return not_applicable("exempt_goods", **about(content))
    return None


def _surges(line: GoodsFacts) -> bool:
    """Whether goods are liquid in the shell; a gas whose kind is not known is taken as liquid."""
    if is_gas(line):
        return not is_compressed(line.classification_code)
    return not is_solid(line)


def _section_l(facts: Facts, content: Content) -> Decimal | None:
    """Return the largest section; a small shell is a small section, whatever is on record."""
    capacity_l = content.shell.capacity_l
    if capacity_l <= figure(facts, "surge_section_l"):
        return capacity_l
    return content.shell.largest_section_l


def _judge_share(facts: Facts, content: Content) -> Judgement:
    volume = measure(facts, content)
    if isinstance(volume, Judgement):
        return volume
    percent = volume.volume_l * HUNDRED / content.shell.capacity_l
    empty, full = figure(facts, "surge_empty_percent"), figure(facts, "surge_full_percent")
    section_l = content.shell.largest_section_l
    seen: dict[str, JsonValue] = {
        **about(content),
        "full_percent": mass_text(percent.quantize(_HUNDREDTH)),
        "capacity_l": mass_text(content.shell.capacity_l),
    }
    if percent <= empty or percent >= full:
        return passed("outside_band", **seen)
    if section_l is None:
        return unknown("sections_unknown", **seen)
    return failed("would_surge", **seen, section_l=mass_text(section_l))


SURGE_REASONS: Final[Reasons] = {
    **CONTENT_REASONS,
    **VOLUME_REASONS,
    "outside_band": Outcome.PASSED,
    "would_surge": Outcome.FAILED,
    "sections_unknown": Outcome.UNKNOWN,
    "small_sections": Outcome.NOT_APPLICABLE,
    "exempt_goods": Outcome.NOT_APPLICABLE,
    "does_not_surge": Outcome.NOT_APPLICABLE,
    "residue": Outcome.NOT_APPLICABLE,
}
_READS: Final = (
    "tank.capacity_l",
    "tank.compartments",
    "waybill.tank_number",
    "goods.mode",
    "goods.compartment",
    "goods.division",
    "goods.classification_code",
    "goods.physical_state",
    "goods.tank_code",
    "goods.portable_tank_provisions",
    "goods.empty_uncleaned",
    "goods.un_number",
    "goods.viscosity_mm2_s",
    "goods.quantity_kg",
    "goods.quantity_l",
    "goods.density_kg_l",
    "goods.density_50_kg_l",
    "goods.filling_temperature_c",
)

PLANNED_SURGE: Final = Rule(
    code="TNK-03.surge",
    version=1,
    title_zh="液体不在半满的大仓内涌动",
    title_en="No surge in a half-full shell",
    basis=(order_29("28"), adr("4.3.2.2.4"), adr("4.2.1.9.6")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=BEFORE,
    confirmed=False,
    confirmed_note=SURGE_NOTE,
    reasons=SURGE_REASONS,
    check=check_planned_surge,
    reads=_READS,
)
LOADED_SURGE: Final = Rule(
    code="AFTER-01.surge",
    version=1,
    title_zh="实装后液体不在半满的大仓内涌动",
    title_en="No surge in a shell as it was loaded",
    basis=(order_29("28"), adr("4.3.2.2.4"), adr("4.2.1.9.6")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=SURGE_NOTE,
    reasons={**SURGE_REASONS, **LOADED_REASONS},
    check=check_loaded_surge,
    reads=(*_READS, "evidence.loading"),
)
RULES: Final = (PLANNED_SURGE, LOADED_SURGE)
