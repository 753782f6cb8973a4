from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.goods.catalogue import load
from waybill.goods.small_quantities import (
    LIMITED_QUANTITY_PACKAGE_KG,
    LIMITED_QUANTITY_TRAY_KG,
    ExceptedQuantity,
    LimitedQuantity,
    excepted_outer_limit_g_ml,
    parse_excepted_quantity,
    parse_limited_quantity,
)

LIMITED = sorted({entry.limited_quantity for entry in load("2025").entries})
EXCEPTED = sorted({entry.excepted_quantity for entry in load("2025").entries})


def litres(figure: str) -> LimitedQuantity:
    return LimitedQuantity(allowed=True, max_inner_l=Decimal(figure), max_inner_kg=None, asks="")


def kilograms(figure: str) -> LimitedQuantity:
    return LimitedQuantity(allowed=True, max_inner_l=None, max_inner_kg=Decimal(figure), asks="")


def either(figure: str) -> LimitedQuantity:
    return LimitedQuantity(
        allowed=True, max_inner_l=Decimal(figure), max_inner_kg=Decimal(figure), asks=""
    )


def test_every_text_of_the_list_is_read() -> None:
    found = {code: parse_limited_quantity(code) for code in LIMITED}

    assert found == {
        "": None,
        "0": LimitedQuantity(allowed=False, max_inner_l=None, max_inner_kg=None, asks=""),
        "1 L": litres("1"),
        "1 L or 1 kg": either("1"),
        "1 kg": kilograms("1"),
        "100 g": kilograms("0.1"),
        "100 ml": litres("0.1"),
        "120 ml": litres("0.12"),
        "125 ml": litres("0.125"),
        "2 kg": kilograms("2"),
        "25 ml": litres("0.025"),
        "5 L": litres("5"),
        "5 kg": kilograms("5"),
        "500 g": kilograms("0.5"),
        "500 ml": litres("0.5"),
        "500 ml or 500 g": either("0.5"),
        "see SP251": LimitedQuantity(
            allowed=False, max_inner_l=None, max_inner_kg=None, asks="SP251"
        ),
    }


@pytest.mark.parametrize("code", ["see SP 251", "See SP251", "See SP 251"])
def test_a_reference_may_be_printed_in_other_ways(code: str) -> None:
    assert parse_limited_quantity(code) == LimitedQuantity(allowed=False, asks="SP251")


def test_an_amount_has_up_to_four_digits() -> None:
    assert parse_limited_quantity("1000 ml") == litres("1")


@pytest.mark.parametrize(
    "code",
    [
        "5",
        "L",
        "5L",
        "5 l",
        "0 L",
        "05 L",
        "-5 L",
        "5 L ",
        "5 t",
        "\uff11 L",
        "1.5 L",
        "10000 ml",
        "1 L or 2 L",
        "1 kg or 500 g",
        "1 L or",
        "1 L or 0",
        "see SP",
        "SP251",
        "see SP12345",
        "E1",
    ],
)
def test_other_limited_quantities_are_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"expected (an amount|one volume and one mass)"):
        parse_limited_quantity(code)


@given(st.integers(1, 9999), st.sampled_from(["L", "ml", "kg", "g"]))
def test_an_amount_is_kept_in_litres_or_kilograms(figure: int, unit: str) -> None:
    found = parse_limited_quantity(f"{figure} {unit}")

    size = Decimal(figure) / (1000 if unit in {"ml", "g"} else 1)
    is_volume = unit in {"L", "ml"}
    assert found == LimitedQuantity(
        allowed=True,
        max_inner_l=size if is_volume else None,
        max_inner_kg=None if is_volume else size,
    )


def test_packages_have_a_greatest_gross_mass() -> None:
    assert Decimal(30) == LIMITED_QUANTITY_PACKAGE_KG
    assert Decimal(20) == LIMITED_QUANTITY_TRAY_KG


def excepted(inner: int, outer: int) -> ExceptedQuantity:
    return ExceptedQuantity(
        allowed=True, inner_g_ml=Decimal(inner), outer_g_ml=Decimal(outer), asks=""
    )


NOT_EXCEPTED = ExceptedQuantity(
    allowed=False, inner_g_ml=Decimal(0), outer_g_ml=Decimal(0), asks=""
)


def test_every_code_of_the_list_is_read() -> None:
    found = {code: parse_excepted_quantity(code) for code in EXCEPTED}

    assert found == {
        "": NOT_EXCEPTED,
        "E0": NOT_EXCEPTED,
        "E1": excepted(30, 1000),
        "E2": excepted(30, 500),
        "E3": excepted(30, 300),
        "E4": excepted(1, 500),
        "E5": excepted(1, 300),
        "see SP340": ExceptedQuantity(
            allowed=False, inner_g_ml=Decimal(0), outer_g_ml=Decimal(0), asks="SP340"
        ),
    }


@pytest.mark.parametrize("code", ["E6", "e1", "E", "1", "E1 ", "SP340", "see SP", "see E1"])
def test_other_excepted_quantities_are_refused(code: str) -> None:
    with pytest.raises(ValueError, match="expected a code for excepted quantities"):
        parse_excepted_quantity(code)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], 0),
        (["E1"], 1000),
        (["E1", "E2"], 500),
        (["E1", "E4"], 500),
        (["E2", "E5"], 300),
        (["E3", "E1", "E2"], 300),
        (["E1", "E0"], 0),
        (["E1", "see SP340"], 0),
    ],
)
def test_codes_packed_together_have_the_lowest_outer_limit(codes: list[str], expected: int) -> None:
    assert excepted_outer_limit_g_ml(codes) == Decimal(expected)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_limited_quantity, parse_excepted_quantity):
        try:
            found = parse(text)
        except ValueError:
            continue
        assert text == "" or (found is not None and (found.allowed is False or found.asks == ""))
