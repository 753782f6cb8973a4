"""From a figure to the rows behind it: an address that asks for exactly what was counted.

What the search of the log can ask is asked there; what it cannot (hours, times, shares) is listed
by the statistics' own page, under the very conditions by which it was counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from flask import url_for

from waybill.clock import SHANGHAI
from waybill.services.statistics.dimensions import Where
from waybill.storage.events import EventKind
from waybill.storage.tally import TallyAct, TallyOutcome

REFUSED: Final = (TallyOutcome.REFUSED, TallyOutcome.UNPROVEN)
PASSED: Final = (TallyOutcome.PASSED,)

_SEARCHES: Final[Mapping[tuple[TallyAct, tuple[TallyOutcome, ...]], Mapping[str, Any]]] = {
    (TallyAct.CHECK, ()): {"kind": EventKind.CHECK_DECIDED},
    (TallyAct.CHECK, PASSED): {"kind": EventKind.CHECK_DECIDED, "outcome": "cleared"},
    (TallyAct.CHECK, REFUSED): {"kind": EventKind.CHECK_DECIDED, "outcome": "refused"},
    (TallyAct.RELEASE, PASSED): {"kind": EventKind.LOAD_RELEASED},
    (TallyAct.RELEASE, REFUSED): {"kind": EventKind.RELEASE_REFUSED},
}
"""What the search of the log calls an act and its outcomes."""
_UNSEARCHED: Final = (
    "district",
    "user_id",
    "hazard_class",
    "rule_outcome",
    "rule_severity",
    "offline",
    "issued_after_loading",
    "hour",
    "least_s",
    "under_s",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days in Shanghai, both ends in."""

    first: date
    last: date

    @property
    def from_at(self) -> datetime:
        """The first moment that counts."""
        return _midnight(self.first)

    @property
    def to_at(self) -> datetime:
        """The first moment that no longer counts."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        many = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=number) for number in range(many))


def link(period: Period, where: Where) -> str:
    """Return the address of the rows that a figure counts."""
    empty = Where()
    searchable = all(getattr(where, name) == getattr(empty, name) for name in _UNSEARCHED)
    asked = _SEARCHES.get((where.act, where.outcomes)) if where.act and searchable else None
    if asked is None:
        return url_for("statistics_pages.rows", **rows_query(period, where))
    plate, _, colour = where.vehicle.partition("/")
    named: dict[str, Any] = {
        "plate": plate,
        "plate_colour": colour,
        "organisation": where.carrier_id,
        "facility": where.facility_id,
        "bay": where.bay_id,
        "un": where.un_number,
        "rule": where.rule,
        "from": f"{period.first} 00:00",
        "to": f"{period.last + timedelta(days=1)} 00:00",
    }
    named = {name: str(value) for name, value in named.items() if value}
    return url_for("auditor.index", **asked, **named)


def rows_query(period: Period, where: Where) -> dict[str, Any]:
    """Return a figure's conditions as the page of rows reads them."""
    given = {
        "from": period.first,
        "to": period.last,
        "act": where.act,
        "outcome": ",".join(outcome.value for outcome in where.outcomes),
        "facility": where.facility_id,
        "organisation": where.carrier_id,
        "rule": where.rule,
        "offline": _flag(where.offline),
        "late": _flag(where.issued_after_loading),
        "hour": where.hour,
        "least_s": where.least_s,
        "under_s": where.under_s,
    }
    return {name: str(value) for name, value in given.items() if value not in (None, "")}


def narrowed(where: Where, **more: object) -> Where:
    """Return conditions with some more."""
    return replace(where, **more)  # type: ignore[arg-type]  # fields of Where by name


def _flag(value: bool | None) -> str:  # noqa: FBT001  what a condition holds
    return "" if value is None else str(value).lower()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)
