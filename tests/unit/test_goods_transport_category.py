from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.goods.catalogue import load
from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.tables import spelt_out
from waybill.goods.transport_category import (
    POINTS_LIMIT,
    QuantityUnit,
    State,
    points,
    quantity_unit,
    total_points,
    transport_category,
)

EDITION = "2025"
PETROL = load(EDITION).find("1203")[0]


def entry(hazard_class: str, classification_code: str) -> DangerousGoodsEntry:
    return replace(PETROL, hazard_class=hazard_class, classification_code=classification_code)


@pytest.mark.parametrize(
    ("category", "un_number", "quantity", "expected"),
    [
        pytest.param("1", "1051", "20", "1000", id="category 1, as much as may be"),
        pytest.param("1", "1051", "20.1", "1005.0", id="category 1, a little more"),
        pytest.param("1", "1005", "50", "1000", id="note a, as much as may be"),
        pytest.param("1", "1017", "50", "1000", id="note a, chlorine"),
        pytest.param("1", "0482", "50.5", "1010.0", id="note a, a little more"),
        pytest.param("2", "1203", "333", "999", id="category 2, as much as may be"),
        pytest.param("2", "1203", "334", "1002", id="category 2, a little more"),
        pytest.param("2", "1005", "1", "3", id="note a is about category 1"),
        pytest.param("3", "1202", "1000", "1000", id="category 3"),
        pytest.param("4", "1331", "99999", "0", id="category 4 never counts"),
        pytest.param("1", "1051", "0", "0", id="nothing"),
    ],
)
def test_a_quantity_counts_by_its_category(
    category: str, un_number: str, quantity: str, expected: str
) -> None:
    found = points(category, Decimal(quantity), un_number=un_number, edition=EDITION)

    assert found == Decimal(expected)


@pytest.mark.parametrize("category", ["0", "", "-", "5", "1a", "see SP671"])
def test_what_has_no_multiplier_is_never_within(category: str) -> None:
    assert points(category, Decimal(0), un_number="1203", edition=EDITION) is None


@pytest.mark.parametrize(
    "un_number", ["0081", "0082", "0084", "0241", "0331", "0332", "0482", "1005", "1017"]
)
def test_note_a_names_nine_numbers(un_number: str) -> None:
    assert points("1", Decimal(1), un_number=un_number, edition=EDITION) == Decimal(20)


def test_points_add_up_to_a_limit() -> None:
    assert Decimal(1000) == POINTS_LIMIT
    assert total_points([Decimal(999), Decimal("0.5"), Decimal("0.5")]) == POINTS_LIMIT
    assert total_points([]) == Decimal(0)


@pytest.mark.parametrize("parts", [[None], [Decimal(1), None], [None, Decimal(1)]])
def test_one_that_is_never_within_leaves_no_total(parts: list[Decimal | None]) -> None:
    assert total_points(parts) is None


@given(st.sampled_from("1234"), st.decimals(0, 10_000, places=2), st.decimals(0, 10_000, places=2))
def test_points_are_the_same_in_one_lot_or_in_two(category: str, a: Decimal, b: Decimal) -> None:
    def count(quantity: Decimal) -> Decimal | None:
        return points(category, quantity, un_number="1203", edition=EDITION)

    assert total_points([count(a), count(b)]) == count(a + b)


