"""Every answer of every rule, and what exactly is found."""

import pytest

from tests.harness.golden import EVERY, golden, golden_rules, written, written_rule
from tests.harness.rule_facts import AT, driver, escort, waybill
from tests.harness.rule_scenarios import SCENARIOS, scenario
from tests.harness.rule_trips import trip
from waybill.rules.finding import Finding
from waybill.rules.register import REGISTER, get_rule
from waybill.rules.rule import Rule


def judge(code: str, version: int, reason: str) -> Finding:
    return get_rule(code, version).check(scenario(code, version, reason), AT)


def test_there_is_a_trip_for_every_answer_that_a_rule_can_give() -> None:
    assert {(code, reason) for code, _, reason in EVERY} == {key[:2] for key in SCENARIOS}


def test_nothing_is_kept_of_answers_that_no_rule_gives() -> None:
    assert set(golden()) == {f"{code} v{version} {reason}" for code, version, reason in EVERY}


@pytest.mark.parametrize(("code", "version", "reason"), EVERY)
def test_a_rule_answers_exactly_what_it_always_answered(
    code: str, version: int, reason: str
) -> None:
    finding = judge(code, version, reason)

    assert finding.reason == reason
    assert written(finding) == golden()[f"{code} v{version} {reason}"]


@pytest.mark.parametrize("rule", REGISTER, ids=lambda rule: f"{rule.code} v{rule.version}")
def test_a_version_says_of_itself_what_it_always_said(rule: Rule) -> None:
    assert written_rule(rule) == golden_rules()[f"{rule.code} v{rule.version}"]


def test_nothing_is_kept_of_versions_that_there_are_not() -> None:
    assert set(golden_rules()) == {f"{rule.code} v{rule.version}" for rule in REGISTER}


def test_an_escort_with_the_drivers_reference_is_the_driver() -> None:
    rule = get_rule("ESC-01.not_driver", 1)

    by_record = rule.check(trip(escort=escort(reference=driver().reference)), AT)
    by_waybill = rule.check(trip(waybill=waybill(escort_reference=driver().reference)), AT)

    assert (by_record.reason, by_waybill.reason) == ("same_person", "same_person")
