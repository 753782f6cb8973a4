"""When something happened that only a tablet saw: between what the server itself knows.

A tablet's clock may be wrong by hours. Its time less the offset that was last measured is an
estimate. It cannot have been before the server handed out what the tablet worked with (bundle,
session, enrolment), nor after the record came in. Within these bounds the estimate is taken,
outside of them it is contradicted: the bound is then the moment that is judged, nobody is
believed, and what was seen is as old as it can be.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from waybill.services.checks.reading import CHECK_LIFETIME
from waybill.services.offline.format import OfflineRecord

TOLERANCE: Final = timedelta(seconds=90)
"""How far an estimate may lie outside of its bounds: what the tablet itself calls a right clock."""
CLOCK: Final = "clock-contradicted"
ORDER: Final = "times-out-of-order"
TOO_LONG: Final = "check-too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The moments of a record by the server's clock, and what speaks against them.

    `moments` are those at which the decision is judged: one, or the two bounds where the tablet
    never compared its clock and any moment between them may be the true one. `counts_from` is how
    long ago the check may have begun.
    """

    opened_at: datetime
    counts_from: datetime
    decided_at: datetime
    moments: tuple[datetime, ...]
    problems: tuple[str, ...]
    offset: timedelta | None
    earliest: datetime
    latest: datetime

    def settle(self, told: datetime) -> datetime:
        """Return when something of the record happened, by the server's clock.

        What was seen at an unknown moment may be older than anything else that was seen since the
        record may have begun, and counts as such.
        """
        if self.offset is None:
            return self.earliest
        return min(max(told - self.offset, self.earliest), self.latest)


def time_record(record: OfflineRecord, *, earliest: datetime, received_at: datetime) -> Timing:
    """Return the moments of a record.

    Args:
        record: as the tablet told it.
        earliest: the latest moment before the check that the server itself knows of.
        received_at: when the record came in.
    """
    offset = timedelta(milliseconds=record.clock_offset_ms or 0)
    decided = record.decided_at or record.made_at
    told = (record.opened_at, *(item.at for item in record.evidence), decided, record.made_at)
    latest = max(received_at, earliest)
    bounded = all(earliest - TOLERANCE <= each - offset <= latest + TOLERANCE for each in told)
    ordered = record.opened_at <= decided <= record.made_at + TOLERANCE and all(
        record.opened_at - TOLERANCE <= item.at <= decided + TOLERANCE for item in record.evidence
    )
    checks = (
        (CLOCK, bounded),
        (ORDER, ordered),
        (TOO_LONG, decided - record.opened_at <= CHECK_LIFETIME),
    )

    def settle(moment: datetime) -> datetime:
        return min(max(moment - offset, earliest), latest)

    known = record.clock_offset_ms is not None
    return Timing(
        opened_at=settle(record.opened_at),
        counts_from=settle(record.opened_at) if bounded else earliest,
        decided_at=settle(decided),
        moments=(settle(decided),) if known else (earliest, latest),
        problems=tuple(code for code, holds in checks if not holds),
        offset=offset if known and bounded else None,
        earliest=earliest,
        latest=latest,
    )
