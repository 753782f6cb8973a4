"""Records of work without network as services take and return them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class RecordState(StrEnum):
    """What became of a record: `accepted`, else it changed no waybill's state.

    `contradicted`: the server judges otherwise, or cannot believe when or by whom it was decided.
    `refused`: device or person may not act; it is kept as evidence alone.
    """

    ACCEPTED = "accepted"
    CONTRADICTED = "contradicted"
    REFUSED = "refused"


class TabletDecision(StrEnum):
    """How the tablet decided by what it could prove."""

    CLEARED = "cleared"
    REFUSED = "refused"
    NOT_PROVEN = "not_proven"


class RecordProblem(StrEnum):
    """Why a record was not simply believed; for ever, texts stand with the pages' words."""

    DEVICE_REVOKED = "device-revoked"
    PERSON_UNKNOWN = "person-unknown"
    PERSON_NOT_ALLOWED = "person-not-allowed"
    SESSION_UNKNOWN = "session-unknown"
    OTHER_BAY = "other-bay"
    WAYBILL_UNKNOWN = "waybill-unknown"
    OTHER_CHECK = "other-check"
    CHECK_ABORTED = "check-aborted"
    BUNDLE_UNKNOWN = "bundle-unknown"
    BUNDLE_STALE = "bundle-stale"
    CLOCK_CONTRADICTED = "clock-contradicted"
    TIMES_OUT_OF_ORDER = "times-out-of-order"
    CHECK_TOO_LONG = "check-too-long"
    ITEM_REFUSED = "item-refused"
    CLEARED_ELSEWHERE = "cleared-elsewhere"
    VERDICT_DIFFERS = "verdict-differs"
    CONSENT_MISSING = "consent-missing"


REFUSING: Final = frozenset(
    {
        RecordProblem.DEVICE_REVOKED,
        RecordProblem.PERSON_UNKNOWN,
        RecordProblem.PERSON_NOT_ALLOWED,
        RecordProblem.OTHER_BAY,
    }
)
"""Problems with which nothing of a record acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRecord:
    """A record as it was kept and answered; the same however often it is sent.

    `cleared` and `standing` are the server's own verdict, `None` and empty where it judged none.
    Moments are by the server's clock as far as it can tell; `clock_offset_ms` is what the tablet
    told of its own.
    """

    id: UUID
    number: str
    device_id: UUID
    device_label: str
    person_id: UUID | None
    received_at: datetime
    opened_at: datetime
    decided_at: datetime
    clock_offset_ms: int | None
    state: RecordState
    decision: TabletDecision | None
    reasons: tuple[str, ...]
    problems: tuple[RecordProblem, ...]
    cleared: bool | None
    standing: tuple[str, ...]
    waybill_id: UUID | None
    check_id: UUID | None
    case_id: UUID | None
    event_id: UUID
    photos_missing: int = 0
