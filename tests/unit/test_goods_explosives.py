from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.goods.catalogue import load
from waybill.goods.explosives import (
    ExplosivesVehicle,
    Together,
    compatibility_group,
    counts_towards_limit,
    division,
    effective_division,
    may_load_explosives_together,
    net_explosive_limit_kg,
)
from waybill.goods.tables import table

EDITION = "2025"
YES, NO, UNKNOWN = Together.YES, Together.NO, Together.UNKNOWN
PROHIBITED = (NO, "prohibited")
GROUP_UNKNOWN = (UNKNOWN, "group_unknown")
CODES = sorted(
    {entry.classification_code for entry in load(EDITION).entries if entry.hazard_class == "1"}
    - {""}
)
codes = st.sampled_from(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_list_has_a_division_and_a_group(code: str) -> None:
    assert (division(code), compatibility_group(code)) == (code[:3], code[3])


@pytest.mark.parametrize(
    "code",
    ["", "1.1", "D", "1.7D", "1.0D", "1.1I", "1.1M", "1.1d", " 1.1D", "1.1D ", "1.1DD", "F1"],
)
def test_other_texts_have_neither(code: str) -> None:
    assert (division(code), compatibility_group(code)) == (None, None)


@pytest.mark.parametrize(
    ("a", "b", "same_goods", "expected"),
    [
        pytest.param("1.1A", "1.1A", False, (YES, ""), id="A with A"),
        pytest.param("1.1A", "1.4S", False, PROHIBITED, id="A not even with S"),
        pytest.param("1.1B", "1.4B", False, (YES, ""), id="B with B"),
        pytest.param("1.1B", "1.1D", False, (UNKNOWN, "1"), id="B with D only apart"),
        pytest.param("1.1B", "1.1D", True, (UNKNOWN, "1"), id="B with D, whatever is said of them"),
        pytest.param("1.1B", "1.1C", False, PROHIBITED, id="B with C"),
        pytest.param("1.3C", "1.3G", False, (YES, ""), id="C with G"),
        pytest.param("1.1D", "1.1E", False, (YES, ""), id="D with E"),
        pytest.param("1.1F", "1.1D", False, PROHIBITED, id="F with D"),
        pytest.param("1.2H", "1.2J", False, PROHIBITED, id="H with J"),
        pytest.param("1.2L", "1.3L", True, (YES, "4"), id="L of one type"),
        pytest.param("1.2L", "1.3L", False, (NO, "4"), id="L of two types"),
        pytest.param("1.2L", "1.4S", False, PROHIBITED, id="L not even with S"),
        pytest.param("1.6N", "1.6N", True, (YES, ""), id="N of one type"),
        pytest.param("1.6N", "1.6N", False, (YES, "2"), id="N of two types"),
        pytest.param("1.6N", "1.1C", False, (YES, "3"), id="N with C"),
        pytest.param("1.6N", "1.1D", False, (YES, "3"), id="N with D"),
        pytest.param("1.6N", "1.1E", True, (YES, "3"), id="N with E"),
        pytest.param("1.6N", "1.1G", False, PROHIBITED, id="N with G"),
        pytest.param("1.6N", "1.4S", False, (YES, ""), id="N with S"),
        pytest.param("1.4S", "1.4S", False, (YES, ""), id="S with S"),
        pytest.param("1.2K", "1.4S", False, GROUP_UNKNOWN, id="group K is not in the table"),
        pytest.param("1.2K", "1.2K", True, GROUP_UNKNOWN, id="group K with itself"),
        pytest.param("", "1.1D", False, GROUP_UNKNOWN, id="no code"),
        pytest.param("F1", "1.1D", False, GROUP_UNKNOWN, id="not of Class 1"),
    ],
)
def test_explosives_go_together_or_not_by_their_groups(
    a: str, b: str, *, same_goods: bool, expected: tuple[Together, str]
) -> None:
    assert may_load_explosives_together(a, b, EDITION, same_goods=same_goods) == expected
    assert may_load_explosives_together(b, a, EDITION, same_goods=same_goods) == expected


def test_the_table_of_groups_is_symmetric() -> None:
    rows = {row["group"]: row for row in table(EDITION, "explosives_compatibility")}

    assert "".join(rows) == "ABCDEFGHJLNS"
    assert [
        pair for pair in product(rows, rows) if rows[pair[0]][pair[1]] != rows[pair[1]][pair[0]]
    ] == []


@given(codes)
def test_one_type_of_explosives_goes_with_itself(code: str) -> None:
    together, _ = may_load_explosives_together(code, code, EDITION, same_goods=True)

    assert together is (UNKNOWN if compatibility_group(code) == "K" else YES)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["1.1D"], "1.1"),
        (["1.2D"], "1.2"),
        (["1.3C"], "1.3"),
        (["1.4G"], "1.4"),
        (["1.4S"], "1.4"),
        (["1.5D"], "1.5"),
        (["1.6N"], "1.6"),
        (["1.5D", "1.1D"], "1.1"),
        (["1.5D", "1.3C"], "1.5"),
        (["1.3C", "1.2D"], "1.2"),
        (["1.6N", "1.3C"], "1.3"),
        (["1.4G", "1.6N"], "1.6"),
        (["1.4S", "1.3G", "1.3C"], "1.3"),
        (["1.5D", "1.2D"], "1.1"),
        (["1.2D", "1.4S", "1.5D"], "1.1"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_load_is_treated_as_its_most_dangerous_division(codes: list[str], expected: str) -> None:
    assert effective_division(codes) == expected


@pytest.mark.parametrize("codes", [[], [""], ["F1"], ["1.1D", ""], ["1.1A", "F1"]])
def test_what_is_not_an_explosive_has_no_division(codes: list[str]) -> None:
    with pytest.raises(ValueError, match="expected classification codes of explosives"):
        effective_division(codes)
    with pytest.raises(ValueError, match="expected classification codes of explosives"):
        net_explosive_limit_kg(codes, "EX/II", EDITION)


@pytest.mark.parametrize(
    ("codes", "ex_ii", "ex_iii"),
    [
        (["1.1A"], "6.25", "18.75"),
        (["1.1A", "1.1A"], "6.25", "18.75"),
        (["1.1A", "1.1D"], "6.25", "18.75"),
        (["1.1D"], "1000", "16000"),
        (["1.1D", "1.4S"], "1000", "16000"),
        (["1.2D"], "3000", "16000"),
        (["1.3C"], "5000", "16000"),
        (["1.3C", "1.1D"], "1000", "16000"),
        (["1.4G"], "15000", "16000"),
        (["1.4G", "1.4S"], "15000", "16000"),
        (["1.5D"], "5000", "16000"),
        (["1.5D", "1.2D"], "1000", "16000"),
        (["1.6N"], "5000", "16000"),
    ],
)
def test_the_limit_is_that_of_the_effective_division(
    codes: list[str], ex_ii: str, ex_iii: str
) -> None:
    assert net_explosive_limit_kg(codes, "EX/II", EDITION) == Decimal(ex_ii)
    assert net_explosive_limit_kg(codes, "EX/III", EDITION) == Decimal(ex_iii)


@pytest.mark.parametrize("vehicle", ["EX/II", "EX/III"])
def test_group_s_alone_has_no_limit(vehicle: ExplosivesVehicle) -> None:
    assert net_explosive_limit_kg(["1.4S", "1.4S"], vehicle, EDITION) is None


@given(st.lists(codes, min_size=1), codes)
def test_more_kinds_of_explosives_never_raise_the_limit(load: list[str], more: str) -> None:
    before = net_explosive_limit_kg(load, "EX/II", EDITION)
    after = net_explosive_limit_kg([*load, more], "EX/II", EDITION)

    assert before is None or (after is not None and after <= before)


def test_the_mass_of_all_but_group_s_counts() -> None:
    assert {code for code in CODES if not counts_towards_limit(code)} == {"1.4S"}
