"""What holds of every load: order says nothing, more goods and fewer facts never help."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from tests.harness.mixed_loads import (
    excepted,
    explosive,
    limited,
    load_of,
    nitrate,
    packages,
    rigid,
    toxic,
)
from tests.harness.rule_facts import AT
from waybill.registry.kinds import VehicleApproval
from waybill.rules.facts import Answer, CarriageMode, Facts, GoodsFacts, PhysicalState, Regime
from waybill.rules.finding import Finding
from waybill.rules.regimes import relieving_regimes
from waybill.rules.register import get_rule

STOPS: Final = (
    "MIX-01.labels",
    "MIX-01.compatibility",
    "MIX-01.limited_with_explosives",
    "MIX-01.explosive_mass",
    "MIX-01.foodstuffs",
)
CODES: Final = (*STOPS, "MIX-02.limited", "MIX-02.excepted", "MIX-02.points", "MIX-02.tunnels")
REMOVED: Final[dict[str, object]] = {
    "labels": (),
    "classification_code": "",
    "division": "",
    "net_explosive_mass_kg": None,
    "gross_mass_kg": None,
    "package_gross_kg": None,
    "package_net_l": None,
    "package_net_kg": None,
    "inner_l": None,
    "inner_kg": None,
    "packages": None,
    "quantity_l": None,
    "limited_quantity": "",
    "excepted_quantity": "",
    "transport_category": "",
    "tunnel_restriction_code": "",
    "physical_state": PhysicalState.ASK,
    "not_subject_declared": Answer.ASK,
    "regime": Regime.ORDINARY,
}
"""What a line looks like where a fact was not declared or gathered."""
NOT_A_FACT_OF_STOPS: Final = {"regime"}
"""Goods that are not limited quantities may stand beside explosives; that is no fact less."""

_SOLID: Final = excepted(
    physical_state=PhysicalState.SOLID,
    inner_kg=Decimal("0.03"),
    package_net_kg=Decimal("0.5"),
)
KINDS: Final = (
    packages(),
    packages(mode=CarriageMode.TANK),
    packages(labels=("4.1", "1"), division="4.1", subsidiary_hazards=("1",)),
    packages(list_status="not_subject", not_subject_declared=Answer.YES),
    toxic(),
    nitrate(),
    nitrate(un_number="1477", entry_key="1477-ii"),
    explosive(),
    explosive(1, "1.1A", "0074"),
    explosive(1, "1.1B", "0029"),
    explosive(1, "1.1L", "0354"),
    explosive(1, "1.4S", "0323"),
    explosive(1, "1.6N", "0486"),
    explosive(net_explosive_mass_kg=Decimal(990)),
    limited(),
    limited(inner_l=Decimal(2)),
    limited(
        packages=300,
        package_gross_kg=Decimal(30),
        quantity_kg=Decimal(7000),
        gross_mass_kg=Decimal(8000),
    ),
    limited(limited_quantity="1 L or 1 kg", inner_kg=Decimal(1)),
    excepted(),
    excepted(packages=1000),
    _SOLID,
)
lines = st.lists(st.sampled_from(KINDS), min_size=1, max_size=4).map(
    lambda chosen: tuple(replace(line, position=place) for place, line in enumerate(chosen, 1))
)
foods = st.sampled_from(Answer)
approvals = st.sampled_from(VehicleApproval)


def loaded(goods: tuple[GoodsFacts, ...], food: Answer, approval: VehicleApproval) -> Facts:
    facts = load_of(*goods, tractor=rigid(approval=approval))
    return replace(facts, waybill=replace(facts.waybill, foodstuffs=food))


def judge(code: str, facts: Facts) -> Finding:
    return get_rule(code, 1).check(facts, AT)


def stopped(facts: Facts) -> set[str]:
    return {code for code in STOPS if judge(code, facts).blocks}


@given(lines.flatmap(lambda goods: st.tuples(st.just(goods), st.permutations(goods))), foods)
def test_the_order_of_goods_lines_changes_no_finding(
    orders: tuple[tuple[GoodsFacts, ...], list[GoodsFacts]], food: Answer
) -> None:
    goods, shuffled = orders
    approval = VehicleApproval.EX_II
    one, other = loaded(goods, food, approval), loaded(tuple(shuffled), food, approval)

    assert [judge(code, one) for code in CODES] == [judge(code, other) for code in CODES]
    assert relieving_regimes(one) == relieving_regimes(other)


@given(lines, st.sampled_from(KINDS), foods, approvals)
def test_one_more_goods_line_lifts_no_stop(
    goods: tuple[GoodsFacts, ...], more: GoodsFacts, food: Answer, approval: VehicleApproval
) -> None:
    added = (*goods, replace(more, position=len(goods) + 1))

    assert stopped(loaded(goods, food, approval)) <= stopped(loaded(added, food, approval))


@given(
    lines,
    st.integers(0, 3),
    st.sampled_from(sorted(REMOVED.keys() - NOT_A_FACT_OF_STOPS)),
    foods,
    approvals,
)
def test_a_fact_less_lifts_no_stop(
    goods: tuple[GoodsFacts, ...], place: int, fact: str, food: Answer, approval: VehicleApproval
) -> None:
    fewer = less(goods, place, fact)

    assert stopped(loaded(goods, food, approval)) <= stopped(loaded(fewer, food, approval))


@given(lines, foods, approvals)
def test_what_is_not_known_of_vehicle_and_food_lifts_no_stop(
    goods: tuple[GoodsFacts, ...], food: Answer, approval: VehicleApproval
) -> None:
    facts = loaded(goods, food, approval)

    assert stopped(facts) <= stopped(replace(facts, tractor=None))
    assert stopped(loaded(goods, Answer.NO, approval)) <= stopped(facts)


@given(lines, st.integers(0, 3), st.sampled_from(sorted(REMOVED)))
def test_a_fact_less_relieves_nobody(goods: tuple[GoodsFacts, ...], place: int, fact: str) -> None:
    before = relieving_regimes(load_of(*goods))

    assert relieving_regimes(load_of(*less(goods, place, fact))) <= before


@given(lines, st.sampled_from(KINDS))
def test_one_more_goods_line_relieves_nobody(
    goods: tuple[GoodsFacts, ...], more: GoodsFacts
) -> None:
    before = relieving_regimes(load_of(*goods))
    after = relieving_regimes(load_of(*goods, replace(more, position=len(goods) + 1)))

    assert bool(after) <= bool(before)


def less(goods: tuple[GoodsFacts, ...], place: int, fact: str) -> tuple[GoodsFacts, ...]:
    """Return the goods without one fact of one line."""
    place %= len(goods)
    bare = replace(goods[place], **{fact: REMOVED[fact]})  # type: ignore[arg-type]
    return (*goods[:place], bare, *goods[place + 1 :])
