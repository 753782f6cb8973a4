"""Every number that a waybill can be given is read when somebody types it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scanners.readers import ReadingKind, read_text
from waybill.services.waybills.numbering import MAX_SEQUENCE, area_licence_day_number


@given(
    area=st.from_regex("[0-9]{6}", fullmatch=True),
    tail=st.from_regex("[0-9]{6}", fullmatch=True),
    day=st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    sequence=st.integers(1, MAX_SEQUENCE),
)
def test_a_typed_waybill_number_is_read(area: str, tail: str, day: date, sequence: int) -> None:
    number = area_licence_day_number(area, tail, day, sequence)

    for typed in (number, number.lower()):
        reading = read_text(typed)
        assert (reading.kind, reading.value) == (ReadingKind.WAYBILL_NUMBER, number)
