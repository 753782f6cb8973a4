"""What a tank may carry by its code, with the word that says why."""

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.goods.catalogue import load
from waybill.goods.gas_filling import CONDITION_WORDS
from waybill.goods.tables import table
from waybill.goods.tank_codes import Fit, tank_code_permits
from waybill.goods.tank_hierarchy import PhysicalState, fit

EDITION = "2025"
YES, NO, UNKNOWN = Fit.YES, Fit.NO, Fit.UNKNOWN
PRESSURES = ["G", "1.5", "2.65", "4", "10", "15", "21"]
IN_TABLE = [
    row["code"]
    for row in table(EDITION, "tank_hierarchy")
    if row["subject"] == "liquids_and_solids"
]
REQUIRED = sorted({entry.tank_code for entry in load(EDITION).entries} - {""})


def judge(
    tank: str,
    required: str,
    *,
    un_number: str = "1203",
    state: PhysicalState = "ask",
    insulated: bool | None = None,
) -> tuple[Fit, str]:
    return fit(
        tank, required, un_number=un_number, state=state, edition=EDITION, insulated=insulated
    )


@pytest.mark.parametrize(
    ("tank", "required", "expected"),
    [
        pytest.param("LGBF", "LGBF", (YES, "same_code"), id="the very code"),
        pytest.param("L4BH", "LGBF", (YES, "higher_code"), id="better in every part"),
        pytest.param("L10CN", "L4BN", (YES, "higher_code"), id="a code outside the table"),
        pytest.param("L4BN", "L4BH", (NO, "lower_code"), id="not hermetically closed"),
        pytest.param("LGBF", "L1.5BN", (NO, "lower_code"), id="too low a pressure"),
        pytest.param("L4BH", "L4DH", (NO, "lower_code"), id="openings below"),
        pytest.param("L4BN", "SGAN", (UNKNOWN, "liquid_tank_for_solid"), id="L for S"),
        pytest.param("LGAV", "SGAN", (NO, "lower_code"), id="L for S, but worse"),
        pytest.param("SGAN", "LGBF", (NO, "solid_tank_for_liquid"), id="S for L"),
        pytest.param("S10AH", "S4AH", (UNKNOWN, "left_out_of_table"), id="left out"),
        pytest.param("S10BH", "S4AH", (YES, "higher_code"), id="outside of the table"),
        pytest.param("L10BN", "L10BN(+)", (UNKNOWN, "only_if_named"), id="marked, same code"),
        pytest.param("L15DH", "L10BN(+)", (UNKNOWN, "only_if_named"), id="marked, better"),
        pytest.param("L4BN", "L10BN(+)", (NO, "lower_code"), id="marked, worse"),
        pytest.param("LGBF", "", (NO, "no_tank_code"), id="no tank is allowed"),
        pytest.param("", "LGBF", (UNKNOWN, "code_unreadable"), id="no code known"),
        pytest.param("LGBF", "see 4.3", (UNKNOWN, "code_unreadable"), id="column unread"),
        pytest.param("P22DH", "LGBF", (NO, "other_kind"), id="a gas tank for a liquid"),
        pytest.param("L21DH", "P22DH(M)", (NO, "other_kind"), id="a liquid's tank for a gas"),
        pytest.param("R22BN", "P22BN", (NO, "other_kind"), id="another kind of gas tank"),
        pytest.param("P22DH", "P22DH(M)", (YES, "same_code"), id="chlorine"),
        pytest.param("P22.5DH", "P22DH(M)", (YES, "higher_code"), id="half a bar more"),
        pytest.param("P21DH", "P22DH(M)", (NO, "pressure_too_low"), id="a bar too low"),
        pytest.param("P22CH", "P22DH(M)", (NO, "lower_code"), id="openings below the liquid"),
        pytest.param("PxDH", "P22DH(M)", (UNKNOWN, "own_pressure_unknown"), id="x on the plate"),
        pytest.param("P22DH(M)", "P22DH(M)", (YES, "same_code"), id="receptacles allowed"),
        pytest.param("P22DH(M)", "P22DH", (NO, "receptacles_not_allowed"), id="not allowed"),
    ],
)
def test_a_tank_fits_by_its_code(tank: str, required: str, expected: tuple[Fit, str]) -> None:
    assert judge(tank, required) == expected


