"""A verdict judged again: where it differs from what was stored, and in which parts."""

from dataclasses import replace
from datetime import date

import pytest

from tests.harness.rule_facts import AT
from tests.harness.rule_trips import trip
from waybill.rules.assess import Assessment, Difference, assess, compare, findings_from_bytes
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.register import current_edition

FINDING = Finding(
    code="XXX-01",
    version=1,
    severity=Severity.STOP,
    outcome=Outcome.PASSED,
    reason="fine",
    facts={"plate": "苏H12345"},
)


def judged() -> Assessment:
    return assess(trip(), at=AT, phase=Phase.BEFORE_LOADING, edition=current_edition())


@pytest.mark.parametrize(
    ("replayed", "parts"),
    [
        pytest.param(FINDING, (), id="nothing"),
        pytest.param(replace(FINDING, version=2), ("version",), id="version"),
        pytest.param(replace(FINDING, severity=Severity.WARN), ("severity",), id="severity"),
        pytest.param(
            replace(FINDING, outcome=Outcome.FAILED, reason="bad"), ("outcome", "reason"), id="both"
        ),
        pytest.param(replace(FINDING, facts={}), ("facts",), id="facts"),
        pytest.param(None, ("finding",), id="there is none"),
    ],
)
def test_a_difference_names_its_parts(replayed: Finding | None, parts: tuple[str, ...]) -> None:
    there = Difference(code="XXX-01", stored=FINDING, replayed=replayed)
    back = Difference(code="XXX-01", stored=replayed, replayed=FINDING)

    assert (there.parts, back.parts) == (parts, parts)


def test_a_second_finding_of_a_code_differs_whatever_it_says() -> None:
    again = judged()
    first, *others = again.findings
    other = replace(first, outcome=Outcome.FAILED)

    assert compare((first, *others, first), again) == (
        Difference(code=first.code, stored=first, replayed=None),
    )
    assert compare((other, *others, first), again) == (
        Difference(code=first.code, stored=other, replayed=first),
        Difference(code=first.code, stored=first, replayed=None),
    )


def test_what_was_stored_of_a_rule_that_is_not_asked_is_named() -> None:
    again = judged()

    assert compare((FINDING, *again.findings), again) == (
        Difference(code="XXX-01", stored=FINDING, replayed=None),
    )


def test_stored_findings_hold_no_floats() -> None:
    stored = replace(judged(), findings=(FINDING,)).findings_bytes()

    assert findings_from_bytes(stored) == (FINDING,)
    with pytest.raises(ValueError, match="a number with a fraction"):
        findings_from_bytes(stored.replace('"苏H12345"'.encode(), b"1.5"))


def test_what_is_wrong_with_foreign_bytes_is_said() -> None:
    with pytest.raises(ValueError, match="Expected `array`, got `object`"):
        findings_from_bytes(b"{}")
    with pytest.raises(ValueError, match="Object missing required field `waybill`"):
        Facts.from_bytes(b"{}")


def test_the_rules_of_another_day_may_be_asked_about_papers_of_today() -> None:
    day = date(2025, 3, 31)

    then = assess(trip(), at=AT, phase=Phase.BEFORE_LOADING, edition=current_edition(), law_on=day)

    asked = {finding.code for finding in then.findings}
    dates = next(finding for finding in then.findings if finding.code == "DOC-01.dates")
    assert ("HAND-01.lamp" in asked, "HAND-01.orange_plates" in asked) == (True, False)
    assert (then.law_on, then.at, then.complete) == (day, AT, True)
    assert dates.facts == {"planned_on": "2026-11-22", "on": "2026-11-22"}
    assert not replace(then, law_on=None).complete
