"""VEH-04: whether the vehicles are of the kind that the goods ask for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from waybill.goods.vehicle_kinds import KINDS_THAT_SATISFY, vehicle_satisfies
from waybill.rules.bases import (
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    adr,
    jtt_617,
)
from waybill.rules.classification import FIXED_TANKS, find_hazard_class, tank_lines
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts, Regime, UnitFacts
from waybill.rules.figures import figure
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import (
    RELIEVED,
    Judgement,
    Reasons,
    Rule,
    failed,
    not_applicable,
    passed,
    unknown,
    worst,
)
from waybill.rules.subjects import Subject, describe

_EX_II: Final = "EX/II"
_BY_TANK_SIZE: Final = frozenset({"FL", "AT"})
_EXPLOSIVES: Final = "1"
_IN_EX_VEHICLES: Final = "V2"
_UNREAD: Final = "JT/T 617 was not read for it; the rule is ADR's, read in secondary texts."


def check_tank_carriage(facts: Facts, _at: datetime) -> Finding:
    """Refuse vehicles that are not approved for what the list asks of tanks (FL, AT, EX/III).

    Both the drawing and the load-bearing vehicle must be approved. An FL vehicle may carry what
    asks for AT, never the other way. FL and AT are asked only for tanks above a capacity, which is
    higher for tank-containers and portable tanks; a tank that is not on record counts as large.
    Every row that may go in tanks names a kind, so that a row without one is not settled.

    Source: JT/T 617; ADR 2025, 7.4.2 and 9.1.1.2.
    """
    lines = tank_lines(facts)
    if not facts.goods:
        return TANK_CARRIAGE.finding(*unknown("no_goods"))
    if not lines:
        return TANK_CARRIAGE.finding(*not_applicable("no_tank_goods"))
    judged = (j for line in lines for j in _judge_tank_line(facts, line))
    return TANK_CARRIAGE.finding(*worst(judged))


def _judge_tank_line(facts: Facts, line: GoodsFacts) -> Iterator[Judgement]:
    asked = line.vehicle_for_tank_carriage
    if asked not in KINDS_THAT_SATISFY:
        yield unknown("kind_unknown", un_number=line.un_number, asked=asked)
    elif asked in _BY_TANK_SIZE and (small := _find_small_tank(facts, line)):
        yield small
    else:
        yield from _judge_units(facts, line, asked)


def _find_small_tank(facts: Facts, line: GoodsFacts) -> Judgement | None:
    """Return what follows where the tank is too small to ask for a kind of vehicle."""
    tank = facts.tank
    if tank is None:
        return None
    fixed = tank.kind in FIXED_TANKS
    key = "vehicle_kind_fixed_tank_over_l" if fixed else "vehicle_kind_container_over_l"
    limit_l = figure(facts, key)
    if tank.capacity_l > limit_l:
        return None
    return not_applicable(
        "small_tank",
        un_number=line.un_number,
        holder=tank.number,
        capacity_l=f"{tank.capacity_l:f}",
        limit_l=f"{limit_l:f}",
    )


def check_packages(facts: Facts, _at: datetime) -> Finding:
    """Refuse packages of explosives on vehicles that are neither EX/II nor EX/III.

    By V2 of the list; which of the two follows from the mass of explosives, for another rule. Both
    vehicles of a combination must be approved. An explosive whose row does not say V2 is not
    settled. No other goods in packages ask for a kind of vehicle.

    Source: JT/T 617; ADR 2025, 7.2.4 (V2) and 9.1.1.2.
    """
    return PACKAGES.finding(*_packages(facts))


def _packages(facts: Facts) -> Judgement:
    if not facts.goods:
        return unknown("no_goods")
    lines = [line for line in facts.goods if line.mode is CarriageMode.PACKAGES]
    asking = [line for line in lines if _IN_EX_VEHICLES in line.package_provisions]
    judged = [j for line in asking for j in _judge_units(facts, line, _EX_II)]
    judged += [
        unknown("provision_unknown", un_number=line.un_number)
        for line in lines
        if line not in asking and find_hazard_class(line) == _EXPLOSIVES
    ]
    return worst(judged) if judged else not_applicable("none_asked")


def _judge_units(facts: Facts, line: GoodsFacts, asked: str) -> Iterator[Judgement]:
    yield _judge_unit(Subject.TRACTOR, facts.tractor, line, asked)
    if facts.waybill.trailer_plate is not None:
        yield _judge_unit(Subject.TRAILER, facts.trailer, line, asked)


def _judge_unit(
    subject: Subject, unit: UnitFacts | None, line: GoodsFacts, asked: str
) -> Judgement:
    if unit is None:
        return unknown("not_registered", subject=subject.value)
    about = describe(subject, unit)
    about |= {"un_number": line.un_number, "asked": asked, "approval": unit.approval.value}
    suits = vehicle_satisfies(unit.approval.value, asked)
    return passed("approved", **about) if suits else failed("not_approved", **about)


_UNIT_REASONS: Final[Reasons] = {
    "approved": Outcome.PASSED,
    "not_approved": Outcome.FAILED,
    "not_registered": Outcome.UNKNOWN,
    "no_goods": Outcome.UNKNOWN,
}

TANK_CARRIAGE: Final = Rule(
    code="VEH-04.tank_carriage",
    version=1,
    title_zh="罐式运输车辆类型（FL、AT、EX/III）",
    title_en="Kind of vehicle for tanks: FL, AT, EX/III",
    basis=(jtt_617("3"), adr("7.4.2"), adr("9.1.1.2")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=_UNREAD,
    reasons={
        **_UNIT_REASONS,
        "no_tank_goods": Outcome.NOT_APPLICABLE,
        "small_tank": Outcome.NOT_APPLICABLE,
        "kind_unknown": Outcome.UNKNOWN,
    },
    check=check_tank_carriage,
    reads=(
        "goods.mode",
        "goods.vehicle_for_tank_carriage",
        "tank.kind",
        "tank.capacity_l",
        "waybill.trailer_plate",
        "tractor.approval",
        "trailer.approval",
    ),
)
PACKAGES: Final = Rule(
    code="VEH-04.packages",
    version=1,
    title_zh="爆炸品包件运输车辆类型（EX/II、EX/III）",
    title_en="Kind of vehicle for explosives in packages: EX/II, EX/III",
    basis=(jtt_617("3"), adr("7.2.4"), adr("9.1.1.2")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=_UNREAD,
    reasons={
        **_UNIT_REASONS,
        "none_asked": Outcome.NOT_APPLICABLE,
        "provision_unknown": Outcome.UNKNOWN,
        RELIEVED: Outcome.NOT_APPLICABLE,
    },
    check=check_packages,
    reads=(
        "goods.mode",
        "goods.division",
        "goods.package_provisions",
        "waybill.trailer_plate",
        "tractor.approval",
        "trailer.approval",
    ),
    relieved_by=frozenset({Regime.LIMITED, Regime.EXCEPTED}),
)
RULES: Final = (TANK_CARRIAGE, PACKAGES)
