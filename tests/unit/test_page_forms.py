"""Forms of the pages: what can be read, and what is named when it cannot."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from api.page_forms import FormReader, messages_of
from api.pages.places.tank_lines import (
    compartment_line,
    parse_compartment,
    parse_substance,
    substance_line,
)
from waybill.errors import InvalidFieldError
from waybill.registry.kinds import PlateColour
from waybill.registry.records import ApprovedSubstance, Compartment


def reader(**values: str) -> FormReader:
    """A form with these fields."""
    return FormReader(form=MultiDict(values))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("28500", Decimal(28500)),
        (" 28,500 ", Decimal(28500)),
        ("28，500.125", Decimal("28500.125")),
        ("0", Decimal(0)),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, number: Decimal | None) -> None:
    assert reader(mass=text).number("mass") == number


@pytest.mark.parametrize(
    "text", ["-1", "1e3", "\uff11\uff12", "1.2345", "12x", "1,00", "NaN", "0x1F", "."]
)
def test_what_is_no_number_is_named(text: str) -> None:
    form = reader(mass=text)

    form.number("mass")

    assert [problem.pointer for problem in form.problems] == ["/mass"]


def test_a_moment_is_meant_in_shanghai() -> None:
    expected = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)

    assert reader(at="2026-11-22 14:05").moment("at") == expected
    assert reader(at="2026-11-22T14:05").moment("at") == expected
    assert reader(at="2026-11-22 14:05:30").moment("at") == expected.replace(second=30)


@pytest.mark.parametrize(
    "text", ["2026-11-22", "2026-11-22 14:05Z", "2026-11-22 25:00", "22/11/2026 14:05", "soon"]
)
def test_what_is_no_moment_is_named(text: str) -> None:
    form = reader(at=text)

    form.moment("at")

    assert [problem.pointer for problem in form.problems] == ["/at"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-12.5", Decimal("-12.5")),
        ("−12.5", Decimal("-12.5")),
        ("0", Decimal(0)),
        ("12.55", None),
        ("--1", None),
    ],
)
def test_a_temperature_may_be_below_zero(text: str, number: Decimal | None) -> None:
    form = reader(warmth=text)

    assert form.number("warmth", places=1, signed=True) == number
    assert bool(form.problems) is (number is None)


def test_everything_that_is_wrong_is_named_at_once_and_each_field_once() -> None:
    form = reader(day="22/11/2026", colour="pink", who="no-id")
    form.needed_day("day")
    form.choice("colour", PlateColour)
    form.identity("who")
    form.text("name", required=True)

    with pytest.raises(InvalidFieldError) as refused:
        form.settle()

    assert list(messages_of(refused.value.problems, "en")) == ["day", "colour", "who", "name"]


def test_a_day_that_is_right_is_read() -> None:
    assert reader(day="2026-11-22").needed_day("day") == date(2026, 11, 22)


substances = st.builds(
    ApprovedSubstance,
    un_number=st.from_regex("[0-9]{4}", fullmatch=True),
    packing_groups=st.sampled_from([(), ("I",), ("II", "III"), ("I", "II", "III")]),
    technical_name=st.sampled_from(["", "二甲苯", "xylene and benzene"]),
    max_concentration=st.sampled_from(["", "70%", "50 %"]),
    compartment=st.none() | st.integers(1, 20),
)


@given(substances)
def test_a_substance_reads_back_as_it_was_written(substance: ApprovedSubstance) -> None:
    assert parse_substance(substance_line(substance)) == substance


@given(
    st.builds(
        Compartment,
        number=st.integers(1, 20),
        capacity_l=st.decimals("1", "60000", places=1),
        largest_section_l=st.none() | st.decimals("1", "60000", places=1),
    )
)
def test_a_compartment_reads_back_as_it_was_written(compartment: Compartment) -> None:
    assert parse_compartment(compartment_line(compartment)) == compartment
