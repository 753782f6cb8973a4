"""A report as its bytes state it, read strictly."""

from datetime import date
from typing import Final

import msgspec

from waybill.codec import parse_json
from waybill.services.reports.definition import DEFINITION

FORMAT: Final = "waybill-report"
MAX_REPORT_BYTES: Final = 64 << 20


class StatedFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure as a report states it."""

    keys: tuple[str | None, ...]
    count: int
    planned_kg: str | None
    loaded_kg: str | None


class StatedSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A section as a report states it; `act` is the only one that counts, or none."""

    name: str
    by: tuple[str, ...]
    act: str | None
    figures: tuple[StatedFigure, ...]


class StatedPeriod(msgspec.Struct, frozen=True, rename={"from_on": "from", "until_on": "until"}):
    """Its days, both in."""

    from_on: date
    until_on: date


class StatedLog(msgspec.Struct, frozen=True):
    """The state of the log it speaks of."""

    size: int
    origin: str | None = None
    root: str | None = None


class StatedReport(msgspec.Struct, frozen=True):
    """A report as its bytes say it."""

    format: str
    v: int
    definition: int
    id: str
    made_at: str
    made_for: str
    period: StatedPeriod
    closed: bool
    log: StatedLog
    sections: tuple[StatedSection, ...]
    carriers: dict[str, str]


def read_report(content: bytes) -> StatedReport:
    """Read the bytes of a report strictly.

    Raises:
        ValueError: they are no report of a format and definition that this program knows.
    """
    parse_json(content, max_bytes=MAX_REPORT_BYTES)
    try:
        report = msgspec.json.decode(content, type=StatedReport)
    except msgspec.DecodeError as error:
        raise ValueError(f"these bytes are no report: {error}") from error
    if (report.format, report.v, report.definition) != (FORMAT, 1, DEFINITION):
        raise ValueError(
            f"this program knows {FORMAT} 1 by definition {DEFINITION}, "
            f"not {report.format} {report.v} by definition {report.definition}"
        )
    return report
