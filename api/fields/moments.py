"""Moments with their zone, and calendar dates."""

import re
from datetime import UTC, date, datetime
from typing import Final

from typing_extensions import override  # typing's own needs Python 3.12

from api.fields.base import StrictField, described, fault

_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Instant(StrictField[datetime]):
    """A moment with its zone (RFC 3339), kept in UTC to the millisecond and written with `Z`."""

    openapi = described(type="string", format="date-time")

    @override
    def read(self, value: object) -> datetime:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            try:
                return datetime.fromisoformat(value).astimezone(UTC)
            except (ValueError, OverflowError):
                pass
        raise fault(
            "instant",
            "应为带时区的时间，例如 2026-11-22T14:05:00+08:00。",
            "Write a moment with its zone, such as 2026-11-22T14:05:00+08:00.",
        )

    @override
    def write(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class LocalDate(StrictField[date]):
    """A calendar date, meant in Asia/Shanghai."""

    openapi = described(type="string", format="date")

    @override
    def read(self, value: object) -> date:
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise fault(
            "date", "应为日期，例如 2026-11-22。", "Write a calendar date, such as 2026-11-22."
        )

    @override
    def write(self, value: date) -> str:
        return value.isoformat()
