"""MIX-01.foodstuffs: toxic and infectious goods beside food."""

from datetime import datetime
from typing import Final

from waybill.rules.bases import (
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    adr,
    jtt_617,
)
from waybill.rules.classification import subject_lines
from waybill.rules.facts import Answer, CarriageMode, Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import Rule, failed, not_applicable, passed, unknown

_KEPT_FROM_FOOD: Final = "CV28"


def check_foodstuffs(facts: Facts, _at: datetime) -> Finding:
    """Refuse goods that must be kept from food on a unit that also carries food.

    The list's provision for loading CV28 says which goods: packages with labels 6.1 or 6.2, empty
    ones too, and some of Class 9. The law lets partitions or distance keep them apart; nothing
    declares those, so food aboard fails. Goods in a tank are apart by themselves.

    Source: JT/T 617.6; ADR 2025, 7.5.4.
    """
    un_numbers = [
        line.un_number
        for line in subject_lines(facts)
        if _KEPT_FROM_FOOD in line.loading_provisions and line.mode is not CarriageMode.TANK
    ]
    if not un_numbers:
        return FOODSTUFFS.finding(*not_applicable("none_to_keep_apart"))
    about = {"un_numbers": list(dict.fromkeys(un_numbers))}
    if facts.waybill.foodstuffs is Answer.YES:
        return FOODSTUFFS.finding(*failed("food_aboard", **about))
    if facts.waybill.foodstuffs is Answer.ASK:
        return FOODSTUFFS.finding(*unknown("not_declared", **about))
    return FOODSTUFFS.finding(*passed("no_food", **about))


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
RULES: Final = (FOODSTUFFS,)
