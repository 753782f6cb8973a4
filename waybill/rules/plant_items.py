"""PLANT-01: a plant's own items, which two authorised people may override.

A plant adds to what the law asks, it never takes away: an override names one of the plant's items
and touches no other rule.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from waybill.codec import JsonValue
from waybill.rules.bases import AFTER, AT_BAY, ORDER_29_IN_FORCE, SECOND_EDITION
from waybill.rules.evidence import AnswerItem
from waybill.rules.facts import Facts, PlantItemFacts
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.questions import given_answer, has_photo
from waybill.rules.rule import (
    Basis,
    Judgement,
    Rule,
    failed,
    not_applicable,
    passed,
    unknown,
)

OVERRIDES_NEEDED: Final = 2
"""How many different accounts it takes to let a plant's item pass."""

PLANT_RULES: Final = Basis(
    regulation_zh="装货单位自查制度",
    regulation_en="The loader's own rules",
    article="",
)


class _State(StrEnum):
    """How one item stands."""

    FULFILLED = "fulfilled"
    OVERRIDDEN = "overridden"
    PHOTO_MISSING = "photo_missing"
    NOT_ANSWERED = "not_answered"
    ANSWERED_NO = "answered_no"


def is_overridden(facts: Facts, item: str) -> bool:
    """Whether two different accounts have let a plant's item pass."""
    return len(find_overriders(facts, item)) >= OVERRIDES_NEEDED


def find_overriders(facts: Facts, item: str) -> tuple[str, ...]:
    """Return the accounts that let a plant's item pass, knowing the answer it has now.

    Who let an open question pass has not let pass what was found when it was answered "no".
    """
    since = _refused_since(facts, item)
    overrides = facts.evidence.overrides(item)
    return tuple(sorted({each.by for each in overrides if since is None or each.at >= since}))


def _refused_since(facts: Facts, item: str) -> datetime | None:
    """Return since when the answer has been "no", `None` while it is not."""
    since: datetime | None = None
    for each in facts.evidence.items:
        if isinstance(each, AnswerItem) and each.question == item:
            since = None if each.answer == "yes" else since or each.at
    return since


def judge_items(facts: Facts, phase: Phase, *, stops: bool) -> Judgement:
    """Judge the plant's items of a phase, those that stop or those that only advise."""
    items = [i for i in facts.plant_items if i.phase is phase and i.stops is stops]
    if not items:
        return not_applicable("no_items")
    states = [(_state(facts, item), item) for item in items]
    for state in (_State.ANSWERED_NO, _State.NOT_ANSWERED, _State.PHOTO_MISSING):
        found = [item for each, item in states if each is state]
        if found:
            judge = failed if state is _State.ANSWERED_NO else unknown
            return judge(state.value, **_describe(found))
    overridden = [item for each, item in states if each is _State.OVERRIDDEN]
    if overridden:
        return passed("overridden", **_describe(overridden), count=len(overridden))
    return passed("fulfilled", **_describe(items))


def _state(facts: Facts, item: PlantItemFacts) -> _State:
    answer = given_answer(facts, item.id, item.phase)
    if answer and (not item.photo or has_photo(facts, item.id, item.phase)):
        return _State.FULFILLED
    if is_overridden(facts, item.id):
        return _State.OVERRIDDEN
    if answer is None:
        return _State.NOT_ANSWERED
    return _State.PHOTO_MISSING if answer else _State.ANSWERED_NO


def _describe(items: list[PlantItemFacts]) -> dict[str, JsonValue]:
    return {
        "items": [item.id for item in items],
        "items_zh": [item.question_zh for item in items],
        "items_en": [item.question_en for item in items],
    }


def check_before(facts: Facts, _at: datetime) -> Finding:
    """Refuse to load while an item of the plant stands that stops the load."""
    return BEFORE_LOADING.finding(*judge_items(facts, Phase.BEFORE_LOADING, stops=True))


def check_after(facts: Facts, _at: datetime) -> Finding:
    """Refuse to let a vehicle go while an item of the plant stands that stops it."""
    return AFTER_LOADING.finding(*judge_items(facts, Phase.AFTER_LOADING, stops=True))


def advise_before(facts: Facts, _at: datetime) -> Finding:
    """Warn of an item of the plant before loading that stops nothing."""
    return ADVICE_BEFORE.finding(*judge_items(facts, Phase.BEFORE_LOADING, stops=False))


def advise_after(facts: Facts, _at: datetime) -> Finding:
    """Warn of an item of the plant after loading that stops nothing."""
    return ADVICE_AFTER.finding(*judge_items(facts, Phase.AFTER_LOADING, stops=False))


BEFORE_LOADING: Final = Rule(
    code="PLANT-01.before",
    version=1,
    title_zh="装货单位自查项（装货前）",
    title_en="The plant's own items before loading",
    basis=(PLANT_RULES,),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=True,
    reasons={
        "fulfilled": Outcome.PASSED,
        "overridden": Outcome.PASSED,
        "no_items": Outcome.NOT_APPLICABLE,
        "answered_no": Outcome.FAILED,
        "not_answered": Outcome.UNKNOWN,
        "photo_missing": Outcome.UNKNOWN,
    },
    check=check_before,
    reads=(
        "plant_items.id",
        "plant_items.phase",
        "plant_items.photo",
        "plant_items.stops",
        "evidence.answer",
        "evidence.photos",
        "evidence.overrides",
    ),
)
AFTER_LOADING: Final = replace(
    BEFORE_LOADING,
    code="PLANT-01.after",
    title_zh="装货单位自查项（装货后）",
    title_en="The plant's own items after loading",
    phases=AFTER,
    check=check_after,
)
ADVICE_BEFORE: Final = replace(
    BEFORE_LOADING,
    code="PLANT-01.advice_before",
    title_zh="装货单位提示项（装货前）",
    title_en="The plant's advice before loading",
    check=advise_before,
    severity=Severity.WARN,
)
ADVICE_AFTER: Final = replace(
    AFTER_LOADING,
    code="PLANT-01.advice_after",
    title_zh="装货单位提示项（装货后）",
    title_en="The plant's advice after loading",
    check=advise_after,
    severity=Severity.WARN,
)
RULES: Final = (BEFORE_LOADING, AFTER_LOADING, ADVICE_BEFORE, ADVICE_AFTER)
