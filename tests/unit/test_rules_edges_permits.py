"""Permits and control lists: needs, numbers, goods, vehicles, dates, routes and quantities."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.rule_facts import AT, LISTS, TODAY, goods, waybill
from tests.harness.rule_scenarios_permits import NEEDING, permit, permit_trip, precursor
from tests.harness.rule_trips import packages_trip, trip
from waybill.codec import JsonValue
from waybill.registry.kinds import PermitKind
from waybill.rules.allotment import find_excess
from waybill.rules.facts import Answer, ControlFacts, Facts, GoodsFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.permit_match import covers_area, judge_permit
from waybill.rules.permit_needs import FIREWORKS_UN_NUMBERS, FORMS
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


def needed_by(line: GoodsFacts) -> dict[str, Answer]:
    """Return the permits that a line needs or may need."""
    answers = {code: form.needed(line) for code, form in FORMS.items()}
    return {code: answer for code, answer in answers.items() if answer is not Answer.NO}


class TestNeeds:
    @pytest.mark.parametrize(
        ("line", "needs"),
        [
            pytest.param(goods(), {}, id="petrol"),
            pytest.param(
                goods(highly_toxic=Answer.ASK, highly_toxic_declared=Answer.NO),
                {},
                id="declared no",
            ),
            pytest.param(
                goods(highly_toxic=Answer.ASK), {TOXIC: Answer.ASK}, id="nobody has declared"
            ),
            pytest.param(
                goods(highly_toxic_declared=Answer.YES), {TOXIC: Answer.YES}, id="declared yes"
            ),
            pytest.param(
                goods(un_number="0431", division="1.4G"),
                {"DOC-04.civil_explosives": Answer.YES},
                id="pyrotechnic articles",
            ),
            pytest.param(
                goods(un_number="0190", division=""),
                {"DOC-04.civil_explosives": Answer.YES},
                id="a sample of explosives",
            ),
            pytest.param(
                goods(un_number="0332", division="1.5D"),
                {"DOC-04.civil_explosives": Answer.YES},
                id="the number before fireworks",
            ),
            *(
                pytest.param(
                    goods(un_number=number, division="1.4G"),
                    {"DOC-04.fireworks": Answer.YES},
                    id=f"fireworks {number}",
                )
                for number in ("0333", "0334", "0335", "0336", "0337")
            ),
            pytest.param(
                goods(un_number="0338", division="1.4C"),
                {"DOC-04.civil_explosives": Answer.YES},
                id="the number after fireworks",
            ),
            pytest.param(
                goods(un_number="2908", division="7"),
                {"DOC-04.radioactive": Answer.YES},
                id="an excepted package",
            ),
            pytest.param(
                goods(waste=True), {"DOC-04.waste_manifest": Answer.YES}, id="waste petrol"
            ),
            pytest.param(
                goods(controls=precursor("1-3")),
                {"DOC-04.drug_precursor": Answer.YES},
                id="category 1",
            ),
            pytest.param(
                goods(controls=precursor("2-10")),
                {"DOC-04.drug_precursor": Answer.YES},
                id="category 2",
            ),
            pytest.param(
                goods(controls=precursor("2-4-1")),
                {"DOC-04.drug_precursor": Answer.YES},
                id="a number in three parts",
            ),
            pytest.param(
                goods(controls=precursor("3-1")),
                {"DOC-04.drug_precursor_record": Answer.YES},
                id="category 3",
            ),
            pytest.param(
                goods(controls=precursor("2-7", Answer.ASK)),
                {"DOC-04.drug_precursor": Answer.ASK},
                id="perhaps category 2",
            ),
            pytest.param(
                goods(controls=precursor("", Answer.ASK)), {}, id="not otherwise specified"
            ),
            pytest.param(
                goods(controls=precursor("2-7", Answer.NO)), {}, id="in another concentration"
            ),
            pytest.param(
                goods(controls=precursor("")),
                {
                    "DOC-04.drug_precursor": Answer.ASK,
                    "DOC-04.drug_precursor_record": Answer.ASK,
                },
                id="on the list without its number",
            ),
            pytest.param(
                goods(controls=()),
                {
                    "DOC-04.drug_precursor": Answer.ASK,
                    "DOC-04.drug_precursor_record": Answer.ASK,
                },
                id="nobody has looked it up",
            ),
        ],
    )
    def test_goods_need_their_permits(self, line: GoodsFacts, needs: dict[str, Answer]) -> None:
        assert needed_by(line) == needs

    def test_fireworks_are_five_numbers(self) -> None:
        assert sorted(FIREWORKS_UN_NUMBERS) == ["0333", "0334", "0335", "0336", "0337"]

    def test_an_open_need_passes_with_a_permit(self) -> None:
        line = replace(NEEDING[TOXIC], highly_toxic=Answer.ASK)

        assert judge(TOXIC, permit_trip(TOXIC, permit(TOXIC), goods=(line,))) == found(
            TOXIC,
            Outcome.PASSED,
            "covered",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
            numbers=["320000123"],
            goods_kg="28000",
        )

    def test_an_open_need_is_unknown_with_a_permit_for_something_else(self) -> None:
        line = replace(NEEDING[TOXIC], highly_toxic=Answer.ASK)
        other = permit(TOXIC, un_numbers=("1092",))

        assert judge(TOXIC, permit_trip(TOXIC, other, goods=(line,))) == found(
            TOXIC,
            Outcome.UNKNOWN,
            "need_unsettled",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
        )

    def test_an_open_need_beside_a_certain_one_shares_its_quantity(self) -> None:
        asked = replace(NEEDING[TOXIC], highly_toxic=Answer.ASK, position=2, quantity_kg=Decimal(1))
        facts = permit_trip(TOXIC, permit(TOXIC), goods=(NEEDING[TOXIC], asked))

        assert judge(TOXIC, facts) == found(
            TOXIC,
            Outcome.UNKNOWN,
            "need_unsettled",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
        )

    def test_a_certain_need_that_fails_goes_before_an_open_one(self) -> None:
        asked = replace(NEEDING[TOXIC], highly_toxic=Answer.ASK, position=2)
        facts = permit_trip(TOXIC, goods=(NEEDING[TOXIC], asked))

        assert judge(TOXIC, facts) == found(
            TOXIC,
            Outcome.FAILED,
            "permit_missing",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
        )

    def test_a_permit_of_another_kind_does_not_count(self) -> None:
        other = permit(TOXIC, kind=PermitKind.RADIOACTIVE)

        assert judge(TOXIC, permit_trip(TOXIC, other)).reason == "permit_missing"

    @pytest.mark.parametrize("code", sorted(FORMS))
    def test_only_the_record_of_category_3_warns(self, code: str) -> None:
        warns = code == "DOC-04.drug_precursor_record"

        assert judge(code, permit_trip(code)).severity is (
            Severity.WARN if warns else Severity.STOP
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


class TestQuantities:
    @pytest.mark.parametrize(
        ("quantity_kg", "outcome", "reason"),
        [
            (Decimal(28000), Outcome.PASSED, "covered"),
            (Decimal("27999.999"), Outcome.FAILED, "quantity_exceeded"),
            (Decimal("28000.001"), Outcome.PASSED, "covered"),
            (Decimal(0), Outcome.FAILED, "quantity_exceeded"),
            (None, Outcome.UNKNOWN, "quantity_unknown"),
        ],
    )
    def test_the_permits_quantity_itself_is_allowed(
        self, quantity_kg: Decimal | None, outcome: Outcome, reason: str
    ) -> None:
        finding = judge(TOXIC, permit_trip(TOXIC, permit(TOXIC, quantity_kg=quantity_kg)))

        assert (finding.outcome, finding.reason) == (outcome, reason)

    def test_too_much_is_told_whole(self) -> None:
        facts = permit_trip(TOXIC, permit(TOXIC, quantity_kg=Decimal("27500.50")))

        assert judge(TOXIC, facts) == found(
            TOXIC,
            Outcome.FAILED,
            "quantity_exceeded",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
            numbers=["320000123"],
            goods_kg="28000",
            over_kg="499.5",
        )

    def test_lines_share_the_quantity_of_a_permit(self) -> None:
        lines = (
            replace(NEEDING[TOXIC], quantity_kg=Decimal(20000)),
            replace(NEEDING[TOXIC], quantity_kg=Decimal(8001), position=2),
        )

        finding = judge(TOXIC, permit_trip(TOXIC, permit(TOXIC), goods=lines))

        assert (finding.reason, finding.facts["over_kg"]) == ("quantity_exceeded", "1")

    def test_only_a_permit_that_is_right_gives_its_quantity(self) -> None:
        small = permit(TOXIC, quantity_kg=Decimal(1000))
        expired = permit(TOXIC, number="320000999", valid_until=YESTERDAY)

        facts = permit_trip(TOXIC, small, expired)

        assert judge(TOXIC, facts).facts["over_kg"] == "27000"

    def test_a_permit_without_quantity_may_hold_the_rest(self) -> None:
        small = permit(TOXIC, quantity_kg=Decimal(1000))
        open_ = permit(TOXIC, number="320000999", quantity_kg=None)

        assert judge(TOXIC, permit_trip(TOXIC, small, open_)) == found(
            TOXIC,
            Outcome.UNKNOWN,
            "quantity_unknown",
            permit="highly_toxic_pass",
            un_numbers=["1017"],
            numbers=["320000123", "320000999"],
            goods_kg="28000",
        )

    def test_two_permits_that_are_right_hold_together_what_one_does_not(self) -> None:
        one = permit(TOXIC, quantity_kg=Decimal(20000))
        other = permit(TOXIC, number="320000999", quantity_kg=Decimal(8000))

        assert judge(TOXIC, permit_trip(TOXIC, one, other)).outcome is Outcome.PASSED

    def test_room_on_a_permit_for_other_goods_does_not_help(self) -> None:
        chlorine = replace(NEEDING[TOXIC], quantity_kg=Decimal(500))
        acrolein = replace(NEEDING[TOXIC], un_number="1092", quantity_kg=Decimal(500), position=2)
        both = permit(TOXIC, un_numbers=("1017", "1092"), quantity_kg=Decimal(600))
        other = permit(TOXIC, number="320000999", un_numbers=("1017",), quantity_kg=Decimal(399))

        finding = judge(TOXIC, permit_trip(TOXIC, both, other, goods=(chlorine, acrolein)))

        assert (finding.reason, finding.facts["over_kg"]) == ("quantity_exceeded", "1")


class TestExcess:
    @pytest.mark.parametrize(
        ("amounts", "rooms", "fits", "excess"),
        [
            pytest.param([], [], [], 0, id="nothing"),
            pytest.param([5], [], [()], 5, id="no room"),
            pytest.param([5], [4], [(0,)], 1, id="too little"),
            pytest.param([5], [5], [(0,)], 0, id="just enough"),
            pytest.param([5], [3, 3], [(0, 1)], 0, id="split"),
            pytest.param([3, 3], [3, 3], [(0, 1), (0,)], 0, id="the first gives way"),
            pytest.param([3, 3, 3], [3, 3, 3], [(0, 1), (1, 2), (0,)], 0, id="a chain gives way"),
            pytest.param([3, 3], [4, 9], [(0,), (0,)], 2, id="room where it does not fit"),
            pytest.param([4, 2], [3, 3], [(0, 1), (0,)], 0, id="part of it gives way"),
            pytest.param([1, 5], [0, 5], [(0,), (1,)], 1, id="one has none"),
        ],
    )
    def test_what_finds_no_room_is_told(
        self, amounts: list[int], rooms: list[int], fits: list[tuple[int, ...]], excess: int
    ) -> None:
        assert find_excess(
            [Decimal(amount) for amount in amounts],
            [Decimal(room) for room in rooms],
            [frozenset(places) for places in fits],
        ) == Decimal(excess)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.frozensets(st.integers(0, 3))), max_size=5),
    st.lists(st.integers(0, 12), min_size=4, max_size=4),
)
def test_the_excess_is_that_of_the_most_crowded_places(
    lines: list[tuple[int, frozenset[int]]], rooms: list[int]
) -> None:
    """Hall's condition: what must go to a set of places, less their room, for the worst set."""
    crowds = [
        sum(amount for amount, fits in lines if fits <= chosen) - sum(rooms[i] for i in chosen)
        for chosen in ({i for i in range(4) if mask >> i & 1} for mask in range(16))
    ]

    excess = find_excess(
        [Decimal(amount) for amount, _ in lines],
        [Decimal(room) for room in rooms],
        [fits for _, fits in lines],
    )

    assert excess == Decimal(max(crowds))


