"""Judging by the law of another day, and comparing what was said with what is said again."""

from dataclasses import replace
from datetime import date

import pytest

from tests.harness.rule_facts import AT
from tests.harness.rule_trips import trip
from waybill.rules import assess as module
from waybill.rules.assess import Difference, assess, compare
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.register import current_edition, rules_in_force

BEFORE_ANY_LAW = date(2000, 1, 1)
EDITION = current_edition()


def finding(**changes: object) -> Finding:
    """Return a finding of a rule that passed."""
    fields: dict[str, object] = {
        "code": "GDS-01.carriage",
        "version": 1,
        "severity": Severity.STOP,
        "outcome": Outcome.PASSED,
        "reason": "allowed",
        "facts": {"position": 1},
        **changes,
    }
    return Finding(**fields)  # type: ignore[arg-type]


def test_the_rules_of_the_other_day_are_asked_at_this_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[date] = []

    def noted(on: date, phase: Phase, edition: str) -> tuple[object, ...]:
        asked.append(on)
        return rules_in_force(on, phase, edition)

    monkeypatch.setattr(module, "rules_in_force", noted)
    later = date(2031, 1, 1)

    found = assess(trip(), at=AT, phase=Phase.ISSUE, edition=EDITION, law_on=later)

    assert (found.complete, found.law_on, found.at) == (True, later, AT)
    assert asked == [later, later]


def test_without_another_day_that_of_the_moment_holds() -> None:
    plain = assess(trip(), at=AT, phase=Phase.ISSUE, edition=EDITION)
    named = assess(trip(), at=AT, phase=Phase.ISSUE, edition=EDITION, law_on=AT.date())

    assert plain.law_on is None
    assert plain.findings == named.findings


def test_a_day_without_law_clears_nothing() -> None:
    found = assess(trip(), at=AT, phase=Phase.ISSUE, edition=EDITION, law_on=BEFORE_ANY_LAW)

    assert (found.findings, found.complete, found.clears) == ((), False, False)


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({}, ()),
        ({"version": 2}, ("version",)),
        ({"severity": Severity.WARN}, ("severity",)),
        ({"outcome": Outcome.FAILED, "reason": "prohibited"}, ("outcome", "reason")),
        ({"facts": {"position": 2}}, ("facts",)),
    ],
)
def test_a_difference_names_its_parts(changes: dict[str, object], parts: tuple[str, ...]) -> None:
    one = Difference(code="GDS-01.carriage", stored=finding(), replayed=finding(**changes))

    assert one.parts == parts


def test_a_finding_that_is_missing_differs_as_a_whole() -> None:
    assert [
        Difference(code="GDS-01.carriage", stored=stored, replayed=replayed).parts
        for stored, replayed in ((None, finding()), (finding(), None))
    ] == [("finding",), ("finding",)]


def test_a_second_finding_of_one_code_is_a_difference() -> None:
    again = assess(trip(), at=AT, phase=Phase.ISSUE, edition=EDITION)
    first = module.findings_from_bytes(again.findings_bytes())
    forged = replace(first[0], outcome=Outcome.FAILED)

    assert compare(first, again) == ()
    assert compare((*first, forged), again) == (
        Difference(code=forged.code, stored=forged, replayed=None),
    )
    assert compare((*first, first[0]), again) == (
        Difference(code=forged.code, stored=first[0], replayed=None),
    )
    assert compare(first[1:], again) == (
        Difference(code=first[0].code, stored=None, replayed=first[0]),
    )
