"""Permits: numbers, goods, vehicles, dates and routes, at their edges."""

from datetime import timedelta

import pytest

from tests.harness.rule_facts import AT, TODAY, waybill
from tests.harness.rule_scenarios_permits import NEEDING, permit, permit_trip
from tests.harness.rule_trips import packages_trip
from waybill.codec import JsonValue
from waybill.rules.facts import Answer, Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.permit_match import covers_area, judge_permit
from waybill.rules.permit_needs import FORMS
from waybill.rules.register import get_rule
from waybill.rules.rule import passed

TOXIC = "DOC-04.highly_toxic"
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def judge(code: str, facts: Facts) -> Finding:
    return get_rule(code, 1).check(facts, AT)


def found(code: str, outcome: Outcome, reason: str, **facts: JsonValue) -> Finding:
    severity = get_rule(code, 1).severity
    return Finding(
        code=code, version=1, severity=severity, outcome=outcome, reason=reason, facts=facts
    )


class TestNumbers:
    @pytest.mark.parametrize(
        ("code", "number", "outcome", "reason"),
        [
            (TOXIC, "320000123", Outcome.PASSED, "covered"),
            (TOXIC, "32000012", Outcome.FAILED, "number_malformed"),
            (TOXIC, "3200001234", Outcome.FAILED, "number_malformed"),
            (TOXIC, "020000123", Outcome.FAILED, "number_malformed"),
            (TOXIC, "32000012X", Outcome.FAILED, "number_malformed"),
            (TOXIC, "", Outcome.UNKNOWN, "number_missing"),
            ("DOC-04.fireworks", " ", Outcome.UNKNOWN, "number_missing"),
            ("DOC-04.waste_manifest", "20263208000123", Outcome.PASSED, "covered"),
            ("DOC-04.waste_manifest", "2026320800012", Outcome.UNKNOWN, "number_unsettled"),
            ("DOC-04.waste_manifest", "202632080001234", Outcome.UNKNOWN, "number_unsettled"),
            ("DOC-04.waste_manifest", "", Outcome.UNKNOWN, "number_missing"),
            ("DOC-04.fireworks", "anything", Outcome.PASSED, "covered"),
            ("DOC-04.fireworks", "", Outcome.UNKNOWN, "number_missing"),
        ],
    )
    def test_a_number_has_its_shape(
        self, code: str, number: str, outcome: Outcome, reason: str
    ) -> None:
        finding = judge(code, permit_trip(code, permit(code, number=number)))

        assert (finding.outcome, finding.reason) == (outcome, reason)


