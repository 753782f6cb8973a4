"""How long a personal value is kept after its last use: periods as data, dates as pure functions.

The periods stand in `retention.toml`, each with its basis and whether that was confirmed.
"""

import calendar
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("retention.toml")
_MONTHS_A_YEAR: Final = 12
_A_DAY: Final = timedelta(days=1)


class UseKind(StrEnum):
    """For what a personal value was used; each kind has its period."""

    WAYBILL = "waybill"
    LOADING_RECORD = "loading-record"
    HAZARDOUS_WASTE = "hazardous-waste"
    REGISTER = "register"
    CASE = "case"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPeriod:
    """A period and who says so. Months count from the last day of the last use.

    `least_months` is what the law asks, `keep_months` what this system keeps unless it is asked
    to erase. `confirmed`: the text of the basis was read.
    """

    code: UseKind
    name_zh: str
    name_en: str
    least_months: int
    keep_months: int
    basis_zh: str
    basis_en: str
    confirmed: bool
    note_zh: str
    note_en: str

    def __post_init__(self) -> None:
        if not 0 <= self.least_months <= self.keep_months:
            raise ValueError("expected 0 <= least_months <= keep_months")

    def months(self, *, asked: bool) -> int:
        """Return how many months hold, given whether somebody asked to erase."""
        return self.least_months if asked else self.keep_months


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The last day (Asia/Shanghai) on which a value was used for something."""

    kind: UseKind
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Until which day, itself included, a value is kept, and by which period."""

    until: date
    period: RetentionPeriod


@cache
def retention_periods() -> Mapping[UseKind, RetentionPeriod]:
    """Return the period of every kind of use.

    Raises:
        ValueError: the file lacks a kind, knows one twice, or has an impossible period.
    """
    lines = tomllib.loads(_FILE.read_text(encoding="utf-8"))["period"]
    periods = [RetentionPeriod(**(line | {"code": UseKind(line["code"])})) for line in lines]
    if sorted(period.code for period in periods) != sorted(UseKind):
        raise ValueError("expected each kind of use once")
    return {period.code: period for period in periods}


def retention_of(uses: Iterable[Use], *, asked: bool) -> Retention | None:
    """Return how long a value is kept for its uses, `None` where no period holds it.

    Args:
        uses: for what it was used, each kind with its last day.
        asked: somebody has asked to erase it, so that only what the law asks still holds.
    """
    held = []
    for use in uses:
        period = retention_periods()[use.kind]
        months = period.months(asked=asked)
        if months:
            held.append(Retention(until=months_later(use.last_on, months), period=period))
    return max(held, key=lambda retention: retention.until, default=None)


def first_held(today: date, months: int) -> date:
    """Return the first day whose months have not ended before `today`: earlier ones are free."""
    day = months_later(today, -months)
    while months_later(day, months) < today:
        day += _A_DAY
    while months_later(day - _A_DAY, months) >= today:
        day -= _A_DAY
    return day


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month if it has no such."""
    years, month = divmod(day.month - 1 + months, _MONTHS_A_YEAR)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))
