"""What time it is, asked in one place, so that every judgement can be repeated."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""The zone in which a date on a Chinese certificate or waybill is meant."""


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  the one place that asks the machine


class FixedClock:
    """A clock that stands still until it is moved: for tests and for judging again."""

    def __init__(self, moment: datetime) -> None:
        self._moment = _as_utc(moment)

    def now(self) -> datetime:
        """Return the moment at which the clock stands, aware, in UTC."""
        return self._moment

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`, which may be negative."""
        self._moment += step


@lru_cache(maxsize=256)
def local_date(moment: datetime) -> date:
    """Return the calendar date in Asia/Shanghai at an aware moment.

    Raises:
        ValueError: the moment has no zone, so it names no date anywhere.
    """
    return _as_utc(moment).astimezone(SHANGHAI).date()


def _as_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