@pytest.mark.parametrize(
    ("tank", "required", "state", "expected"),
    [
        ("L4BH", "SGAH L4BH", "liquid", (YES, "same_code")),
        ("L4BH", "SGAH L4BH", "solid", (UNKNOWN, "liquid_tank_for_solid")),
        ("SGAH", "SGAH L4BH", "solid", (YES, "same_code")),
        ("SGAH", "SGAH L4BH", "liquid", (NO, "solid_tank_for_liquid")),
        ("SGAH", "SGAH L4BH", "ask", (UNKNOWN, "state_unknown")),
        ("L4BH", "SGAH L4BH", "ask", (UNKNOWN, "state_unknown")),
        ("LGAV", "SGAH L4BH", "ask", (NO, "lower_code")),
        ("SGAN", "SGAN", "liquid", (UNKNOWN, "state_differs")),
        ("SGAV", "SGAN", "liquid", (NO, "lower_code")),
        ("L4BN", "L4BN", "gas", (UNKNOWN, "state_differs")),
        ("P22DH", "P22DH(M)", "gas", (YES, "same_code")),
        ("L10BH", "LGBF L15CH", "liquid", (YES, "higher_code")),
        ("LGBF", "L15CH LGBF", "liquid", (YES, "same_code")),
        ("S10AH", "S15AH S4AH", "solid", (UNKNOWN, "left_out_of_table")),
    ],
)
def test_of_several_codes_the_state_decides(
    tank: str, required: str, state: PhysicalState, expected: tuple[Fit, str]
) -> None:
    assert judge(tank, required, state=state) == expected


@pytest.mark.parametrize(
    ("tank", "un_number", "insulated", "expected"),
    [
        pytest.param("P23BN", "1978", None, (YES, "gas_pressure_met"), id="enough for both"),
        pytest.param("P22.9BN", "1978", None, (UNKNOWN, "insulation_unknown"), id="just not"),
        pytest.param("P21BN", "1978", None, (UNKNOWN, "insulation_unknown"), id="if insulated"),
        pytest.param("P20.9BN", "1978", None, (NO, "pressure_too_low"), id="for neither"),
        pytest.param("P21BN", "1978", True, (YES, "gas_pressure_met"), id="insulated"),
        pytest.param("P20.9BN", "1978", True, (NO, "pressure_too_low"), id="insulated, low"),
        pytest.param("P23BN", "1978", False, (YES, "gas_pressure_met"), id="bare"),
        pytest.param("P22.9BN", "1978", False, (NO, "pressure_too_low"), id="bare, low"),
        pytest.param("P190BN", "1013", None, (YES, "gas_pressure_met"), id="the lowest row"),
        pytest.param("P10BN", "2073", None, (UNKNOWN, "variant_unknown"), id="one of two"),
        pytest.param("P12BN", "2073", None, (YES, "gas_pressure_met"), id="both of two"),
        pytest.param("P9.9BN", "2073", None, (NO, "pressure_too_low"), id="neither of two"),
        pytest.param("P99BN", "1965", None, (UNKNOWN, "by_calculation"), id="other mixtures"),
        pytest.param("P99BN", "1002", None, (UNKNOWN, "by_pressure"), id="compressed"),
        pytest.param("P99BN", "1001", None, (NO, "receptacles_only"), id="acetylene"),
        pytest.param(
            "P99BN(M)", "1001", None, (UNKNOWN, "receptacles_only"), id="acetylene in receptacles"
        ),
        pytest.param("P99BN", "9999", None, (UNKNOWN, "not_in_table"), id="no such gas"),
        pytest.param("PxBN", "1978", None, (UNKNOWN, "own_pressure_unknown"), id="x on it"),
    ],
)
def test_an_open_pressure_is_the_gases_own(
    tank: str,
    un_number: str,
    insulated: bool | None,  # noqa: FBT001  a parameter of the test
    expected: tuple[Fit, str],
) -> None:
    assert judge(tank, "PxBN(M)", un_number=un_number, insulated=insulated) == expected


