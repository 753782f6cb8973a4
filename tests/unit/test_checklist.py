"""The guided check: every rule has its step, and a step says how it stands."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.checklist import (
    MISSING_REASONS,
    STEPS,
    Step,
    StepKind,
    StepState,
    step_of_code,
    steps,
)
from tests.harness.rule_facts import AT
from tests.harness.rule_scenarios_handover import (
    also,
    plant_item,
)
from tests.harness.rule_trips import answer, trip
from waybill.rules.assess import assess
from waybill.rules.evidence import (
    Evidence,
    Presentation,
    ScanItem,
    ScanKind,
)
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.register import REGISTER, current_edition

BEFORE = [rule for rule in REGISTER if Phase.BEFORE_LOADING in rule.phases]


def clean() -> Facts:
    """Return facts of a trip on which every rule is content, the plant's own too."""
    return also(trip(plant_items=(plant_item(),)), answer("item-1"))


def findings_of(facts: Facts) -> tuple[Finding, ...]:
    """Judge facts at the bay."""
    return assess(facts, at=AT, phase=Phase.BEFORE_LOADING, edition=current_edition()).findings


def by_kind(facts: Facts) -> dict[StepKind, Step]:
    """Return the steps of facts by their kind."""
    return {step.kind: step for step in steps(facts, findings_of(facts))}


def scan(kind: ScanKind, *, problem: str = "", subject: str = "x") -> ScanItem:
    """Return a code that was shown."""
    return ScanItem(
        kind=kind,
        presentation=Presentation.SIGNED_QR,
        subject=subject,
        at=AT,
        problem=problem,
        card_version=1,
    )


def finding(code: str, outcome: Outcome, reason: str = "any") -> Finding:
    """Return what a rule said."""
    return Finding(code=code, version=1, severity=Severity.STOP, outcome=outcome, reason=reason)


def test_every_rule_of_the_bay_belongs_to_one_step() -> None:
    codes = [code for step in STEPS for code in step.codes]
    families = [family for step in STEPS for family in step.families]

    assert [rule.code for rule in BEFORE if step_of_code(rule.code) is None] == []
    assert len(codes) == len(set(codes))
    assert len(families) == len(set(families))


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("TNK-03.mass", StepKind.GOODS),
        ("TNK-02.approved", StepKind.TANK),
        ("VEH-03.trailer_inspection", StepKind.TRAILER),
        ("VEH-03.insurance", StepKind.VEHICLE),
        ("HAND-01.orange_plates", StepKind.SIGNS),
        ("HAND-02.before", StepKind.CLOSING_LIST),
        ("DOC-03.emergency_phone", StepKind.PAPERS),
        ("DOC-04.highly_toxic", StepKind.GOODS),
        ("PLANT-01.before", StepKind.PLANT_ITEMS),
        ("NEW-01", None),
    ],
)
def test_a_code_belongs_to_the_step_that_names_it_else_to_that_of_its_family(
    code: str, step: StepKind | None
) -> None:
    assert step_of_code(code) is step


def test_there_is_one_step_of_each_kind_in_the_order_of_the_list() -> None:
    assert [step.kind for step in STEPS] == list(StepKind)


def test_every_reason_for_missing_is_one_that_a_rule_gives() -> None:
    given_reasons = {reason for rule in BEFORE for reason in rule.reasons}

    assert given_reasons >= MISSING_REASONS


def test_a_clean_check_has_every_step_passed() -> None:
    found = {kind: (step.needed, step.state) for kind, step in by_kind(clean()).items()}

    assert found == dict.fromkeys(StepKind, (True, StepState.PASSED))


def test_a_check_without_evidence_misses_what_is_shown_and_seen() -> None:
    found = by_kind(replace(clean(), evidence=Evidence(), supervisor=None))

    assert {kind for kind, step in found.items() if step.state is StepState.MISSING} == {
        StepKind.WAYBILL,
        StepKind.VEHICLE,
        StepKind.TRAILER,
        StepKind.TANK,
        StepKind.DRIVER,
        StepKind.ESCORT,
        StepKind.SUPERVISOR,
        StepKind.PLATE,
        StepKind.TRAILER_PLATE,
        StepKind.GOODS,
        StepKind.SIGNS,
        StepKind.CLOSING_LIST,
        StepKind.PAPERS,
        StepKind.PLANT_ITEMS,
    }


def test_a_plant_without_items_has_no_step_for_them() -> None:
    after = plant_item(phase=Phase.AFTER_LOADING)

    assert not by_kind(trip())[StepKind.PLANT_ITEMS].needed
    assert not by_kind(trip(plant_items=(after,)))[StepKind.PLANT_ITEMS].needed


def test_a_trip_without_a_trailer_needs_no_trailer() -> None:
    facts = clean()
    waybill = replace(facts.waybill, trailer_plate=None, trailer_plate_colour=None)

    found = by_kind(replace(facts, waybill=waybill, trailer=None))

    assert not found[StepKind.TRAILER].needed
    assert not found[StepKind.TRAILER_PLATE].needed
    # A trailer was shown all the same.
    assert found[StepKind.TRAILER].state is StepState.FAILED


def test_packages_need_no_tank() -> None:
    facts = clean()
    goods = tuple(replace(line, mode="packages") for line in facts.goods)  # type: ignore[arg-type]  # the stored value
    waybill = replace(facts.waybill, tank_number=None)

    found = by_kind(replace(facts, waybill=waybill, goods=goods, tank=None))

    assert not found[StepKind.TANK].needed


def test_a_failure_outweighs_what_is_missing() -> None:
    findings = (
        finding("DOC-02.driver", Outcome.UNKNOWN, "not_scanned"),
        finding("DRV-01.licence", Outcome.FAILED, "expired"),
    )

    found = {step.kind: step.state for step in steps(clean(), findings)}

    assert found[StepKind.DRIVER] is StepState.FAILED


def test_what_was_seen_and_is_not_proven_is_unknown() -> None:
    findings = (finding("VEH-05.tractor", Outcome.UNKNOWN, "colour_unknown"),)

    found = {step.kind: step.state for step in steps(clean(), findings)}

    assert found[StepKind.PLATE] is StepState.UNKNOWN


def test_a_rule_that_the_table_does_not_know_is_shown_with_the_waybill() -> None:
    findings = (finding("NEW-01", Outcome.FAILED),)

    found = {step.kind: (step.state, step.findings) for step in steps(clean(), findings)}

    assert found[StepKind.WAYBILL] == (StepState.FAILED, findings)


def test_a_warning_fails_no_step() -> None:
    warning = replace(finding("DRV-01.licence", Outcome.FAILED), severity=Severity.WARN)

    found = {step.kind: step.state for step in steps(clean(), (warning,))}

    assert found[StepKind.DRIVER] is StepState.PASSED


@given(
    st.lists(
        st.tuples(st.sampled_from([rule.code for rule in BEFORE]), st.sampled_from(list(Outcome))),
        unique_by=lambda drawn: drawn[0],
    )
)
def test_every_finding_is_in_exactly_one_step(drawn: list[tuple[str, Outcome]]) -> None:
    findings = [finding(code, outcome) for code, outcome in drawn]

    found = [each.code for step in steps(clean(), findings) for each in step.findings]

    assert sorted(found) == sorted(code for code, _ in drawn)
