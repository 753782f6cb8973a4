"""What a piece of evidence bears on, and how it did."""

from typing import Literal

import pytest

from scanners.checklist import (
    Step,
    StepKind,
    concerned,
    outcome_of,
    steps,
)
from tests.harness.rule_facts import AT
from tests.harness.rule_scenarios_handover import (
    also,
    override,
    photo,
    plant_item,
)
from tests.harness.rule_trips import answer, loaded_trip, trip
from waybill.registry.kinds import PlateColour
from waybill.rules.assess import assess
from waybill.rules.evidence import (
    EvidenceItem,
    PlateItem,
    PresenceItem,
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


class TestConcerned:
    """What a piece of evidence bears on."""

    @pytest.mark.parametrize(
        ("item", "codes"),
        [
            (
                scan(ScanKind.ESCORT),
                {
                    "DOC-02.escort",
                    "ESC-01.qualification",
                    "ESC-01.endorsement",
                    "ESC-01.not_driver",
                },
            ),
            (
                scan(ScanKind.DRIVER),
                {
                    "DOC-02.driver",
                    "DRV-01.licence",
                    "DRV-01.qualification",
                    "DRV-01.endorsement",
                    "DRV-01.licence_class",
                },
            ),
            (
                scan(ScanKind.WAYBILL),
                {
                    "DOC-01.signature",
                    "DOC-01.state",
                    "DOC-01.dates",
                    "DOC-01.loader",
                    "DOC-02.ownership",
                    "DOC-02.goods",
                    "CAR-01.licence",
                    "CAR-01.scope",
                    "CAR-01.black_list",
                },
            ),
            (scan(ScanKind.DOCUMENT), set()),
            (
                PlateItem(
                    unit="trailer",
                    plate="苏H1234挂",
                    plate_colour=PlateColour.YELLOW,
                    how="typed",
                    at=AT,
                ),
                {"VEH-05.trailer"},
            ),
            (
                PresenceItem(role="escort", reference="e_1", present=True, at=AT),
                {"ESC-01.present"},
            ),
            (
                PresenceItem(role="supervisor", reference="s_1", present=True, at=AT),
                {"SUP-01.named", "SUP-01.employer"},
            ),
            (
                PresenceItem(role="driver", reference="d_1", present=True, at=AT),
                {"DOC-02.driver"},
            ),
        ],
    )
    def test_it_bears_on_its_own_rules(self, item: EvidenceItem, codes: set[str]) -> None:
        found = concerned(item, findings_of(clean()))

        assert {each.code for each in found} == codes

    @pytest.mark.parametrize(
        ("item", "codes"),
        [
            (answer("orange_plates"), {"HAND-01.orange_plates"}),
            (answer("engine_off"), {"HAND-02.before"}),
            (answer("item-1"), {"PLANT-01.before", "PLANT-01.advice_before"}),
            (photo("item-1"), {"PLANT-01.before", "PLANT-01.advice_before"}),
            (override("user-1"), {"PLANT-01.before", "PLANT-01.advice_before"}),
            (photo("seals"), set()),
        ],
    )
    def test_an_answer_bears_on_the_rule_of_its_question(
        self, item: EvidenceItem, codes: set[str]
    ) -> None:
        found = concerned(item, findings_of(clean()))

        assert {each.code for each in found} == codes

    def test_a_photo_of_seals_bears_on_the_photos_after_loading(self) -> None:
        judged = assess(loaded_trip(), at=AT, phase=Phase.AFTER_LOADING, edition=current_edition())

        found = concerned(photo("seals"), judged.findings)

        assert [each.code for each in found] == ["AFTER-01.photos"]


class TestOutcome:
    """How a piece of evidence did."""

    def test_a_text_that_named_nothing_proves_nothing(self) -> None:
        assert outcome_of(None, findings_of(clean())) is Outcome.UNKNOWN

    def test_a_code_with_a_problem_fails(self) -> None:
        item = scan(ScanKind.DOCUMENT, problem="expired")

        assert outcome_of(item, ()) is Outcome.FAILED

    def test_somebody_who_is_not_here_fails(self) -> None:
        item = PresenceItem(role="driver", reference="d_1", present=False, at=AT)

        assert outcome_of(item, ()) is Outcome.FAILED

    @pytest.mark.parametrize(
        ("given", "outcome"), [("yes", Outcome.PASSED), ("no", Outcome.FAILED)]
    )
    def test_a_no_fails(self, given: Literal["yes", "no"], outcome: Outcome) -> None:
        item = answer("engine_off", given)

        assert outcome_of(item, findings_of(clean())) is outcome

    @pytest.mark.parametrize(
        ("outcomes", "expected"),
        [
            ((Outcome.PASSED, Outcome.UNKNOWN, Outcome.FAILED), Outcome.FAILED),
            ((Outcome.PASSED, Outcome.UNKNOWN), Outcome.UNKNOWN),
            ((Outcome.PASSED, Outcome.NOT_APPLICABLE), Outcome.PASSED),
        ],
    )
    def test_the_gravest_finding_counts(
        self, outcomes: tuple[Outcome, ...], expected: Outcome
    ) -> None:
        codes = ("DOC-02.driver", "DRV-01.licence", "DRV-01.endorsement")
        findings = [finding(code, each) for code, each in zip(codes, outcomes, strict=False)]

        assert outcome_of(scan(ScanKind.DRIVER), findings) is expected
