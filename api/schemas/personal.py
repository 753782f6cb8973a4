"""Personal values: disclosed with their salts, erased on request, kept for a time."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load

from api.fields import (
    Choice,
    Code,
    Identity,
    Instant,
    Json,
    LocalDate,
    StrictBoolean,
    StrictInteger,
    Text,
)
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.registry import page_request
from waybill.registry.personal import (
    ErasureOutcome,
    ErasureRequest,
    LegalPurpose,
    RequestStatus,
    ValueState,
)
from waybill.registry.retention import UseKind
from waybill.services.paging import PageRequest

COMMITMENT = "[0-9a-f]{64}"
MOST_VALUES = 2**53 - 1
MOST_MONTHS = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureWish:
    """Which value is to be disclosed, and why."""

    commitment: str
    reason: str
    purpose: LegalPurpose | None


class DisclosureWishSchema(Form):
    """Which value is to be disclosed with its salt, and why."""

    commitment = Code(COMMITMENT, required=True, description="As documents and events have it.")
    reason = Text(most=300, required=True, description="Why; it goes into the log.")
    purpose = Choice(
        LegalPurpose,
        load_default=None,
        allow_none=True,
        description="The legal purpose; a restricted value is opened for nothing else.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> DisclosureWish:
        """Return the value object."""
        return DisclosureWish(**data)


class DisclosedValueSchema(Form):
    """A value and its salt: SHA-256(salt ‖ field ‖ 0x00 ‖ value) is the commitment."""

    commitment = Code(COMMITMENT, required=True)
    field = Text(required=True)
    salt = Code("[0-9a-f]{64}", required=True, description="32 bytes, hexadecimal.")
    value = Text(required=True)
    event_id = Identity(required=True, description="The event that tells of this disclosure.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureWish:
    """Whose values are to be erased, and why."""

    person_id: UUID
    reason: str


class ErasureWishSchema(Form):
    """Whose values are to be erased, and why."""

    person_id = Identity(required=True)
    reason = Text(most=300, required=True, description="Why; it goes into the log.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> ErasureWish:
        """Return the value object."""
        return ErasureWish(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessWish:
    """Of whom everything is to be told, and why."""

    person_id: UUID
    reason: str


class AccessWishSchema(Form):
    """Of whom everything is to be told, and why."""

    person_id = Identity(required=True)
    reason = Text(most=300, required=True, description="Why; it goes into the log.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> AccessWish:
        """Return the value object."""
        return AccessWish(**data)


class ReportedValueSchema(Form):
    """A value of the person; what is restricted or erased is told without it."""

    field = Text(required=True)
    commitment = Code(COMMITMENT, required=True)
    state = Choice(ValueState, required=True)
    value = Text(most=2000, lines=True, required=True, allow_none=True)
    recorded_at = Instant(required=True)
    replaced_at = Instant(required=True, allow_none=True)
    erased_at = Instant(required=True, allow_none=True)


class NamingWaybillSchema(Form):
    """A waybill that names the person."""

    number = Text(required=True)
    created_at = Instant(required=True)
    named_as = Code("driver|escort", required=True)


class PastLookSchema(Form):
    """That somebody saw a value in clear."""

    at = Instant(required=True)
    organisation_id = Identity(required=True, allow_none=True, description="Whose account looked.")
    role = Text(least=0, required=True)
    field = Text(least=0, required=True)
    reason = Text(least=0, most=2000, required=True)


class AccessReportSchema(Form):
    """What is held of one person."""

    person_id = Identity(required=True)
    reference = Text(required=True, description="Stands in codes and documents for the person.")
    organisation_id = Identity(required=True)
    made_at = Instant(required=True)
    values = fields.List(fields.Nested(ReportedValueSchema), required=True)
    waybills = fields.List(fields.Nested(NamingWaybillSchema), required=True)
    looks = fields.List(fields.Nested(PastLookSchema), required=True)
    complete = StrictBoolean(
        required=True, metadata={"description": "Whether no list had to be cut."}
    )


class ErasureRequestSchema(Form):
    """A request to erase all values of a person."""

    id = Identity(required=True)
    person_id = Identity(required=True)
    organisation_id = Identity(required=True)
    requested_at = Instant(required=True)
    requested_by = Identity(required=True)
    reason = Text(required=True)
    status = Choice(RequestStatus, required=True)
    decided_at = Instant(required=True, allow_none=True)
    decided_by = Identity(required=True, allow_none=True)
    decision_reason = Text(required=True, least=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureQuery:
    """Which requests are wanted."""

    page: PageRequest
    status: RequestStatus | None = None
    person_id: UUID | None = None


class ErasureQuerySchema(PageQuerySchema):
    """Which requests are wanted; all of it must hold."""

    status = Choice(RequestStatus, description="Only those that stand so.")
    person_id = Identity(data_key="person", description="Only those about this person.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> ErasureQuery:
        """Return the value object."""
        page = page_request(data)
        return ErasureQuery(page=page, **data)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWish:
    """How a request is decided, and why."""

    approved: bool
    reason: str


class DecisionWishSchema(Form):
    """How a request is decided, and why."""

    approved = StrictBoolean(required=True)
    reason = Text(most=300, required=True, description="Why; it goes into the log.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> DecisionWish:
        """Return the value object."""
        return DecisionWish(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decided request and what became of the values."""

    request: ErasureRequest
    outcome: ErasureOutcome


class RestrictionSchema(Form):
    """A value that the law still asks for."""

    commitment = Code(COMMITMENT, required=True)
    field = Text(required=True)
    until = LocalDate(required=True, description="The last day on which it is kept.")
    period = Choice(UseKind, required=True, description="The period that holds it.")


class ErasureOutcomeSchema(Form):
    """What became of the values."""

    erased = fields.List(Code(COMMITMENT), required=True)
    restricted = fields.List(fields.Nested(RestrictionSchema), required=True)


class DecidedSchema(Form):
    """A decided request and what became of the values."""

    request = fields.Nested(ErasureRequestSchema, required=True)
    outcome = fields.Nested(ErasureOutcomeSchema, required=True)


class RetentionPeriodSchema(Form):
    """A period and who says so. Months count from the last day of the last use."""

    code = Choice(UseKind, required=True)
    name_zh = Text(required=True)
    name_en = Text(required=True)
    least_months = StrictInteger(
        least=0, most=MOST_MONTHS, required=True, description="What the law asks."
    )
    keep_months = StrictInteger(
        least=0, most=MOST_MONTHS, required=True, description="What is kept without a request."
    )
    basis_zh = Text(required=True)
    basis_en = Text(required=True)
    confirmed = StrictBoolean(required=True, description="Whether the text of the basis was read.")
    note_zh = Text(required=True)
    note_en = Text(required=True)


class RetentionReportSchema(Form):
    """What a look at all personal values found."""

    erased = Json(required=True, description="How many were (or would be) erased, by field.")
    kept = Json(required=True, description="How many are no longer used and kept, by period.")
    in_use = StrictInteger(least=0, most=MOST_VALUES, required=True)
    restricted = StrictInteger(least=0, most=MOST_VALUES, required=True)
    unattached = StrictInteger(
        least=0,
        most=MOST_VALUES,
        required=True,
        description="Without a known holder; never erased by themselves.",
    )


class RetentionRunSchema(Form):
    """A look that was acted upon."""

    id = Identity(required=True)
    ran_at = Instant(required=True)
    report = fields.Nested(RetentionReportSchema, required=True)
    event_id = Identity(required=True)
