"""A thousand made-up trips over the whole list: all judged, all explained, none cleared by luck."""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from tests.harness.generated_trips import GeneratedTrip, trips
from tests.harness.rule_facts import AT
from waybill.rules.assess import RULE_ERROR, Assessment, assess
from waybill.rules.explain import explain
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts, PhysicalState
from waybill.rules.finding import Outcome, Phase
from waybill.rules.register import current_edition
from waybill.rules.wording import LOCALES

SEED = 20261126
COUNT = 1_000
MISSING_WOULD_STOP = {
    "no driver", "no carrier", "no evidence", "no goods",
}  # fmt: skip
"""Flaws that no trip at all may be cleared with."""


@cache
def judged() -> tuple[tuple[GeneratedTrip, Assessment], ...]:
    """Judge the trips at the bay, once for all tests."""
    return tuple((made, judge(made.facts)) for made in trips(SEED, COUNT))


def judge(facts: Facts, phase: Phase = Phase.BEFORE_LOADING) -> Assessment:
    return assess(facts, at=AT, phase=phase, edition=current_edition())


def test_every_trip_is_answered_by_every_rule_and_by_none_with_a_breakdown() -> None:
    for made, assessment in judged():
        assert assessment.complete
        if made.flaw != "no figures":
            broken = [f.code for f in assessment.findings if f.reason == RULE_ERROR]
            assert broken == [], made


def test_every_finding_of_every_trip_is_explained_in_both_languages() -> None:
    said: set[tuple[str, int, str]] = set()
    for _, assessment in judged():
        for finding in assessment.findings:
            key = (finding.code, finding.version, finding.reason)
            if key in said and finding.outcome is Outcome.PASSED:
                continue
            said.add(key)
            for locale in LOCALES:
                words = explain(finding, locale)
                assert words.seen
                assert "{" not in words.seen + words.needed + words.cure


def test_trips_of_every_sort_were_made_and_some_of_them_are_cleared() -> None:
    flaws = Counter(made.flaw for made, _ in judged())
    cleared = [made for made, assessment in judged() if assessment.clears]
    modes = Counter(made.facts.goods[0].mode for made, _ in judged() if made.facts.goods)

    assert len(flaws) > 15
    assert len(cleared) > 20
    assert set(modes) == {CarriageMode.TANK, CarriageMode.PACKAGES}


@pytest.mark.parametrize("flaw", sorted(MISSING_WOULD_STOP))
def test_nothing_is_cleared_without_what_every_trip_needs(flaw: str) -> None:
    found = [assessment.clears for made, assessment in judged() if made.flaw == flaw]

    assert found
    assert not any(found)


def _without(line: GoodsFacts) -> dict[str, GoodsFacts]:
    """Return the line without each fact that its filling or mixing cannot be judged without."""
    lacking: dict[str, GoodsFacts] = {}
    liquid = line.mode is CarriageMode.TANK and line.physical_state is PhysicalState.LIQUID
    if liquid:
        lacking |= {
            "density": replace(line, density_kg_l=None, quantity_l=None),
            "expansion": replace(line, density_50_kg_l=None),
            "temperature": replace(line, filling_temperature_c=None),
        }
    if line.labels[:1] == ("1",):
        lacking["explosive mass"] = replace(line, net_explosive_mass_kg=None)
    return lacking


def test_what_was_cleared_is_not_cleared_once_a_fact_it_needs_is_missing() -> None:
    tried: Counter[str] = Counter()
    for made, assessment in judged():
        if not assessment.clears:
            continue
        for number, line in enumerate(made.facts.goods):
            for name, lacking in _without(line).items():
                goods = (*made.facts.goods[:number], lacking, *made.facts.goods[number + 1 :])
                tried[name] += 1
                assert not judge(replace(made.facts, goods=goods)).clears, (name, line.entry_key)

    assert tried["density"] > 5
