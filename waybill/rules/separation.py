"""MIX-01: limited quantities beside explosives, toxic and infectious goods beside food."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from waybill.codec import JsonValue
from waybill.rules.bases import (
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    adr,
    jtt_617,
    order_29,
)
from waybill.rules.classification import find_hazard_class, is_explosive, subject_lines
from waybill.rules.facts import Answer, CarriageMode, Facts, GoodsFacts, Regime
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import Rule, failed, not_applicable, passed, unknown

_KEPT_FROM_FOOD: Final = "CV28"


def check_limited_beside_explosives(facts: Facts, _at: datetime) -> Finding:
    """Refuse limited quantities beside explosives, whatever the explosives' division.

    What the line declares counts, also where its limits are not kept. Explosives that are
    themselves limited quantities (cartridges) stand beside each other by their groups. Goods of
    which no class is known may be explosives.

    Source: Order 29/2019, article 20. ADR 2025, 7.5.2.4 excepts Division 1.4; article 20 does not.
    """
    lines = subject_lines(facts)
    limited = [line for line in lines if line.regime is Regime.LIMITED]
    if not limited:
        return LIMITED.finding(*not_applicable("no_limited"))
    beside = [(line, other) for line in limited for other in lines if line is not other]
    about: dict[str, JsonValue] = {"un_numbers": _numbers(limited)}
    explosives = [other for line, other in beside if _clashes(line, other)]
    if explosives:
        return LIMITED.finding(
            *failed("with_explosives", **about, beside_un_numbers=_numbers(explosives))
        )
    unclear = [other for _, other in beside if find_hazard_class(other) is None]
    if unclear:
        return LIMITED.finding(
            *unknown("class_unknown", **about, beside_un_numbers=_numbers(unclear))
        )
    return LIMITED.finding(*passed("no_explosives", **about))


def _clashes(limited: GoodsFacts, other: GoodsFacts) -> bool:
    both = is_explosive(limited) and other.regime is Regime.LIMITED
    return is_explosive(other) and not both


def check_foodstuffs(facts: Facts, _at: datetime) -> Finding:
    """Refuse goods that must be kept from food on a unit that also carries food.

    The list's provision for loading CV28 says which goods: packages with labels 6.1 or 6.2, empty
    ones too, and some of Class 9. The law lets partitions or distance keep them apart; nothing
    declares those, so food aboard fails. Goods in a tank are apart by themselves.

    Source: JT/T 617.6; ADR 2025, 7.5.4.
    """
    kept_apart = [
        line
        for line in subject_lines(facts)
        if _KEPT_FROM_FOOD in line.loading_provisions and line.mode is not CarriageMode.TANK
    ]
    if not kept_apart:
        return FOODSTUFFS.finding(*not_applicable("none_to_keep_apart"))
    about: dict[str, JsonValue] = {"un_numbers": _numbers(kept_apart)}
    if facts.waybill.foodstuffs is Answer.YES:
        return FOODSTUFFS.finding(*failed("food_aboard", **about))
    if facts.waybill.foodstuffs is Answer.ASK:
        return FOODSTUFFS.finding(*unknown("not_declared", **about))
    return FOODSTUFFS.finding(*passed("no_food", **about))


def _numbers(lines: Iterable[GoodsFacts]) -> list[JsonValue]:
    """Return the UN numbers of lines, each once, in order."""
    numbers: list[JsonValue] = list(dict.fromkeys(line.un_number for line in lines))
    return numbers


LIMITED: Final = Rule(
    code="MIX-01.limited_with_explosives",
    version=1,
    title_zh="有限数量货物不得与爆炸品混装",
    title_en="No limited quantities beside explosives",
    basis=(order_29("20"), adr("7.5.2.4")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=True,
    reasons={
        "no_explosives": Outcome.PASSED,
        "no_limited": Outcome.NOT_APPLICABLE,
        "with_explosives": Outcome.FAILED,
        "class_unknown": Outcome.UNKNOWN,
    },
    check=check_limited_beside_explosives,
    reads=("goods.regime", "goods.division", "goods.un_number"),
)
FOODSTUFFS: Final = Rule(
    code="MIX-01.foodstuffs",
    version=1,
    title_zh="毒性、感染性货物与食品隔离",
    title_en="Toxic and infectious goods kept from food",
    basis=(jtt_617("6"), adr("7.5.4")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note="JT/T 617.6 was not read; ADR 2025, 7.5.4 stands in for it.",
    reasons={
        "no_food": Outcome.PASSED,
        "none_to_keep_apart": Outcome.NOT_APPLICABLE,
        "food_aboard": Outcome.FAILED,
        "not_declared": Outcome.UNKNOWN,
    },
    check=check_foodstuffs,
    reads=("waybill.foodstuffs", "goods.loading_provisions", "goods.mode"),
)
RULES: Final = (LIMITED, FOODSTUFFS)
