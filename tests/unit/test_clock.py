from datetime import UTC, date, datetime, timedelta

import pytest

from waybill.clock import SHANGHAI, FixedClock, SystemClock, local_date

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class TestFixedClock:
    def test_it_stands_still_until_it_is_moved(self) -> None:
        clock = FixedClock(NOON)
        first = clock.now()

        clock.advance(timedelta(minutes=5))

        assert (first, clock.now()) == (NOON, NOON + timedelta(minutes=5))

    def test_it_tells_utc_whatever_zone_it_was_set_in(self) -> None:
        clock = FixedClock(datetime(2026, 11, 22, 20, 0, tzinfo=SHANGHAI))

        assert (clock.now(), clock.now().tzinfo) == (NOON, UTC)

    def test_a_moment_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            FixedClock(NOON.replace(tzinfo=None))


class TestSystemClock:
    def test_it_tells_utc(self) -> None:
        assert SystemClock().now().tzinfo is UTC


class TestLocalDate:
    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            pytest.param("2026-11-21T15:59:59+00:00", date(2026, 11, 21), id="before midnight"),
            pytest.param("2026-11-21T16:00:00+00:00", date(2026, 11, 22), id="at midnight"),
        ],
    )
    def test_the_day_changes_at_midnight_in_shanghai(self, moment: str, expected: date) -> None:
        assert local_date(datetime.fromisoformat(moment)) == expected

    def test_a_moment_without_a_zone_has_no_date(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            local_date(NOON.replace(tzinfo=None))
