from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.units import parse_decimal, plain_decimal


@given(st.decimals(0, 9_999_999_999, places=3, allow_nan=False, allow_infinity=False))
def test_a_plain_decimal_keeps_its_digits(number: Decimal) -> None:
    assert str(parse_decimal(f"{number:f}", places=3)) == f"{number:f}"


class TestParseDecimal:
    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("1.2345", id="a place too many"),
            pytest.param("1e3", id="an exponent"),
            pytest.param("-1", id="a sign"),
            pytest.param("+1", id="a plus"),
            pytest.param(" 1", id="a space"),
            pytest.param("1\n", id="a line end"),
            pytest.param("01", id="a leading zero"),
            pytest.param(".5", id="nothing before the point"),
            pytest.param("5.", id="nothing after the point"),
            pytest.param("1,5", id="a comma"),
            pytest.param("１", id="a full-width digit"),  # noqa: RUF001  that is the point
            pytest.param("12345678901", id="eleven digits"),
            pytest.param("", id="nothing"),
            pytest.param("NaN", id="not a number"),
        ],
    )
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="plain decimal"):
            parse_decimal(text, places=3)

    def test_without_places_only_whole_numbers_are_read(self) -> None:
        assert parse_decimal("120", places=0) == Decimal(120)
        with pytest.raises(ValueError, match="plain decimal"):
            parse_decimal("120.0", places=0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("28500.00", "28500"), ("1E+3", "1000"), ("0.50", "0.5"), ("0.00", "0"), ("12", "12")],
)
def test_a_plain_decimal_has_no_idle_zeros_and_no_exponent(value: str, shown: str) -> None:
    assert str(plain_decimal(Decimal(value))) == shown


def test_no_figure_stays_none() -> None:
    assert plain_decimal(None) is None