class TestMatch:
    @pytest.mark.parametrize(
        ("changes", "outcome", "reason"),
        [
            pytest.param({"un_numbers": ("1092", "1017")}, Outcome.PASSED, "covered", id="second"),
            pytest.param({"un_numbers": ("1092",)}, Outcome.FAILED, "goods_not_named", id="others"),
            pytest.param({"plates": ("苏H1234挂",)}, Outcome.PASSED, "covered", id="the trailer"),
            pytest.param(
                {"plates": ("苏H99999", "苏H1234挂")},
                Outcome.FAILED,
                "other_vehicle",
                id="the trailer behind another vehicle",
            ),
            pytest.param(
                {"plates": ("苏H12345", "苏H9999挂")},
                Outcome.FAILED,
                "other_vehicle",
                id="the vehicle with another trailer",
            ),
            pytest.param(
                {"plates": ("苏H9999挂",)}, Outcome.FAILED, "other_vehicle", id="another trailer"
            ),
            pytest.param(
                {"plates": ("苏H12345", "苏H9999挂", "苏H1234挂")},
                Outcome.PASSED,
                "covered",
                id="both among several",
            ),
            pytest.param(
                {"plates": ("苏H·12345",)}, Outcome.PASSED, "covered", id="as it is printed"
            ),
            pytest.param(
                {"plates": ("none",)}, Outcome.FAILED, "other_vehicle", id="what is no plate"
            ),
            pytest.param(
                {"plates": ("苏H99999", "苏H12345")}, Outcome.PASSED, "covered", id="second plate"
            ),
            pytest.param({"valid_from": None}, Outcome.UNKNOWN, "dates_unknown", id="no first day"),
            pytest.param(
                {"valid_from": None, "valid_until": YESTERDAY},
                Outcome.FAILED,
                "expired",
                id="expired, without first day",
            ),
            pytest.param(
                {"valid_until": None, "valid_from": TOMORROW},
                Outcome.FAILED,
                "not_yet_valid",
                id="not begun, without last day",
            ),
            pytest.param({"from_area_code": ""}, Outcome.UNKNOWN, "route_unknown", id="no origin"),
            pytest.param(
                {"from_area_code": "320900"}, Outcome.FAILED, "route_differs", id="other origin"
            ),
            pytest.param({"to_area_code": "3213"}, Outcome.PASSED, "covered", id="the city"),
            pytest.param(
                {"plates": (), "un_numbers": ("1092",)},
                Outcome.FAILED,
                "goods_not_named",
                id="what does not fit goes before what is not known",
            ),
        ],
    )
    def test_a_permit_is_for_this_trip(
        self, changes: dict[str, object], outcome: Outcome, reason: str
    ) -> None:
        finding = judge(TOXIC, permit_trip(TOXIC, permit(TOXIC, **changes)))

        assert (finding.outcome, finding.reason) == (outcome, reason)

    @pytest.mark.parametrize(
        ("changes", "reason", "facts"),
        [
            (
                {"plates": ("苏H99999",)},
                "other_vehicle",
                {"permit_plates": ["苏H99999"], "expected": "苏H12345"},
            ),
            (
                {"plates": ("苏H12345", "苏H9999挂")},
                "other_vehicle",
                {"permit_plates": ["苏H12345", "苏H9999挂"], "expected": "苏H1234挂"},
            ),
            (
                {"valid_from": TOMORROW, "valid_until": TOMORROW},
                "not_yet_valid",
                {"valid_from": "2026-11-23", "on": "2026-11-22"},
            ),
            (
                {"from_area_code": "320900"},
                "route_differs",
                {"route_end": "origin", "permit_area": "320900", "waybill_area": "320803"},
            ),
        ],
    )
    def test_a_permit_for_another_trip_is_told_whole(
        self, changes: dict[str, object], reason: str, facts: dict[str, JsonValue]
    ) -> None:
        assert judge(TOXIC, permit_trip(TOXIC, permit(TOXIC, **changes))) == found(
            TOXIC,
            Outcome.FAILED,
            reason,
            permit="highly_toxic_pass",
            number="320000123",
            provenance="document",
            un_number="1017",
            **facts,
        )

    def test_of_two_ends_that_differ_the_origin_is_told(self) -> None:
        elsewhere = permit(TOXIC, from_area_code="320900", to_area_code="320900")

        assert judge(TOXIC, permit_trip(TOXIC, elsewhere)).facts["route_end"] == "origin"

    def test_a_rigid_vehicle_may_be_named_beside_a_trailer_that_stays_behind(self) -> None:
        both = permit(TOXIC, plates=("苏H12345", "苏H9999挂"))
        alone = waybill(trailer_plate=None, permits=(both,))

        judged = judge(TOXIC, packages_trip(waybill=alone, goods=(NEEDING[TOXIC],)))

        assert judged.reason == "covered"

    def test_a_rigid_vehicle_is_found_by_its_own_plate(self) -> None:
        alone = waybill(trailer_plate=None, permits=(permit(TOXIC, plates=("苏H12345",)),))
        other = waybill(trailer_plate=None, permits=(permit(TOXIC, plates=("苏H1234挂",)),))

        reasons = [
            judge(TOXIC, packages_trip(waybill=each, goods=(NEEDING[TOXIC],))).reason
            for each in (alone, other)
        ]

        assert reasons == ["covered", "other_vehicle"]

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            pytest.param({}, "covered", id="neither vehicle nor origin"),
            pytest.param({"plates": ("苏H99999",)}, "other_vehicle", id="another vehicle"),
            pytest.param({"from_area_code": "110000"}, "route_differs", id="another origin"),
            pytest.param({"from_area_code": "320800"}, "covered", id="the origin"),
        ],
    )
    def test_a_permit_for_precursors_need_not_name_vehicle_and_origin(
        self, changes: dict[str, object], reason: str
    ) -> None:
        code = "DOC-04.drug_precursor"

        assert judge(code, permit_trip(code, permit(code, **changes))).reason == reason

    def test_one_permit_that_is_right_is_enough(self) -> None:
        wrong = permit(TOXIC, number="320000999", valid_until=YESTERDAY)

        for permits in ((wrong, permit(TOXIC)), (permit(TOXIC), wrong)):
            assert judge(TOXIC, permit_trip(TOXIC, *permits)).outcome is Outcome.PASSED

    def test_two_halves_of_a_permit_are_none(self) -> None:
        one = permit(TOXIC, number="320000998", valid_until=YESTERDAY)
        other = permit(TOXIC, number="320000999", plates=("苏H99999",))

        finding = judge(TOXIC, permit_trip(TOXIC, one, other))

        assert (finding.reason, finding.facts["number"]) == ("expired", "320000998")

    def test_a_permit_that_is_right_is_told_whole(self) -> None:
        facts, line = permit_trip(TOXIC, permit(TOXIC)), NEEDING[TOXIC]

        assert judge_permit(facts, FORMS[TOXIC], permit(TOXIC), line, AT) == passed(
            "covered",
            permit="highly_toxic_pass",
            number="320000123",
            provenance="document",
            un_number="1017",
        )

    @pytest.mark.parametrize(
        ("printed", "actual", "answer"),
        [
            ("321302", "321302", Answer.YES),
            ("321300", "321302", Answer.YES),
            ("3213", "321302", Answer.YES),
            ("320000", "321302", Answer.YES),
            ("32", "321302", Answer.YES),
            ("321303", "321302", Answer.NO),
            ("321400", "321302", Answer.NO),
            ("321302", "321300", Answer.ASK),
            ("321302", "3213", Answer.ASK),
            ("321302", "321400", Answer.NO),
            ("", "321302", Answer.ASK),
            ("321302", "", Answer.ASK),
            ("000000", "321302", Answer.ASK),
            ("110100", "110101", Answer.YES),
            ("321000", "321002", Answer.YES),
            ("321000", "321302", Answer.NO),
        ],
    )
    def test_an_area_covers_its_districts(self, printed: str, actual: str, answer: Answer) -> None:
        assert covers_area(printed, actual) is answer
