"""What holds for all answers, photos and overrides at the bay."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.harness.rule_facts import AT, goods
from tests.harness.rule_scenarios_handover import (
    CHLORINE,
    also,
    override,
    photo,
    plant_item,
    unanswered,
)
from tests.harness.rule_trips import answer, loaded_trip, trip
from waybill.rules.assess import assess
from waybill.rules.evidence import Evidence, EvidenceItem
from waybill.rules.facts import Facts
from waybill.rules.finding import Outcome, Phase, Severity
from waybill.rules.questions import all_photos, all_questions
from waybill.rules.register import current_edition, get_rule

IDS = [question.id for question in all_questions()]
ITEMS: list[EvidenceItem] = [
    *(answer(question) for question in [*IDS, "item-1"]),
    *(answer(question, "no") for question in [*IDS, "item-1"]),
    *(photo(each.shows) for each in all_photos()),
    photo("item-1"),
    override("user-1"),
    override("user-2"),
]
GIVEN = st.lists(st.sampled_from(ITEMS), max_size=60)
PHASES = st.sampled_from([Phase.BEFORE_LOADING, Phase.AFTER_LOADING])
LAW = [(rule, 1) for rule in sorted({question.rule for question in all_questions()})]


def toxic_trip(*items: EvidenceItem) -> Facts:
    """Return chlorine with an item of the plant in each phase and only these answers."""
    facts = loaded_trip(
        goods=(goods(**CHLORINE),),
        plant_items=(plant_item(photo=True), plant_item(phase=Phase.AFTER_LOADING)),
    )
    return also(unanswered(facts), *items)


def stands(facts: Facts, phase: Phase) -> frozenset[str]:
    """Return the codes of what stops."""
    verdict = assess(facts, at=AT, phase=phase, edition=current_edition())
    return frozenset(f.code for f in verdict.standing if f.severity is Severity.STOP)


@given(GIVEN, st.integers(min_value=0), PHASES)
def test_leaving_out_anything_but_a_no_never_lets_more_pass(
    items: list[EvidenceItem], place: int, phase: Phase
) -> None:
    left_out = place % len(items) if items else 0
    fewer = [
        item
        for number, item in enumerate(items)
        if number != left_out or getattr(item, "answer", "yes") == "no"
    ]

    assert stands(toxic_trip(*items), phase) <= stands(toxic_trip(*fewer), phase)


@given(GIVEN, PHASES)
def test_nothing_said_at_the_bay_lets_a_no_of_the_law_pass(
    items: list[EvidenceItem], phase: Phase
) -> None:
    refused = [question for question in all_questions() if question.phase is phase]
    facts = toxic_trip(*items, *(answer(question.id, "no") for question in refused))

    for code, version in LAW:
        rule = get_rule(code, version)
        if phase in rule.phases:
            assert rule.check(facts, AT).outcome in {Outcome.FAILED, Outcome.NOT_APPLICABLE}


@given(st.lists(st.sampled_from(["user-1", "user-2", "user-3"]), max_size=6))
def test_an_item_passes_exactly_when_two_accounts_let_it(accounts: list[str]) -> None:
    facts = also(trip(plant_items=(plant_item(),)), *(override(by) for by in accounts))

    passed = get_rule("PLANT-01.before", 1).check(facts, AT).outcome is Outcome.PASSED

    assert passed is (len(set(accounts)) > 1)


@given(GIVEN, PHASES)
def test_overrides_bear_on_the_plants_items_alone(items: list[EvidenceItem], phase: Phase) -> None:
    facts = toxic_trip(*items)
    overridden = also(facts, override("user-1"), override("user-2"))

    changed = stands(facts, phase) ^ stands(overridden, phase)

    assert changed <= {"PLANT-01.before", "PLANT-01.after"}


@given(GIVEN)
def test_without_items_of_the_plant_its_rules_ask_nothing(items: list[EvidenceItem]) -> None:
    facts = replace(toxic_trip(), plant_items=(), evidence=Evidence(items=tuple(items)))

    for code in ("before", "after", "advice_before", "advice_after"):
        assert get_rule(f"PLANT-01.{code}", 1).check(facts, AT).reason == "no_items"