class TestControlLists:
    @pytest.mark.parametrize("kind", LISTS)
    @pytest.mark.parametrize(
        ("answer", "outcome", "reason"),
        [
            (Answer.YES, Outcome.PASSED, "on_lists"),
            (Answer.ASK, Outcome.UNKNOWN, "not_settled"),
            (None, Outcome.UNKNOWN, "not_settled"),
        ],
    )
    def test_each_list_is_named(
        self, kind: str, answer: Answer | None, outcome: Outcome, reason: str
    ) -> None:
        others = tuple(ControlFacts(kind=k, answer=Answer.NO) for k in LISTS if k != kind)
        own = (ControlFacts(kind=kind, answer=answer),) if answer else ()
        lines = (goods(), goods(position=2, un_number="2014", controls=(*others, *own)))

        assert judge("DOC-04.controls", trip(goods=lines)) == Finding(
            code="DOC-04.controls",
            version=1,
            severity=Severity.WARN,
            outcome=outcome,
            reason=reason,
            facts={"lists": [kind], "un_numbers": ["2014"]},
        )

    def test_lists_of_other_purposes_are_not_named(self) -> None:
        other = ControlFacts(kind="key_supervised", answer=Answer.YES)
        facts = trip(goods=(goods(controls=(*goods().controls, other)),))

        assert judge("DOC-04.controls", facts) == found(
            "DOC-04.controls", Outcome.NOT_APPLICABLE, "on_no_list"
        )

    def test_what_is_open_goes_before_what_is_certain(self) -> None:
        lines = (
            goods(controls=precursor("3-1")),
            goods(position=2, un_number="1993", controls=precursor("", Answer.ASK)),
        )

        assert judge("DOC-04.controls", trip(goods=lines)) == found(
            "DOC-04.controls",
            Outcome.UNKNOWN,
            "not_settled",
            lists=["drug_precursor"],
            un_numbers=["1993"],
        )
