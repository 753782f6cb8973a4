"""Entries of the black list (黑名单) as services take and return them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from waybill.registry.kinds import SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackListingParticulars:
    """A decision of the authority that bars an organisation, vehicle, tank or person."""

    subject_kind: SubjectKind
    subject_id: UUID
    decision_number: str
    reason: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackListing(BlackListingParticulars):
    """An entry of the black list: it bars from `valid_from` to `valid_until`, both days in.

    `valid_until` empty means until lifted.
    """

    id: UUID
    recorded_at: datetime
    lifted_at: datetime | None