@pytest.mark.parametrize(("tank", "required"), list(product(IN_TABLE, repeat=2)))
def test_it_never_goes_beyond_the_table(tank: str, required: str) -> None:
    groups = {
        row["code"]: row["others"].split()
        for row in table(EDITION, "tank_hierarchy")
        if row["subject"] == "liquids_and_solids"
    }
    permitted = required == tank or required in groups[tank]

    assert (judge(tank, required)[0] is YES) == permitted


def test_every_code_and_row_of_the_list_is_answered_with_a_known_word() -> None:
    words = {
        "same_code", "higher_code", "gas_pressure_met", "no_tank_code", "other_kind",
        "solid_tank_for_liquid", "lower_code", "pressure_too_low", "receptacles_not_allowed",
        "receptacles_only", "code_unreadable", "state_unknown", "state_differs", "only_if_named",
        "liquid_tank_for_solid", "left_out_of_table", "own_pressure_unknown", "not_in_table",
        "insulation_unknown", "variant_unknown", *CONDITION_WORDS.values(),
    }  # fmt: skip
    rows = {(entry.un_number, entry.tank_code) for entry in load(EDITION).entries}
    tanks = ["LGBF", "L21DH", "S10AH", "P22DH", "P50BN(M)", "RxBN", "C250BN", "nonsense"]

    answers = {
        judge(tank, required, un_number=number, state=state)
        for number, required in rows
        for tank in tanks
        for state in get_args(PhysicalState)
    }

    assert {word for _, word in answers} <= words


@pytest.mark.parametrize("required", REQUIRED)
def test_a_yes_of_the_first_edition_stays_a_yes_or_names_what_is_open(required: str) -> None:
    open_words = {"only_if_named", "state_unknown", "by_calculation"}
    for tank in (*IN_TABLE, "P22DH", "P50BN", "C250BH", "R10BN"):
        before, (now, word) = tank_code_permits(tank, required), judge(tank, required)
        if before is not now:
            assert (before, word in open_words) == (YES, True)


SUBSTANCE_CODES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from("LS"),
    st.sampled_from(PRESSURES),
    st.sampled_from("ABCD"),
    st.sampled_from("VFNH"),
)
STEPS = st.tuples(*(st.integers(0, 3) for _ in range(3)))


def raise_code(code: str, steps: tuple[int, ...]) -> str:
    """Return the code with pressure, openings and closing moved up by some steps."""
    pressure, openings, closing = code[1:-2], code[-2], code[-1]
    return "".join((
        code[0],
        PRESSURES[min(PRESSURES.index(pressure) + steps[0], len(PRESSURES) - 1)],
        "ABCD"[min("ABCD".index(openings) + steps[1], 3)],
        "VFNH"[min("VFNH".index(closing) + steps[2], 3)],
    ))  # fmt: skip


@given(SUBSTANCE_CODES, STEPS, st.sampled_from(REQUIRED), st.sampled_from(get_args(PhysicalState)))
def test_a_higher_tank_never_fits_fewer_goods(
    code: str, steps: tuple[int, ...], required: str, state: PhysicalState
) -> None:
    higher = raise_code(code, steps)
    if judge(code, required, state=state)[0] is YES:
        after = judge(higher, required, state=state)
        assert after[0] is YES or after == (UNKNOWN, "left_out_of_table")


@given(SUBSTANCE_CODES, STEPS)
def test_a_tank_fits_its_own_code_and_every_lower_one_but_what_the_table_leaves_out(
    code: str, steps: tuple[int, ...]
) -> None:
    higher = raise_code(code, steps)

    assert judge(higher, code) in {
        (YES, "same_code" if higher == code else "higher_code"),
        (UNKNOWN, "left_out_of_table"),
    }


GAS_ROWS = sorted(
    {(e.un_number, e.tank_code) for e in load(EDITION).entries if "(M)" in e.tank_code}
)


@given(st.sampled_from(GAS_ROWS), st.integers(1, 300), st.integers(0, 100))
def test_more_pressure_never_fits_fewer_gases(row: tuple[str, str], bar: int, more: int) -> None:
    un_number, required = row
    order = [NO, UNKNOWN, YES]
    letters = required.removesuffix("(M)")[-2:]

    low = judge(f"{required[0]}{bar}{letters}", required, un_number=un_number)
    high = judge(f"{required[0]}{bar + more}{letters}", required, un_number=un_number)

    assert order.index(low[0]) <= order.index(high[0])
