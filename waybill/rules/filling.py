"""TNK-03 and AFTER-01: how much of a shell may be filled, planned and loaded."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.rules.bases import AFTER, BEFORE, ORDER_29_IN_FORCE, SECOND_EDITION, adr, order_29
from waybill.rules.classification import is_solid
from waybill.rules.facts import Facts, TankFacts
from waybill.rules.figures import figure
from waybill.rules.filling_limits import MASS_PROVISIONS, find_limit
from waybill.rules.finding import Finding, Outcome
from waybill.rules.gas_limits import (
    GAS_REASONS,
    compare_mass,
    compare_volume,
    is_gas,
    judge_gas,
)
from waybill.rules.mass import mass_text
from waybill.rules.rule import Judgement, Reasons, Rule, failed, not_applicable, worst
from waybill.rules.shells import (
    CONTENT_REASONS,
    Content,
    Contents,
    find_tank,
    loaded_contents,
    planned_contents,
)
from waybill.rules.volumes import (
    VOLUME_REASONS,
    about,
    find_residue_limit,
    is_residue,
    measure,
)

FILLING_NOTE: Final = (
    "Article 28 of Order 29 and JT/T 617 were not read; the degrees of filling are ADR's, whose "
    "formulae and provisions (TU, TP) are from memory."
)
READS: Final = (
    "tank.kind",
    "tank.capacity_l",
    "tank.compartments",
    "tank.tank_code",
    "tank.test_pressure_bar",
    "tank.insulated",
    "tank.max_filling_kg",
    "tank.heated",
    "waybill.tank_number",
    "goods.mode",
    "goods.compartment",
    "goods.division",
    "goods.classification_code",
    "goods.subsidiary_hazards",
    "goods.packing_group",
    "goods.physical_state",
    "goods.tank_code",
    "goods.empty_uncleaned",
    "goods.tank_provisions",
    "goods.portable_tank_provisions",
    "goods.quantity_kg",
    "goods.quantity_l",
    "goods.density_kg_l",
    "goods.density_50_kg_l",
    "goods.filling_temperature_c",
)


def check_planned_filling(facts: Facts, _at: datetime) -> Finding:
    """Refuse a plan that fills a shell further than its goods may expand in it.

    Liquids: the litres at the filling temperature against the degree of filling of 4.3.2.2, or of
    4.2.1.9 in portable tanks. Gases: kilograms per litre by the tank's test pressure, and never
    more than the greatest filling (最大允许充装量) on the use registration certificate. Goods
    declared as solid are limited by mass alone, unless the list has them as liquids in tanks;
    goods whose state is not known are judged as liquid, which asks for more. A shell declared
    empty and uncleaned holds a residue at most.

    Source: Order 29/2019, article 28; ADR 2025, 4.3.2.2, 4.3.3.2 and 4.2.1.9.
    """
    tank = find_tank(facts)
    if isinstance(tank, Judgement):
        return PLANNED_FILLING.finding(*tank)
    return PLANNED_FILLING.finding(*judge_filling(facts, tank, planned_contents(tank, facts)))


def check_loaded_filling(facts: Facts, _at: datetime) -> Finding:
    """Refuse to release a shell that was filled too far, as `check_planned_filling` says.

    Temperature and density that were measured while filling go before those that were declared.

    Source: Order 29/2019, article 28; ADR 2025, 4.3.2.2, 4.3.3.2 and 4.2.1.9.
    """
    tank = find_tank(facts)
    if isinstance(tank, Judgement):
        return LOADED_FILLING.finding(*tank)
    return LOADED_FILLING.finding(*judge_filling(facts, tank, loaded_contents(tank, facts)))


def judge_filling(facts: Facts, tank: TankFacts, contents: Contents | Judgement) -> Judgement:
    """Judge each shell, and the tank as a whole against its greatest filling."""
    if isinstance(contents, Judgement):
        return contents
    return worst(_judge_all(facts, tank, contents))


def _judge_all(facts: Facts, tank: TankFacts, contents: Contents) -> Iterator[Judgement]:
    load_kg = sum((content.quantity_kg for content in contents), Decimal(0))
    limit_kg = tank.max_filling_kg
    if limit_kg is not None and load_kg > limit_kg:
        yield failed(
            "over_max_filling",
            holder=tank.number,
            load_kg=mass_text(load_kg),
            limit_kg=mass_text(limit_kg),
            over_kg=mass_text(load_kg - limit_kg),
        )
    for content in contents:
        yield _judge_content(facts, tank, content)


def _judge_content(facts: Facts, tank: TankFacts, content: Content) -> Judgement:
    if content.line.empty_uncleaned:
        return _judge_residue(facts, content)
    if is_gas(content.line):
        return judge_gas(facts, tank, content)
    if is_solid(content.line):
        return not_applicable("solid_goods", **about(content))
    return worst(_judge_liquid(facts, tank, content))


def _judge_residue(facts: Facts, content: Content) -> Judgement:
    """Judge a shell that is declared empty and uncleaned: a load is not declared so."""
    if is_residue(facts, content):
        return not_applicable("residue", **about(content))
    return failed(
        "not_empty",
        **about(content),
        load_kg=mass_text(content.quantity_kg),
        limit_kg=mass_text(find_residue_limit(facts, content)),
    )


def _judge_liquid(facts: Facts, tank: TankFacts, content: Content) -> Iterator[Judgement]:
    volume = measure(facts, content)
    if isinstance(volume, Judgement):
        yield volume
        return
    limit = find_limit(facts, tank, content, volume)
    if isinstance(limit, Judgement):
        yield limit
        return
    yield compare_volume(content, volume.volume_l, limit.limit_l, limit.by)
    for code in sorted(MASS_PROVISIONS.intersection(content.line.tank_provisions)):
        most_kg_l = figure(facts, f"filling_{code.lower()}_kg_l")
        yield compare_mass(content, most_kg_l * content.shell.capacity_l)


FILLING_REASONS: Final[Reasons] = {
    **CONTENT_REASONS,
    **VOLUME_REASONS,
    **GAS_REASONS,
    "within_filling": Outcome.PASSED,
    "over_filling": Outcome.FAILED,
    "over_max_filling": Outcome.FAILED,
    "provision_asks": Outcome.UNKNOWN,
    "solid_goods": Outcome.NOT_APPLICABLE,
    "residue": Outcome.NOT_APPLICABLE,
    "not_empty": Outcome.FAILED,
}
LOADED_REASONS: Final[Reasons] = {
    "no_record": Outcome.UNKNOWN,
    "not_recorded": Outcome.UNKNOWN,
}

PLANNED_FILLING: Final = Rule(
    code="TNK-03.filling",
    version=1,
    title_zh="计划充装量不超过允许充装度",
    title_en="Planned filling within the permitted degree",
    basis=(order_29("28"), adr("4.3.2.2"), adr("4.3.3.2"), adr("4.2.1.9")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=BEFORE,
    confirmed=False,
    confirmed_note=FILLING_NOTE,
    reasons=FILLING_REASONS,
    check=check_planned_filling,
    reads=READS,
)
LOADED_FILLING: Final = Rule(
    code="AFTER-01.filling",
    version=1,
    title_zh="实际充装量不超过允许充装度",
    title_en="Loaded filling within the permitted degree",
    basis=(order_29("28"), adr("4.3.2.2"), adr("4.3.3.2"), adr("4.2.1.9")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=FILLING_NOTE,
    reasons={**FILLING_REASONS, **LOADED_REASONS},
    check=check_loaded_filling,
    reads=(*READS, "evidence.loading"),
)
RULES: Final = (PLANNED_FILLING, LOADED_FILLING)
