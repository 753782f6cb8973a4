"""Personal values as services take and return them: whose they are, who asked, what was shown."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from waybill.registry.kinds import SubjectKind
from waybill.registry.retention import UseKind


class LegalPurpose(StrEnum):
    """For what a restricted value may still be read."""

    COURT = "court"
    INVESTIGATION = "investigation"
    ACCIDENT = "accident"
    RIGHTS = "rights"


class ValueState(StrEnum):
    """How a personal value stands."""

    STORED = "stored"
    RESTRICTED = "restricted"
    ERASED = "erased"


class RequestStatus(StrEnum):
    """Where a request to erase is."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose value it is: a person of the register or an account, and of which organisation."""

    kind: SubjectKind
    id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldValue:
    """A personal value without the value: what can be known by its commitment.

    `restricted_until` is the last day on which it is kept under restriction.
    """

    commitment: str
    field: str
    holder: Holder
    recorded_at: datetime
    state: ValueState
    replaced_at: datetime | None = None
    restricted_until: date | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedValue:
    """A value with its salt, so that whoever has both can recompute the commitment.

    `salt` is hexadecimal, 32 bytes. `event_id` is the event that tells of this disclosure.
    """

    commitment: str
    field: str
    salt: str = dataclasses.field(repr=False)
    value: str = dataclasses.field(repr=False)
    event_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedValue:
    """One value of a person, as an access report tells it; only a stored one has `value`."""

    field: str
    commitment: str
    state: ValueState
    value: str | None = dataclasses.field(repr=False)
    recorded_at: datetime
    replaced_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingWaybill:
    """A waybill that names a person, and as what: `driver` or `escort`."""

    number: str
    created_at: datetime
    named_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLook:
    """That somebody saw a value: when, for which organisation, in which role, which and why."""

    at: datetime
    organisation_id: UUID | None
    role: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessReport:
    """What is held of one person. `complete` is false where a list was cut."""

    person_id: UUID
    reference: str
    organisation_id: UUID
    made_at: datetime
    values: tuple[ReportedValue, ...]
    waybills: tuple[NamingWaybill, ...]
    looks: tuple[PastLook, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A value that is kept although its erasure was asked for, until when and for what."""

    commitment: str
    field: str
    until: date
    period: UseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureOutcome:
    """What became of the values of a person whose erasure was approved.

    `erased` are commitments; `restricted` are kept until the law no longer asks for them.
    """

    erased: tuple[str, ...]
    restricted: tuple[Restriction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequest:
    """A request to erase all values of a person, made on the person's behalf."""

    id: UUID
    person_id: UUID
    organisation_id: UUID
    requested_at: datetime
    requested_by: UUID
    reason: str
    status: RequestStatus
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    decision_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionReport:
    """What a look at all personal values found: how many were erased, and why others were kept.

    `erased` counts by field; `kept` by the period that holds them; `in_use` are values that still
    stand in the register, belong to an active account or to an open case; `restricted` wait for the
    end of their period; `unattached` have no known holder and are never erased by themselves.
    """

    erased: Mapping[str, int]
    kept: Mapping[str, int]
    in_use: int
    restricted: int
    unattached: int

    @property
    def erased_total(self) -> int:
        """How many values were erased."""
        return sum(self.erased.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRun:
    """A look that was taken and acted upon, and the event that tells of it."""

    id: UUID
    ran_at: datetime
    report: RetentionReport
    event_id: UUID
