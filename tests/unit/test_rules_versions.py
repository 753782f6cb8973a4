"""The next version of a rule: what it takes over, what it changes, and under which name it says."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from tests.harness.rule_facts import AT
from tests.harness.rule_trips import trip
from waybill.rules.facts import Facts, Regime
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.register import get_rule
from waybill.rules.rule import RELIEVED, Rule, relieve, revise

BY: Final = frozenset({Regime.LIMITED})
ROAD: Final = frozenset({Phase.ROADSIDE})


def check(facts: Facts, at: datetime) -> Finding:
    return FIRST.finding(
        Outcome.PASSED, "fine", {"plate": facts.waybill.vehicle_plate, "at": at.isoformat()}
    )


def stricter(facts: Facts, at: datetime) -> Finding:
    return FIRST.finding(
        Outcome.FAILED, "bad", {"plate": facts.waybill.vehicle_plate, "at": at.isoformat()}
    )


FIRST: Final = replace(
    get_rule("DOC-01.state", 1),
    code="XXX-01",
    version=3,
    severity=Severity.WARN,
    reasons={"fine": Outcome.PASSED, "bad": Outcome.FAILED},
    check=check,
)


def shape(rule: Rule) -> Rule:
    """All of a rule but its check, which is told apart by what it answers."""
    return replace(rule, check=check)


def said(outcome: Outcome, reason: str) -> Finding:
    return Finding(
        code="XXX-01",
        version=4,
        severity=Severity.WARN,
        outcome=outcome,
        reason=reason,
        facts={"plate": "苏H12345", "at": AT.isoformat()},
    )


def test_a_relieved_rule_is_the_next_version_and_can_say_so() -> None:
    made = relieve(FIRST, edition="2099-01", by=BY)

    assert shape(made) == replace(
        FIRST,
        version=4,
        edition="2099-01",
        relieved_by=BY,
        reasons={
            "fine": Outcome.PASSED,
            "bad": Outcome.FAILED,
            RELIEVED: Outcome.NOT_APPLICABLE,
        },
    )
    assert made.check(trip(), AT) == said(Outcome.PASSED, "fine")


def test_a_relieved_rule_may_have_other_phases_and_another_check() -> None:
    made = relieve(FIRST, edition="2099-01", by=BY, phases=ROAD, check=stricter)

    assert shape(made) == replace(shape(relieve(FIRST, edition="2099-01", by=BY)), phases=ROAD)
    assert made.check(trip(), AT) == said(Outcome.FAILED, "bad")


def test_a_revised_rule_asks_the_same_in_other_phases() -> None:
    made = revise(FIRST, edition="2099-01", phases=ROAD)

    assert shape(made) == replace(FIRST, version=4, edition="2099-01", phases=ROAD)
    assert made.check(trip(), AT) == said(Outcome.PASSED, "fine")
