"""What holds of the rules about tanks and filling whatever the figures are."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.harness.rule_facts import AT, goods, substance, tank, waybill
from tests.harness.rule_trips import trip
from tests.harness.tank_loads import PROPANE, cargo, container, declared, vessel
from waybill.goods.tank_codes import parse_tank_code
from waybill.rules.facts import (
    CompartmentFacts,
    Facts,
    GoodsFacts,
    LastCargoFacts,
    PhysicalState,
    SubstanceFacts,
    TankFacts,
)
from waybill.rules.finding import Finding
from waybill.rules.register import get_rule

CODES = [
    "LGAV",
    "LGBV",
    "LGBF",
    "L1.5BN",
    "L4BN",
    "L4BH",
    "L4DH",
    "L10BH",
    "L10CH",
    "L10DH",
    "L15CH",
    "L15DH",
    "L21DH",
    "SGAV",
    "SGAN",
    "SGAH",
    "S4AH",
    "S10AH",
]
NEEDED = [*CODES, "SGAN L4BN", "L4DH(+)", "L10DH(+)"]
DENSITIES = st.none() | st.decimals(min_value="0.5", max_value="2", places=3)
GROUPS = st.sampled_from(["I", "II", "III"])
SUBSTANCES = st.builds(
    SubstanceFacts,
    un_number=st.sampled_from(["1202", "1203"]),
    packing_groups=st.lists(GROUPS, max_size=2).map(tuple),
    technical_name=st.sampled_from(["", "石脑油"]),
    max_concentration=st.sampled_from(["", "65%", "浓"]),
    compartment=st.sampled_from([None, 1, 2]),
)


def judge(code: str, facts: Facts, version: int = 1) -> Finding:
    return get_rule(code, version).check(facts, AT)


@st.composite
def liquids(draw: st.DrawFn) -> GoodsFacts:
    return goods(
        density_kg_l=draw(DENSITIES),
        density_50_kg_l=draw(DENSITIES),
        filling_temperature_c=draw(st.none() | st.integers(-30, 90).map(Decimal)),
        quantity_kg=draw(st.integers(1, 60000).map(Decimal)),
        quantity_l=draw(st.none() | st.integers(1, 60000).map(Decimal)),
        viscosity_mm2_s=draw(st.none() | st.sampled_from([Decimal(1), Decimal(2680)])),
        division=draw(st.sampled_from(["3", "8", "5.1"])),
        packing_group=draw(GROUPS),
        tank_provisions=draw(st.sampled_from([(), ("TU22",), ("TU36",), ("TU34",)])),
    )


@st.composite
def shells(draw: st.DrawFn) -> TankFacts:
    capacity_l = Decimal(draw(st.integers(5000, 45000)))
    section_l = draw(st.none() | st.sampled_from([Decimal(7500), capacity_l]))
    return tank(
        capacity_l=capacity_l,
        compartments=(
            CompartmentFacts(number=1, capacity_l=capacity_l, largest_section_l=section_l),
        ),
        tank_code=draw(st.sampled_from([None, "LGBF", "L4BH"])),
        heated=draw(st.sampled_from([None, True, False])),
    )


@given(
    line=liquids(),
    held=shells(),
    forgotten=st.sampled_from(
        ["density_kg_l", "density_50_kg_l", "filling_temperature_c", "viscosity_mm2_s"]
    ),
    code=st.sampled_from(["TNK-03.filling", "TNK-03.surge"]),
)
def test_a_forgotten_fact_of_the_product_never_lets_a_filling_pass(
    line: GoodsFacts, held: TankFacts, forgotten: str, code: str
) -> None:
    known = judge(code, trip(tank=held, goods=(line,)))
    less = judge(code, trip(tank=held, goods=(replace(line, **{forgotten: None}),)))  # type: ignore[arg-type]

    assert less.stands or not known.stands


@given(line=liquids(), held=shells())
def test_forgotten_sections_never_let_a_half_full_shell_pass(
    line: GoodsFacts, held: TankFacts
) -> None:
    parts = tuple(replace(part, largest_section_l=None) for part in held.compartments)
    known = judge("TNK-03.surge", trip(tank=held, goods=(line,)))
    less = judge("TNK-03.surge", trip(tank=replace(held, compartments=parts), goods=(line,)))

    assert less.stands or not known.stands


@given(line=liquids(), held=shells(), more_kg=st.integers(1, 50000))
def test_more_of_a_liquid_never_turns_a_stop_into_a_pass(
    line: GoodsFacts, held: TankFacts, more_kg: int
) -> None:
    by_mass = replace(line, quantity_l=None)
    fuller = replace(by_mass, quantity_kg=by_mass.quantity_kg + more_kg)

    less = judge("TNK-03.filling", trip(tank=held, goods=(by_mass,)))
    more = judge("TNK-03.filling", trip(tank=held, goods=(fuller,)))

    assert more.stands or not less.stands


@given(
    quantity_kg=st.integers(1, 30000),
    more_kg=st.integers(1, 20000),
    un_number=st.sampled_from(["1978", "1965", "1010", "1005", "1066"]),
    test_pressure_bar=st.none() | st.integers(5, 40).map(Decimal),
    insulated=st.sampled_from([None, True, False]),
    max_filling_kg=st.none() | st.integers(1000, 20000).map(Decimal),
)
def test_more_of_a_gas_never_turns_a_stop_into_a_pass(  # noqa: PLR0917  all that is varied
    quantity_kg: int,
    more_kg: int,
    un_number: str,
    test_pressure_bar: Decimal | None,
    insulated: bool | None,  # noqa: FBT001  a fact
    max_filling_kg: Decimal | None,
) -> None:
    held = vessel(
        test_pressure_bar=test_pressure_bar, insulated=insulated, max_filling_kg=max_filling_kg
    )

    def filled(kg: int) -> Finding:
        line = goods(**{**PROPANE, "un_number": un_number, "quantity_kg": Decimal(kg)})
        return judge("TNK-03.filling", trip(tank=held, goods=(line,)))

    assert filled(quantity_kg + more_kg).stands or not filled(quantity_kg).stands


@given(
    listed=st.lists(SUBSTANCES, max_size=3).map(tuple),
    added=SUBSTANCES,
    line=st.builds(
        lambda group, name, share, number: goods(
            packing_group=group, technical_name=name, concentration=share, compartment=number
        ),
        GROUPS,
        st.sampled_from(["", "石脑油"]),
        st.sampled_from(["", "60%", "70%"]),
        st.sampled_from([None, 1]),
    ),
    held=st.sampled_from([tank(), container(tank_code="L4BH"), container(tank_code="L10DH")]),
    needed=st.sampled_from(NEEDED),
)
def test_a_further_approved_substance_never_stops_what_passed(
    listed: tuple[SubstanceFacts, ...],
    added: SubstanceFacts,
    line: GoodsFacts,
    held: TankFacts,
    needed: str,
) -> None:
    line = replace(line, tank_code=needed)
    before = replace(held, approved_substances=listed)
    more = replace(held, approved_substances=(*listed, added))

    known = judge("TNK-02.approved", trip(tank=before, goods=(line,)), version=2)
    further = judge("TNK-02.approved", trip(tank=more, goods=(line,)), version=2)

    assert known.stands or not further.stands


@given(
    needed=st.sampled_from(NEEDED),
    codes=st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)).filter(
        lambda codes: _is_higher(*codes)
    ),
    state=st.sampled_from([PhysicalState.LIQUID, PhysicalState.SOLID, PhysicalState.ASK]),
)
def test_a_higher_code_never_fits_fewer_goods(
    needed: str, codes: tuple[str, str], state: PhysicalState
) -> None:
    line = goods(tank_code=needed, physical_state=state)

    def fitness(tank_code: str) -> Finding:
        held = container(tank_code=tank_code)
        return judge("TNK-02.approved", trip(tank=held, goods=(line,)), version=2)

    higher, lower = (fitness(code) for code in codes)

    # One table leaves out what the parts would allow; there a person must look.
    left_out = higher.facts.get("why") == "left_out_of_table"
    assert not higher.stands or left_out or lower.stands


def _is_higher(higher: str, lower: str) -> bool:
    """Whether one code asks for as much as another, part by part."""
    high, low = parse_tank_code(higher), parse_tank_code(lower)
    none = Decimal(0)
    return (
        high.kind == low.kind
        and (high.pressure_bar or none) >= (low.pressure_bar or none)
        and "ABCD".index(high.openings) >= "ABCD".index(low.openings)
        and "VFNH".index(high.closing) >= "VFNH".index(low.closing)
    )


@given(
    recorded=st.lists(st.sampled_from(["1203", "1202", "1230"]), max_size=2),
    said=st.none() | st.sampled_from(["1203", "1202", ""]),
)
def test_forgetting_every_last_cargo_never_lets_a_tank_be_filled(
    recorded: list[str], said: str | None
) -> None:
    claims: tuple[LastCargoFacts, ...] = ()
    if said is not None:
        claims = (declared(said, nothing=not said),)
    known = trip(
        tank=tank(last_cargoes=tuple(cargo(un_number) for un_number in recorded)),
        waybill=waybill(last_cargoes=claims),
    )
    forgotten = trip(tank=tank(last_cargoes=()))

    assert judge("TNK-04.last_cargo", forgotten).stands
    assert judge("TNK-04.last_cargo", known).stands or set(recorded) <= {"1203"}


@given(listed=st.lists(st.sampled_from(["1203", "1202"]), max_size=2))
def test_a_forgotten_approval_never_lets_marked_goods_pass(listed: list[str]) -> None:
    line = goods(tank_code="L4BH(+)")
    held = container(
        tank_code="L4BH", approved_substances=tuple(substance(number) for number in listed)
    )

    found = judge("TNK-02.approved", trip(tank=held, goods=(line,)), version=2)

    assert found.stands is ("1203" not in listed)
