"""Quantities that permits share, and control lists, at their edges."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.rule_facts import AT, LISTS, TODAY, goods
from tests.harness.rule_scenarios_permits import NEEDING, permit, permit_trip, precursor
from tests.harness.rule_trips import trip
from waybill.codec import JsonValue
from waybill.rules.allotment import find_excess
from waybill.rules.facts import Answer, ControlFacts, Facts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule

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
