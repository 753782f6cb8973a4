"""TNK-03: whether what is planned may be borne by unit, tank and combination, by mass."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.rules.bases import FIRST_EDITION, ON_THE_WAY, ORDER_29_IN_FORCE, order_29
from waybill.rules.classification import FIXED_TANKS
from waybill.rules.facts import CarriageMode, Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import Judgement, Reasons, Rule, failed, passed, unknown, worst

_NOTHING: Final = Decimal(0)

MASS_REASONS: Final[Reasons] = {
    "within_limits": Outcome.PASSED,
    "over_rated_load": Outcome.FAILED,
    "over_tank_load": Outcome.FAILED,
    "over_trailer_mass": Outcome.FAILED,
    "unit_not_registered": Outcome.UNKNOWN,
    "tank_not_registered": Outcome.UNKNOWN,
    "rated_load_unknown": Outcome.UNKNOWN,
    "tank_tare_unknown": Outcome.UNKNOWN,
    "trailer_mass_unknown": Outcome.UNKNOWN,
    "trailer_tare_unknown": Outcome.UNKNOWN,
    "quantity_invalid": Outcome.UNKNOWN,
    "no_goods": Outcome.UNKNOWN,
}


def check_planned_mass(facts: Facts, _at: datetime) -> Finding:
    """Refuse a plan that is heavier than unit, tank or combination may carry.

    The goods, with the tare of a demountable tank, are at most the rated load mass (核定载质量) of
    the unit that bears them; the goods in the tank at most the tank's own rated load where it has
    one; trailer and load together at most what the vehicle may draw (准牵引总质量). Each limit
    itself is allowed.

    Source: Order 29/2019, articles 23 and 28.
    """
    planned = {line.position: line.quantity_kg for line in facts.goods}
    return PLANNED_MASS.finding(*judge_mass(facts, planned))


def judge_mass(facts: Facts, quantities_kg: dict[int, Decimal]) -> Judgement:
    """Judge quantities per goods line, kilograms by position, against every limit of mass."""
    if not quantities_kg:
        return unknown("no_goods")
    if any(not quantity.is_finite() or quantity <= _NOTHING for quantity in quantities_kg.values()):
        return unknown("quantity_invalid")
    goods_kg = sum(quantities_kg.values(), _NOTHING)
    in_tank = [g.position for g in facts.goods if g.mode is CarriageMode.TANK]
    in_tank_kg = sum((quantities_kg[n] for n in in_tank if n in quantities_kg), _NOTHING)
    return worst(_judge_limits(facts, goods_kg, in_tank_kg))


def _judge_limits(facts: Facts, goods_kg: Decimal, in_tank_kg: Decimal) -> Iterator[Judgement]:
    tare_kg = _demountable_tare(facts)
    if tare_kg is None:
        yield unknown("tank_tare_unknown", goods_kg=mass_text(goods_kg))
        tare_kg = _NOTHING
    load_kg = goods_kg + tare_kg
    # The unit comes first: where nothing stands, its figures are the ones to show.
    yield _judge_unit(facts, load_kg)
    if facts.waybill.trailer_plate is not None:
        yield _judge_combination(facts, load_kg)
    yield from _judge_tank(facts, in_tank_kg)


def _demountable_tare(facts: Facts) -> Decimal | None:
    """Return the mass of a tank that is itself load, nothing for a fixed one or for none.

    The kind decides: a tank-container stays load also where it is on record as set on a unit.
    """
    tank = facts.tank
    if tank is None or tank.kind in FIXED_TANKS:
        return _NOTHING
    return tank.tare_kg


def _judge_unit(facts: Facts, load_kg: Decimal) -> Judgement:
    unit = facts.carrying_unit
    if unit is None:
        return unknown("unit_not_registered", load_kg=mass_text(load_kg))
    if unit.rated_load_kg is None:
        return unknown("rated_load_unknown", holder=unit.plate, load_kg=mass_text(load_kg))
    return _compare(load_kg, unit.rated_load_kg, "over_rated_load", unit.plate)


def _judge_tank(facts: Facts, in_tank_kg: Decimal) -> Iterator[Judgement]:
    tank = facts.tank
    if tank is not None and tank.rated_load_kg is not None:
        yield _compare(in_tank_kg, tank.rated_load_kg, "over_tank_load", tank.number)
    if tank is None and facts.waybill.tank_number is not None:
        yield unknown("tank_not_registered", holder=facts.waybill.tank_number)


def _judge_combination(facts: Facts, load_kg: Decimal) -> Judgement:
    tractor, trailer = facts.tractor, facts.trailer
    if tractor is None or trailer is None:
        return unknown("unit_not_registered", load_kg=mass_text(load_kg))
    if tractor.max_trailer_mass_kg is None:
        return unknown("trailer_mass_unknown", holder=tractor.plate, load_kg=mass_text(load_kg))
    if trailer.tare_kg is None:
        return unknown("trailer_tare_unknown", holder=trailer.plate, load_kg=mass_text(load_kg))
    limit_kg = tractor.max_trailer_mass_kg - trailer.tare_kg
    return _compare(load_kg, limit_kg, "over_trailer_mass", tractor.plate)


def _compare(load_kg: Decimal, limit_kg: Decimal, reason: str, holder: str) -> Judgement:
    about = {"holder": holder, "load_kg": mass_text(load_kg), "limit_kg": mass_text(limit_kg)}
    if load_kg > limit_kg:
        return failed(reason, **about, over_kg=mass_text(load_kg - limit_kg))
    return passed("within_limits", **about)


def mass_text(mass_kg: Decimal) -> str:
    """Return a mass as plain decimal text, the same for 28500, 28500.0 and 2.85E+4."""
    text = f"{mass_kg:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


PLANNED_MASS: Final = Rule(
    code="TNK-03.mass",
    version=1,
    title_zh="计划装载质量不超过核定载质量",
    title_en="Planned mass within the rated loads",
    basis=(order_29("23"), order_29("28")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note="Article 23 was read, article 28 was not.",
    reasons=MASS_REASONS,
    reads=(
        "waybill.tank_number",
        "waybill.trailer_plate",
        "tractor.max_trailer_mass_kg",
        "tractor.rated_load_kg",
        "trailer.rated_load_kg",
        "trailer.tare_kg",
        "tank.kind",
        "tank.rated_load_kg",
        "tank.tare_kg",
        "goods.mode",
        "goods.quantity_kg",
    ),
    check=check_planned_mass,
)
RULES: Final = (PLANNED_MASS,)
