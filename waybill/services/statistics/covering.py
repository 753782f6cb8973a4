"""Which part of a period is whole days and hours, as sums are kept by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from waybill.clock import SHANGHAI


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What of a period sums by day and hour have: from `from_at` to before `to_at`.

    Whole days from `first` to before `end`, and of the days at its edges some hours, each from one
    to before another.
    """

    from_at: datetime
    to_at: datetime
    first: date
    end: date
    hours: Sequence[tuple[date, int, int]] = ()


def cover_of(from_at: datetime, to_at: datetime, *, by_hours: bool) -> Cover | None:
    """Return what of a period whole days make up, and whole hours if wanted; `None` for nothing."""
    begin, to = (at.astimezone(SHANGHAI) for at in (from_at, to_at))
    begin, to = (_up(begin), _down(to)) if by_hours else (_up_to_day(begin), _down_to_day(to))
    if begin >= to:
        return None
    first, end = _up_to_day(begin).date(), to.date()
    if first > end:
        hours = [(end, begin.hour, to.hour)]
        first = end
    else:
        hours = [(begin.date(), begin.hour, 24)] if begin.date() < first else []
        hours += [(end, 0, to.hour)] if to.hour else []
    return Cover(from_at=begin, to_at=to, first=first, end=end, hours=hours)


def _down(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _up(at: datetime) -> datetime:
    floor = _down(at)
    return floor if floor == at else floor + timedelta(hours=1)


def _down_to_day(at: datetime) -> datetime:
    return datetime.combine(at.date(), time.min, SHANGHAI)


def _up_to_day(at: datetime) -> datetime:
    floor = _down_to_day(at)
    return floor if floor == at else floor + timedelta(days=1)
