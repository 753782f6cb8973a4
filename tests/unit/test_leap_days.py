"""29 February: in validity, permits by day, ages, retention, reports, numbers and birth dates.

2028 is a leap year, 2100 is none. A period of months or years that has no such day ends on the
last day of its month (Civil Code, article 202).
"""

from calendar import isleap
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.rule_facts import certificate, driver, tractor
from tests.harness.rule_scenarios_permits import permit, permit_trip
from tests.harness.rule_trips import trip
from waybill.clock import local_date
from waybill.errors import InvalidFieldError
from waybill.identifiers import IdentifierError
from waybill.identifiers.person import validate_id_number
from waybill.registry.kinds import CertificateKind
from waybill.registry.retention import first_held, months_later
from waybill.rules.register import get_rule
from waybill.services.reports.periods import Period, checked_period, quarter_before, quarter_of
from waybill.services.waybills.numbering import area_licence_day_number

LEAP_DAY = date(2028, 2, 29)
TOXIC = "DOC-04.highly_toxic"


def noon(day: date) -> datetime:
    """Return noon of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


class TestRules:
    @pytest.mark.parametrize(
        ("at", "reason"),
        [
            pytest.param("2028-02-29T23:59:59+08:00", "valid", id="its last second"),
            pytest.param("2028-03-01T00:00:00+08:00", "expired", id="a second later"),
        ],
    )
    def test_a_certificate_that_ends_on_the_leap_day(self, at: str, reason: str) -> None:
        held = certificate(CertificateKind.DRIVING_LICENCE, valid_until=LEAP_DAY)
        facts = trip(driver=driver(certificates=(held,)))

        found = get_rule("DRV-01.licence", 1).check(facts, datetime.fromisoformat(at))

        assert found.reason == reason

    @pytest.mark.parametrize(
        ("on", "reason"),
        [
            pytest.param(date(2028, 2, 28), "not_yet_valid", id="the day before"),
            pytest.param(LEAP_DAY, "covered", id="the day"),
            pytest.param(date(2028, 3, 1), "expired", id="the day after"),
        ],
    )
    def test_a_permit_for_the_leap_day_alone(self, on: date, reason: str) -> None:
        of_a_day = permit(TOXIC, valid_from=LEAP_DAY, valid_until=LEAP_DAY)

        found = get_rule(TOXIC, 1).check(permit_trip(TOXIC, of_a_day), noon(on))

        assert found.reason == reason

    @pytest.mark.parametrize(
        ("on", "reason"),
        [
            pytest.param(date(2038, 2, 28), "valid", id="the last day of its ten years"),
            pytest.param(date(2038, 3, 1), "too_old", id="the day after"),
        ],
    )
    def test_a_vehicle_of_the_leap_day_is_old_when_its_years_are_over(
        self, on: date, reason: str
    ) -> None:
        held = certificate(CertificateKind.VEHICLE_LICENCE, valid_until=date(2040, 1, 1))
        facts = trip(tractor=tractor(first_registered_on=LEAP_DAY, certificates=(held,)))

        assert get_rule("VEH-01.tractor", 1).check(facts, noon(on)).reason == reason


class TestRetention:
    @pytest.mark.parametrize(
        ("day", "months", "until"),
        [
            pytest.param(LEAP_DAY, 12, date(2029, 2, 28), id="a year"),
            pytest.param(LEAP_DAY, 36, date(2031, 2, 28), id="three years"),
            pytest.param(LEAP_DAY, 48, date(2032, 2, 29), id="to the next"),
            pytest.param(date(2096, 2, 29), 48, date(2100, 2, 28), id="a century"),
            pytest.param(date(2027, 2, 28), 12, date(2028, 2, 28), id="into a leap year"),
        ],
    )
    def test_months_from_and_to_the_leap_day(self, day: date, months: int, until: date) -> None:
        assert months_later(day, months) == until

    @given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.sampled_from([0, 1, 12, 24, 36, 120]))
    def test_what_is_free_and_what_is_held_meet_on_one_day(self, today: date, months: int) -> None:
        day = first_held(today, months)

        assert months_later(day - timedelta(days=1), months) < today <= months_later(day, months)


class TestReports:
    @pytest.mark.parametrize(
        ("year", "days"), [pytest.param(2028, 91, id="leap"), pytest.param(2027, 90, id="common")]
    )
    def test_the_first_quarter_has_its_days(self, year: int, days: int) -> None:
        quarter = quarter_of(date(year, 2, 28))

        assert quarter == Period(from_on=date(year, 1, 1), until_on=date(year, 3, 31))
        assert (quarter.to_at - quarter.from_at).days == days
        assert quarter_before(date(year, 5, 1)) == quarter

    def test_the_leap_day_ends_where_march_begins(self) -> None:
        day = checked_period(LEAP_DAY, LEAP_DAY, today=LEAP_DAY)

        assert (day.from_at.isoformat(), day.to_at.isoformat()) == (
            "2028-02-29T00:00:00+08:00",
            "2028-03-01T00:00:00+08:00",
        )
        assert local_date(day.to_at - timedelta(seconds=1)) == LEAP_DAY

    def test_a_report_covers_a_year_with_its_leap_day(self) -> None:
        today = date(2030, 1, 1)

        whole = checked_period(date(2028, 1, 1), date(2028, 12, 31), today=today)

        assert (whole.to_at - whole.from_at).days == 366
        with pytest.raises(InvalidFieldError):
            checked_period(date(2028, 1, 1), date(2029, 1, 1), today=today)

    @given(st.dates(date(2000, 1, 1), date(2110, 12, 31)))
    def test_quarters_follow_each_other_without_a_gap(self, day: date) -> None:
        quarter = quarter_of(day)
        before = quarter_before(day)

        assert quarter.from_on <= day <= quarter.until_on
        assert before.until_on + timedelta(days=1) == quarter.from_on


def test_a_waybill_of_the_leap_day_has_its_day_in_the_number() -> None:
    assert "280229" in area_licence_day_number("320800", "001234", LEAP_DAY, 1)


@pytest.mark.parametrize("year", [2000, 1996, 1900, 1999])
def test_who_was_born_on_a_leap_day_was_born_in_a_leap_year(year: int) -> None:
    seventeen = f"320800{year}0229001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, weights, strict=True))
    number = seventeen + "10X98765432"[total % 11]

    try:
        read = validate_id_number(number)
    except IdentifierError as error:
        read = error.code

    assert read == (number if isleap(year) else "id-number-date")
