"""The verdict: complete, pure, never cleared by silence, the same whenever it is judged again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.harness.rule_facts import (
    AT,
    certificate,
    driver,
    goods,
    listing,
    substance,
    tank,
    waybill,
)
from tests.harness.rule_scenarios import SCENARIOS
from tests.harness.rule_trips import (
    BAY_ITEMS,
    loaded_trip,
    packages_trip,
    road_trip,
    trip,
)
from waybill.registry.kinds import CertificateKind
from waybill.rules import assess as module
from waybill.rules.assess import (
    RULE_ERROR,
    Assessment,
    assess,
    judged_moment,
)
from waybill.rules.evidence import ScanItem
from waybill.rules.explain import verdict_word
from waybill.rules.facts import CargoFacts, Facts
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.lifecycle import WaybillStatus
from waybill.rules.register import current_edition, get_rule, rules_in_force
from waybill.rules.rule import Rule

EDITION = current_edition()


def judge(facts: Facts, phase: Phase = Phase.BEFORE_LOADING, at: datetime = AT) -> Assessment:
    return assess(facts, at=at, phase=phase, edition=EDITION)


def standing(assessment: Assessment) -> list[tuple[str, str]]:
    return [(finding.code, finding.reason) for finding in assessment.standing]


class TestClears:
    @pytest.mark.parametrize(
        ("facts", "phase"),
        [
            pytest.param(trip(), Phase.ISSUE, id="petrol at issue"),
            pytest.param(trip(), Phase.BEFORE_LOADING, id="petrol at the bay"),
            pytest.param(packages_trip(), Phase.BEFORE_LOADING, id="packages at the bay"),
            pytest.param(loaded_trip(), Phase.AFTER_LOADING, id="petrol after loading"),
            pytest.param(road_trip(), Phase.ROADSIDE, id="petrol on the road"),
        ],
    )
    def test_a_faultless_trip_is_cleared(self, facts: Facts, phase: Phase) -> None:
        assessment = judge(facts, phase)

        assert assessment.clears
        assert assessment.standing == ()
        assert [f.code for f in assessment.findings] == [
            rule.code for rule in rules_in_force(AT.date(), phase, EDITION)
        ]

    def test_methanol_in_a_tank_for_diesel_and_ethanol_is_refused(self) -> None:
        methanol = goods(
            un_number="1230", name_zh="甲醇", classification_code="FT1", tank_code="L4BH"
        )
        approved = (substance("1202"), substance("1170"))
        last = (CargoFacts(compartment=0, entry_key="1203", un_number="1230", loaded_at=AT),)
        scanned = ScanItem(
            kind=BAY_ITEMS[0].kind,  # type: ignore[union-attr]
            presentation=BAY_ITEMS[0].presentation,  # type: ignore[union-attr]
            subject="waybill-1",
            at=AT,
            revision=1,
            goods=(("1230", "II", 28000, "kg"),),
        )

        assessment = judge(
            trip(
                scanned,
                goods=(methanol,),
                tank=tank(approved_substances=approved, last_cargoes=last),
            )
        )

        assert not assessment.clears
        assert assessment.standing == (
            Finding(
                code="TNK-02.approved",
                version=2,
                severity=Severity.STOP,
                outcome=Outcome.FAILED,
                reason="not_on_list",
                facts={
                    "subject": "tank",
                    "holder": "HA-0001",
                    "tank_kind": "atmospheric_tank",
                    "un_number": "1230",
                    "position": 1,
                    "un_numbers": ["1202", "1170"],
                },
            ),
        )

    def test_a_missing_finding_does_not_clear(self) -> None:
        whole = judge(trip())

        assert not replace(whole, findings=whole.findings[1:]).clears

    def test_a_finding_too_many_does_not_clear(self) -> None:
        whole = judge(trip())

        assert not replace(whole, findings=(*whole.findings, whole.findings[0])).clears

    def test_a_finding_of_another_severity_does_not_clear(self) -> None:
        whole = judge(trip())
        softened = replace(whole.findings[0], severity=Severity.INFO)

        assert not replace(whole, findings=(softened, *whole.findings[1:])).clears

    def test_no_rule_in_force_does_not_clear(self) -> None:
        long_ago = datetime(2000, 1, 1, tzinfo=UTC)

        assessment = judge(trip(), at=long_ago)

        assert assessment.findings == ()
        assert not assessment.clears

    def test_a_warning_does_not_stop(self) -> None:
        warning = Finding(
            code="X", version=1, severity=Severity.WARN, outcome=Outcome.FAILED, reason="x"
        )

        assert (warning.stands, warning.blocks) == (True, False)


class TestWords:
    @pytest.mark.parametrize(
        ("facts", "phase", "word"),
        [
            pytest.param(trip(), Phase.BEFORE_LOADING, "准装", id="cleared"),
            pytest.param(
                SCENARIOS["DOC-01.state", "used"], Phase.BEFORE_LOADING, "不准装", id="no"
            ),
            pytest.param(
                SCENARIOS["DOC-01.signature", "code_not_read"],
                Phase.BEFORE_LOADING,
                "未能核实",
                id="not proven",
            ),
            pytest.param(loaded_trip(), Phase.AFTER_LOADING, "放行", id="released"),
            pytest.param(
                SCENARIOS["AFTER-01.seals", "no_seals"], Phase.AFTER_LOADING, "不放行", id="held"
            ),
        ],
    )
    def test_a_verdict_is_one_word(self, facts: Facts, phase: Phase, word: str) -> None:
        assert verdict_word(judge(facts, phase), "zh") == word


class TestIssue:
    def test_credentials_must_hold_when_loading_is_planned(self) -> None:
        planned = AT + timedelta(days=40)
        held = tuple(
            certificate(kind)
            for kind in (CertificateKind.DRIVING_LICENCE, CertificateKind.DRIVER_QUALIFICATION)
        )
        draft = waybill(
            status=WaybillStatus.DRAFT,
            planned_loading_at=planned,
            valid_from=None,
            valid_until=None,
        )

        assessment = judge(trip(waybill=draft, driver=driver(certificates=held)), Phase.ISSUE)

        assert ("DRV-01.licence", "expired") in standing(assessment)
        assert ("DOC-01.dates", "other_day") not in standing(assessment)

    def test_a_plan_of_yesterday_stands(self) -> None:
        draft = waybill(status=WaybillStatus.DRAFT, planned_loading_at=AT - timedelta(days=1))

        assert standing(judge(trip(waybill=draft), Phase.ISSUE)) == [("DOC-01.dates", "other_day")]

    def test_the_bay_looks_at_its_own_moment(self) -> None:
        planned = trip(waybill=waybill(planned_loading_at=AT + timedelta(hours=1)))

        assert judged_moment(planned, AT, Phase.BEFORE_LOADING) == AT
        assert judged_moment(planned, AT, Phase.ISSUE) == AT + timedelta(hours=1)

    def test_without_a_plan_the_present_is_judged(self) -> None:
        unplanned = trip(waybill=waybill(planned_loading_at=None))

        assert judged_moment(unplanned, AT, Phase.ISSUE) == AT

    def test_prohibited_goods_and_the_black_list_block(self) -> None:
        facts = trip(
            goods=(goods(list_status="prohibited"),), driver=driver(black_listings=(listing(),))
        )

        blocking = judge(facts, Phase.ISSUE).blocking_at_issue

        assert [finding.code for finding in blocking] == ["GDS-01.carriage", "CAR-01.black_list"]

    def test_who_could_not_be_looked_up_stands_but_does_not_block(self) -> None:
        assessment = judge(trip(escort=None), Phase.ISSUE)

        assert ("CAR-01.black_list", "not_looked_up") in standing(assessment)
        assert assessment.blocking_at_issue == ()


class TestBrokenRules:
    def test_a_rule_that_raises_is_unknown_and_does_not_clear(self) -> None:
        broken = trip(goods=(goods(quantity_kg="28000"),))

        assessment = judge(broken)

        assert (
            Finding(
                code="TNK-03.mass",
                version=1,
                severity=Severity.STOP,
                outcome=Outcome.UNKNOWN,
                reason=RULE_ERROR,
            )
            in assessment.standing
        )
        assert not assessment.clears

    def test_a_rule_that_answers_for_another_is_broken(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plain = get_rule("DOC-01.state", 1)
        crossed = replace(plain, check=get_rule("DOC-01.dates", 1).check)
        monkeypatch.setattr(module, "rules_in_force", lambda *_: (crossed,))

        assert [finding.reason for finding in judge(trip()).findings] == [RULE_ERROR]

    def test_a_reason_that_was_not_declared_is_refused(self) -> None:
        rule: Rule = get_rule("DOC-01.state", 1)

        with pytest.raises(ValueError, match="does not declare"):
            rule.finding(Outcome.PASSED, "used")

    def test_a_moment_without_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            judge(trip(), at=datetime(2026, 11, 22, 6, 5))  # noqa: DTZ001  that is the fault
