"""Which days a report is about: a quarter, a month, or any days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from waybill.clock import SHANGHAI
from waybill.errors import FieldProblem, InvalidFieldError

MOST_DAYS: Final = 366
_MONTHS_A_QUARTER: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days in Asia/Shanghai, both ends in."""

    from_on: date
    until_on: date

    @property
    def from_at(self) -> datetime:
        """The first moment that counts."""
        return datetime.combine(self.from_on, time.min, SHANGHAI)

    @property
    def to_at(self) -> datetime:
        """The first moment that no longer counts."""
        return datetime.combine(self.until_on + timedelta(days=1), time.min, SHANGHAI)


def checked_period(from_on: date, until_on: date, *, today: date) -> Period:
    """Return a period that a report can be made of.

    Raises:
        InvalidFieldError: it ends before it begins, has not begun, or is longer than a year.
    """
    problem = None
    if until_on < from_on:
        problem = FieldProblem(
            pointer="/until",
            code="period-reversed",
            message_zh="截止日不能早于起始日。",
            message_en="The last day cannot come before the first.",
        )
    elif from_on > today:
        problem = FieldProblem(
            pointer="/from",
            code="period-to-come",
            message_zh="该时段尚未开始。",
            message_en="This period has not begun.",
        )
    elif (until_on - from_on).days >= MOST_DAYS:
        problem = FieldProblem(
            pointer="/until",
            code="period-too-long",
            message_zh=f"一份报告最多 {MOST_DAYS} 天，请分段制作。",
            message_en=f"A report covers at most {MOST_DAYS} days; make several.",
        )
    if problem is not None:
        raise InvalidFieldError([problem])
    return Period(from_on=from_on, until_on=until_on)


def quarter_of(day: date) -> Period:
    """Return the quarter of a day."""
    first = date(day.year, (day.month - 1) // _MONTHS_A_QUARTER * _MONTHS_A_QUARTER + 1, 1)
    later = first + timedelta(days=31 * _MONTHS_A_QUARTER)
    return Period(from_on=first, until_on=later.replace(day=1) - timedelta(days=1))


def quarter_before(day: date) -> Period:
    """Return the last quarter that has ended on a day."""
    return quarter_of(quarter_of(day).from_on - timedelta(days=1))
