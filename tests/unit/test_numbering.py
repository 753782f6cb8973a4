"""Waybill numbers: 26 characters, distinct by construction, far beyond 10,000 a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from scanners.readers.numbers import validate_waybill_number
from waybill.services.waybills.numbering import (
    MAX_SEQUENCE,
    NUMBER_LENGTH,
    area_licence_day_number,
)

DAY = date(2026, 11, 22)


def number(sequence: int, *, area: str = "320800", tail: str = "001234") -> str:
    """Return a number of the day."""
    return area_licence_day_number(area, tail, DAY, sequence)


@pytest.mark.parametrize(
    ("sequence", "written"),
    [
        pytest.param(1, "0001", id="the first"),
        pytest.param(9_999, "07PR", id="the last of four decimal digits"),
        pytest.param(10_000, "07PS", id="one more"),
        pytest.param(260_000, "5KM8", id="a nation's day"),
        pytest.param(MAX_SEQUENCE, "ZZZZ", id="the last"),
    ],
)
def test_the_sequence_is_counted_in_base_36(sequence: int, written: str) -> None:
    assert number(sequence)[18:22] == written


@pytest.mark.parametrize("sequence", [0, -1, MAX_SEQUENCE + 1])
def test_a_sequence_that_cannot_be_written_is_refused(sequence: int) -> None:
    with pytest.raises(ValueError, match="expected a sequence"):
        number(sequence)


def test_a_facility_without_an_area_counts_as_zero() -> None:
    assert number(1, area="")[:4] == "0000"


@given(st.integers(1, MAX_SEQUENCE))
def test_a_number_has_its_length_and_check_character_and_is_read_back(sequence: int) -> None:
    made = number(sequence)

    assert (len(made), made[:18]) == (NUMBER_LENGTH, "320800123420261122")
    assert mod_37_36.is_valid(made)


@given(st.sets(st.integers(1, MAX_SEQUENCE), min_size=2, max_size=50))
def test_two_sequences_never_give_one_number(sequences: set[int]) -> None:
    assert len({number(sequence)[:22] for sequence in sequences}) == len(sequences)


def test_a_scanner_reads_a_number_whose_check_is_a_digit() -> None:
    made = next(n for n in (number(s) for s in range(1, 1000)) if n[-1].isdigit())

    assert validate_waybill_number(made) == made
