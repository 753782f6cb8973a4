"""Trips over the ends of days and years, whatever zone the machine stands in."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.harness.bay_steps import look_at_everything
from tests.harness.expected_verdicts import after_loading_but, clean_but
from tests.harness.stories import Judged, Town, Trip
from waybill.clock import FixedClock

NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)
"""Midnight in Shanghai; the machine's own year ends eight hours later, or thirteen."""


@pytest.fixture(params=["UTC", "America/New_York"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone in which the machine stands."""
    zone: str = request.param
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    yield zone
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands half an hour before the year ends in Shanghai."""
    return FixedClock(datetime(2026, 12, 31, 15, 30, tzinfo=UTC))


def test_a_load_begun_in_the_old_year_is_released_in_the_new_one(
    town: Town, clock: FixedClock, machine_zone: str
) -> None:
    trip = town.issue("petrol", planned_loading_at=(clock.now() + timedelta(minutes=5)).isoformat())
    trip.report_position()
    check = look_at_everything(trip)
    cleared = check.decide()
    assert clock.now() < NEW_YEAR

    released = check.release("28500")

    assert clock.now() > NEW_YEAR
    assert cleared == Judged(clears=True, findings=clean_but())
    assert released == Judged(clears=True, findings=after_loading_but())
    assert (trip.status, day_of(trip)) == ("released", "20261231"), machine_zone


def test_a_waybill_of_the_new_year_opens_at_midnight_in_shanghai_and_no_earlier(
    town: Town, clock: FixedClock, machine_zone: str
) -> None:
    trip = town.issue("petrol")
    early = town.try_to_open(trip.qr_text)
    clock.advance(NEW_YEAR - clock.now())

    trip.report_position()
    cleared = look_at_everything(trip).decide()
    later = town.issue("petrol")

    assert early["check"] is None
    assert cleared == Judged(clears=True, findings=clean_but())
    assert (day_of(trip), day_of(later)) == ("20261231", "20270101"), machine_zone


def day_of(trip: Trip) -> str:
    """Return the day that stands in a waybill's number."""
    number: str = trip.read()["summary"]["number"]
    return number[10:18]
