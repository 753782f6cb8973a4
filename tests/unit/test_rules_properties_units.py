"""What holds of the rules about vehicles, permits and the road whatever the facts are."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.rule_facts import AT, TODAY, goods, waybill
from tests.harness.rule_scenarios_permits import NEEDING, permit
from tests.harness.rule_scenarios_units import UNIT_SCENARIOS
from tests.harness.rule_trips import trip
from waybill.registry.kinds import VehicleApproval
from waybill.rules.facts import Facts, PermitFacts
from waybill.rules.finding import Outcome
from waybill.rules.register import get_rule

TOXIC = "DOC-04.highly_toxic"
CONTENT = {Outcome.PASSED, Outcome.NOT_APPLICABLE}
RECORDS = ("carrier", "tractor", "trailer", "tank", "driver", "escort")
EMPTIED = {
    "un_numbers": (),
    "quantity_kg": None,
    "plates": (),
    "valid_from": None,
    "valid_until": None,
    "from_area_code": "",
    "to_area_code": "",
    "number": "",
}


def without_record(name: str) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, **{name: None})  # type: ignore[arg-type]


def without_certificates(name: str) -> Callable[[Facts], Facts]:
    def remove(facts: Facts) -> Facts:
        record = getattr(facts, name)
        if record is None:
            return facts
        return replace(facts, **{name: replace(record, certificates=())})

    return remove


def without_position(facts: Facts) -> Facts:
    if facts.tractor is None:
        return facts
    return replace(facts, tractor=replace(facts.tractor, position=None))


def without_goods_fact(name: str, empty: object) -> Callable[[Facts], Facts]:
    def remove(facts: Facts) -> Facts:
        lines = tuple(replace(line, **{name: empty}) for line in facts.goods)  # type: ignore[arg-type]
        return replace(facts, goods=lines)

    return remove


def without_permit_fact(name: str) -> Callable[[Facts], Facts]:
    def remove(facts: Facts) -> Facts:
        emptied = {name: EMPTIED[name]}
        permits = tuple(replace(p, **emptied) for p in facts.waybill.permits)  # type: ignore[arg-type]
        return replace(facts, waybill=replace(facts.waybill, permits=permits))

    return remove


def without_waybill_fact(name: str, empty: object) -> Callable[[Facts], Facts]:
    return lambda facts: replace(
        facts,
        waybill=replace(facts.waybill, **{name: empty}),  # type: ignore[arg-type]
    )


REMOVALS = [
    *(without_record(name) for name in RECORDS),
    *(without_certificates(name) for name in RECORDS),
    *(without_permit_fact(name) for name in EMPTIED),
    without_position,
    without_goods_fact("controls", ()),
    without_goods_fact("package_provisions", ()),
    without_goods_fact("vehicle_for_tank_carriage", ""),
    without_waybill_fact("permits", ()),
    without_waybill_fact("loading_area_code", ""),
    without_waybill_fact("destination_area_code", ""),
    without_waybill_fact("valid_from", None),
    without_waybill_fact("valid_until", None),
]


NAMES_NO_VEHICLE = {"DOC-04.drug_precursor", "DOC-04.drug_precursor_record"}
"""Permits whose form has no place for plates: one that names none is whole."""


@pytest.mark.parametrize("remove", REMOVALS, ids=range(len(REMOVALS)))
def test_what_is_not_known_never_turns_a_stop_into_a_pass(
    remove: Callable[[Facts], Facts],
) -> None:
    stopped = {
        key: facts
        for key, facts in UNIT_SCENARIOS.items()
        if get_rule(key[0], 1).check(facts, AT).outcome not in CONTENT
    }

    passing = [
        key
        for key, facts in stopped.items()
        if get_rule(key[0], 1).check(remove(facts), AT).outcome in CONTENT
    ]

    assert [key for key in passing if key[0] not in NAMES_NO_VEHICLE] == []
    assert {key[1] for key in passing} <= {"other_vehicle"}


permits = st.lists(
    st.builds(
        permit,
        st.just(TOXIC),
        un_numbers=st.sampled_from([(), ("1017",), ("1092",), ("1017", "1092")]),
        quantity_kg=st.sampled_from([None, Decimal(5), Decimal(10), Decimal(20)]),
        plates=st.sampled_from([(), ("苏H12345",), ("苏H99999",)]),
        valid_until=st.sampled_from([None, TODAY, TODAY - timedelta(days=1)]),
        to_area_code=st.sampled_from(["", "321300", "110000"]),
    ),
    max_size=3,
)
loads = st.lists(
    st.tuples(st.sampled_from(["1017", "1092"]), st.sampled_from([4, 5, 6, 10])),
    min_size=1,
    max_size=3,
)


def judged(lines: list[tuple[str, int]], held: list[PermitFacts]) -> Outcome:
    toxic = NEEDING[TOXIC]
    carried = tuple(
        replace(toxic, position=place, un_number=number, quantity_kg=Decimal(kg))
        for place, (number, kg) in enumerate(lines, 1)
    )
    facts = trip(goods=carried, waybill=waybill(permits=tuple(held)))
    return get_rule(TOXIC, 1).check(facts, AT).outcome


@given(loads, permits, st.integers(0, 2))
def test_a_permit_that_names_more_goods_never_refuses_more(
    lines: list[tuple[str, int]], held: list[PermitFacts], place: int
) -> None:
    wider = [
        replace(p, un_numbers=("1017", "1092")) if n == place and p.un_numbers else p
        for n, p in enumerate(held)
    ]

    content = judged(lines, held) is Outcome.PASSED

    assert not (content and judged(lines, wider) is not Outcome.PASSED)


@given(loads, permits, permits)
def test_another_permit_never_refuses_more(
    lines: list[tuple[str, int]], held: list[PermitFacts], more: list[PermitFacts]
) -> None:
    content = judged(lines, held) is Outcome.PASSED

    assert not (content and judged(lines, [*held, *more]) is not Outcome.PASSED)


@given(loads, permits, st.permutations(range(3)))
def test_the_order_of_permits_does_not_matter(
    lines: list[tuple[str, int]], held: list[PermitFacts], order: list[int]
) -> None:
    shuffled = [held[place] for place in order if place < len(held)]

    assert judged(lines, held) is judged(lines, shuffled)


@given(st.sampled_from(VehicleApproval), st.sampled_from(VehicleApproval))
def test_what_carries_fl_carries_at(one: VehicleApproval, other: VehicleApproval) -> None:
    rule, facts = get_rule("VEH-04.tank_carriage", 1), trip()
    assert facts.tractor is not None
    assert facts.trailer is not None
    approved = replace(
        facts,
        tractor=replace(facts.tractor, approval=one),
        trailer=replace(facts.trailer, approval=other),
    )
    for_at = replace(approved, goods=(goods(vehicle_for_tank_carriage="AT"),))

    carries_fl = rule.check(approved, AT).outcome is Outcome.PASSED

    assert not (carries_fl and rule.check(for_at, AT).outcome is not Outcome.PASSED)


def test_every_field_of_a_permit_but_its_kind_and_origin_can_be_missing() -> None:
    named = {field.name for field in fields(PermitFacts)}

    assert named - set(EMPTIED) == {"kind", "provenance", "route"}
