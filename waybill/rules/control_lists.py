"""DOC-04: the lists of controlled chemicals that goods are on."""

from datetime import datetime
from typing import Final

from waybill.codec import JsonValue
from waybill.rules.bases import (
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    drug_precursor_regulations,
    hazchem_regulations,
)
from waybill.rules.facts import Answer, Facts, GoodsFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.permit_needs import (
    DRUG_PRECURSORS,
    EXPLOSIVE_PRECURSORS,
    SPECIAL_CONTROL,
    find_control,
)
from waybill.rules.rule import Judgement, Rule, not_applicable, passed, unknown

LISTS: Final = (EXPLOSIVE_PRECURSORS, DRUG_PRECURSORS, SPECIAL_CONTROL)
"""Precursors of explosives (易制爆) and of drugs (易制毒), special control (特别管控)."""


def check_control_lists(facts: Facts, _at: datetime) -> Finding:
    """Say which lists of controlled chemicals the goods are on, and where somebody must look.

    Goods that a list may mean, by concentration or technical name, and goods that nobody has
    looked up are left to a person. It warns: the permits that follow are rules of their own.

    Source: regulations on hazardous chemicals, article 23; regulations on drug precursors,
    article 20.
    """
    return CONTROL_LISTS.finding(*_control_lists(facts))


def _control_lists(facts: Facts) -> Judgement:
    if not facts.goods:
        return unknown("no_goods")
    open_ = _found(facts, Answer.ASK)
    if open_["lists"]:
        return unknown("not_settled", **open_)
    on_lists = _found(facts, Answer.YES)
    return passed("on_lists", **on_lists) if on_lists["lists"] else not_applicable("on_no_list")


def _found(facts: Facts, answer: Answer) -> dict[str, JsonValue]:
    lists = [kind for kind in LISTS if any(_on(g, kind) is answer for g in facts.goods)]
    goods = [g.un_number for g in facts.goods if any(_on(g, kind) is answer for kind in LISTS)]
    return {"lists": [*lists], "un_numbers": [*goods]}


def _on(line: GoodsFacts, kind: str) -> Answer:
    control = find_control(line, kind)
    answer = control.answer if control else Answer.ASK
    settled = kind == DRUG_PRECURSORS and answer is Answer.ASK
    return line.drug_precursor_declared if settled else answer


CONTROL_LISTS: Final = Rule(
    code="DOC-04.controls",
    version=1,
    title_zh="易制爆、易制毒、特别管控化学品目录",
    title_en="Lists of controlled chemicals: precursors of explosives and drugs, special control",
    basis=(hazchem_regulations("23"), drug_precursor_regulations("20")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note="Which duties the lists bring for the carriage was not read for all of them.",
    reasons={
        "on_lists": Outcome.PASSED,
        "on_no_list": Outcome.NOT_APPLICABLE,
        "not_settled": Outcome.UNKNOWN,
        "no_goods": Outcome.UNKNOWN,
    },
    check=check_control_lists,
    severity=Severity.WARN,
    reads=("goods.controls", "goods.drug_precursor_declared"),
)
RULES: Final = (CONTROL_LISTS,)
