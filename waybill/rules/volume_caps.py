"""TNK-03: how large tank and vehicle may be for the most dangerous goods."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.codec import JsonValue
from waybill.registry.kinds import UnitBody
from waybill.rules.bases import BEFORE, ROAD_RULES_IN_FORCE, SECOND_EDITION, road_rules
from waybill.rules.classification import FIXED_TANKS, find_hazard_class, highly_toxic
from waybill.rules.facts import Answer, CarriageMode, Facts, GoodsFacts
from waybill.rules.figures import figure
from waybill.rules.finding import Finding, Outcome
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
from waybill.rules.subjects import Subject


def check_volume_caps(facts: Facts, _at: datetime) -> Finding:
    """Refuse explosives, strongly corrosive and highly toxic goods in too large a tank or vehicle.

    A tank-vehicle has at most 20 m³ for explosives and strongly corrosive goods, 10 m³ for highly
    toxic (剧毒) ones; tank-containers and portable tanks are excepted. A vehicle without a tank has
    a rated load of at most 10 t for any of these; container carriers are excepted. Each limit
    itself is allowed. Strongly corrosive is taken as class 8, packing group I.

    Source: provisions on the road transport of dangerous goods, article 8.
    """
    judged = list(_judge_all(facts)) or [not_applicable("no_capped_goods")]
    return VOLUME_CAPS.finding(*worst(judged))


def _judge_all(facts: Facts) -> Iterator[Judgement]:
    for line in facts.goods:
        toxic, harmful = highly_toxic(line), _is_explosive_or_corrosive(line)
        if harmful or toxic is not Answer.NO:
            judge = _judge_tank if line.mode is CarriageMode.TANK else _judge_vehicle
            yield judge(facts, line, toxic, harmful=harmful)


def _is_explosive_or_corrosive(line: GoodsFacts) -> bool:
    hazard_class = find_hazard_class(line)
    return hazard_class == "1" or (hazard_class == "8" and line.packing_group == "I")


def _judge_tank(facts: Facts, line: GoodsFacts, toxic: Answer, *, harmful: bool) -> Judgement:
    tank = facts.tank
    if tank is None:
        return unknown("not_registered", subject=Subject.TANK.value)
    seen = _about(line) | {"holder": tank.number, "capacity_l": mass_text(tank.capacity_l)}
    if tank.kind not in FIXED_TANKS:
        return not_applicable("tank_excepted", **seen)
    cap_l, toxic_cap_l = figure(facts, "tank_cap_l"), figure(facts, "tank_cap_highly_toxic_l")
    limits = [cap_l] if harmful else []
    if toxic is Answer.YES:
        limits.append(toxic_cap_l)
    if limits and tank.capacity_l > min(limits):
        return failed("tank_too_large", **seen, limit_l=mass_text(min(limits)))
    if toxic is Answer.ASK and tank.capacity_l > toxic_cap_l:
        return unknown("highly_toxic_unknown", **seen, limit_l=mass_text(toxic_cap_l))
    return passed("tank_within_cap", **seen, limit_l=mass_text(min([*limits, cap_l])))


def _judge_vehicle(facts: Facts, line: GoodsFacts, toxic: Answer, *, harmful: bool) -> Judgement:
    unit = facts.carrying_unit
    if unit is None:
        return unknown("unit_not_registered", **_about(line))
    seen = _about(line) | {"holder": unit.plate}
    if unit.body is UnitBody.CONTAINER_CARRIER:
        return not_applicable("container_carrier", **seen)
    limit_kg: Decimal = figure(facts, "vehicle_cap_kg")
    if unit.rated_load_kg is None:
        return unknown("rated_load_unknown", **seen)
    seen |= {"rated_kg": mass_text(unit.rated_load_kg), "limit_kg": mass_text(limit_kg)}
    if unit.rated_load_kg <= limit_kg:
        return passed("vehicle_within_cap", **seen)
    if unit.body is not None and (harmful or toxic is Answer.YES):
        return failed("vehicle_too_large", **seen)
    return unknown("body_unknown" if unit.body is None else "toxicity_unknown", **seen)


def _about(line: GoodsFacts) -> dict[str, JsonValue]:
    return {"position": line.position, "un_number": line.un_number}


VOLUME_CAP_REASONS: Final[Reasons] = {
    "no_capped_goods": Outcome.NOT_APPLICABLE,
    "tank_excepted": Outcome.NOT_APPLICABLE,
    "container_carrier": Outcome.NOT_APPLICABLE,
    "tank_within_cap": Outcome.PASSED,
    "vehicle_within_cap": Outcome.PASSED,
    "tank_too_large": Outcome.FAILED,
    "vehicle_too_large": Outcome.FAILED,
    "highly_toxic_unknown": Outcome.UNKNOWN,
    "toxicity_unknown": Outcome.UNKNOWN,
    "body_unknown": Outcome.UNKNOWN,
    "rated_load_unknown": Outcome.UNKNOWN,
    "not_registered": Outcome.UNKNOWN,
    "unit_not_registered": Outcome.UNKNOWN,
}
VOLUME_CAPS: Final = Rule(
    code="TNK-03.volume",
    version=1,
    title_zh="罐体容积和车辆核载不超过限额",
    title_en="Tank and vehicle not too large for these goods",
    basis=(road_rules("8"),),
    edition=SECOND_EDITION,
    in_force_from=ROAD_RULES_IN_FORCE,
    phases=BEFORE,
    confirmed=False,
    confirmed_note="Article 8 was not read; that strongly corrosive means class 8, packing group "
    "I, is believed.",
    reasons=VOLUME_CAP_REASONS,
    check=check_volume_caps,
    reads=(
        "tank.kind",
        "tank.capacity_l",
        "tractor.body",
        "tractor.rated_load_kg",
        "trailer.body",
        "trailer.rated_load_kg",
        "waybill.trailer_plate",
        "goods.mode",
        "goods.division",
        "goods.un_number",
        "goods.packing_group",
        "goods.highly_toxic",
        "goods.highly_toxic_declared",
    ),
)
RULES: Final = (VOLUME_CAPS,)