@pytest.mark.parametrize(
    ("hazard_class", "code", "expected"),
    [
        pytest.param("1", "1.4S", "kg_nem", id="explosives"),
        pytest.param("1", "", "kg_nem", id="samples of explosives"),
        pytest.param("2", "1F", "l_water", id="compressed gas"),
        pytest.param("2", "2TC", "kg", id="liquefied gas"),
        pytest.param("2", "3A", "kg", id="refrigerated liquefied gas"),
        pytest.param("2", "4F", "kg", id="dissolved gas"),
        pytest.param("2", "5FC", "kg", id="aerosol"),
        pytest.param("2", "6A", "kg", id="article with gas"),
        pytest.param("2", "7F", None, id="sample of gas"),
        pytest.param("2", "8A", "l_water", id="chemical under pressure"),
        pytest.param("2", "9A", "l_water", id="adsorbed gas"),
        pytest.param("2", "", None, id="gas without a code"),
        pytest.param("3", "F1", "l", id="flammable liquid"),
        pytest.param("3", "F3", "kg", id="article with flammable liquid"),
        pytest.param("4.1", "F2", None, id="molten flammable solid"),
        pytest.param("4.1", "F3", "kg", id="flammable solid"),
        pytest.param("4.1", "F1", "kg", id="one code, another class"),
        pytest.param("4.1", "SR1", None, id="self-reactive, solid or liquid"),
        pytest.param("4.2", "S1", "l", id="pyrophoric liquid"),
        pytest.param("4.2", "S2", "kg", id="self-heating solid"),
        pytest.param("4.3", "W1", "l", id="water-reactive liquid"),
        pytest.param("4.3", "W3", "kg", id="water-reactive article"),
        pytest.param("5.1", "O1", "l", id="oxidizing liquid"),
        pytest.param("5.1", "O2", "kg", id="oxidizing solid"),
        pytest.param("5.2", "P1", None, id="organic peroxide, solid or liquid"),
        pytest.param("6.1", "T4", "l", id="toxic inorganic liquid"),
        pytest.param("6.1", "T5", "kg", id="toxic inorganic solid"),
        pytest.param("6.1", "T3", None, id="organometallic, solid or liquid"),
        pytest.param("8", "C1", "l", id="corrosive liquid"),
        pytest.param("8", "C2", "kg", id="corrosive solid"),
        pytest.param("9", "M4", "kg", id="lithium batteries"),
        pytest.param("9", "M6", None, id="hazardous to water"),
        pytest.param("6.2", "I1", None, id="infectious"),
    ],
)
def test_the_code_tells_the_unit(
    hazard_class: str, code: str, expected: QuantityUnit | None
) -> None:
    assert quantity_unit(entry(hazard_class, code)) == expected


@pytest.mark.parametrize(
    ("hazard_class", "code", "state", "expected"),
    [
        pytest.param("5.2", "P1", "liquid", "l", id="what the code leaves open: liquid"),
        pytest.param("5.2", "P1", "solid", "kg", id="what the code leaves open: solid"),
        pytest.param("8", "C4", "liquid", "l", id="a solid carried molten"),
        pytest.param("1", "1.1D", "liquid", "kg_nem", id="explosives in any state"),
        pytest.param("2", "1A", "liquid", "l_water", id="gases in any state"),
        pytest.param("2", "7F", "liquid", None, id="a sample of gas in any state"),
    ],
)
def test_what_is_known_of_the_goods_goes_before_the_code(
    hazard_class: str, code: str, state: State, expected: QuantityUnit | None
) -> None:
    assert quantity_unit(entry(hazard_class, code), state=state) == expected


@pytest.mark.parametrize(
    ("hazard_class", "code"),
    [("3", "FTC"), ("4.2", "SC3"), ("4.3", "WFC"), ("5.1", "OT1"), ("6.1", "TFW"), ("8", "CW1")],
)
def test_a_tank_for_liquids_is_asked_for_what_is_liquid_by_its_code(
    hazard_class: str, code: str
) -> None:
    found = {
        tank[0]
        for row in load(EDITION).entries
        if (row.hazard_class, row.classification_code) == (hazard_class, code)
        for tank in row.tank_codes
    }

    assert quantity_unit(entry(hazard_class, code)) == "l"
    assert found == {"L"}


def test_no_row_that_only_a_tank_for_solids_may_carry_is_counted_in_litres() -> None:
    wrong = [
        row.key
        for row in load(EDITION).entries
        if row.tank_codes
        and quantity_unit(row) == "l"
        and all(tank.startswith("S") for tank in row.tank_codes)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("un_number", "expected"),
    [
        pytest.param("1203", ["2"], id="by packing group II"),
        pytest.param("1202", ["3", "3", "3"], id="by packing group III"),
        pytest.param("0081", ["1"], id="explosives by their code"),
        pytest.param("0012", ["4"], id="1.4S"),
        pytest.param("1005", ["1"], id="gases by their letters"),
        pytest.param("1361", ["2", "4"], id="by number and packing group"),
        pytest.param("2215", ["0", "3"], id="molten by name"),
        pytest.param("2845", ["0"], id="4.2 packing group I"),
        pytest.param("2810", ["1", "2", "2"], id="6.1 packing group III"),
    ],
)
def test_criteria_tell_the_category(un_number: str, expected: list[str]) -> None:
    found = [transport_category(row, EDITION) for row in load(EDITION).find(un_number)]

    assert sorted(found) == expected


def test_the_groups_of_aerosols_are_not_those_of_other_gases() -> None:
    aerosol, gas = (replace(entry("2", code), packing_group=None) for code in ("5C", "2C"))

    assert (transport_category(aerosol, EDITION), transport_category(gas, EDITION)) == ("1", "")


def test_a_range_of_numbers_is_spelt_out() -> None:
    assert spelt_out("0098-0101 1203 1361/III") == (
        "0098",
        "0099",
        "0100",
        "0101",
        "1203",
        "1361/III",
    )
    assert spelt_out("") == ()
