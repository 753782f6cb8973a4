"""Measures of the authority: suspension, revocation, black list."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load

from api.fields import (
    Choice,
    Identity,
    Instant,
    LocalDate,
    QueryFlag,
    StrictBoolean,
    StrictInteger,
    Text,
)
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.registry import MAX_VERSION, page_request
from waybill.registry.kinds import SubjectKind
from waybill.registry.measures import (
    AppealOutcome,
    MeasureAct,
    MeasureFilter,
    MeasureKind,
    MeasureProposal,
    MeasureStatus,
)
from waybill.services.cases.texts import TEXT_LENGTH
from waybill.services.measures.proposing import BASIS_LENGTH, NUMBER_LENGTH, REASON_LENGTH
from waybill.services.paging import PageRequest


class MeasureProposalSchema(Form):
    """A measure as it is proposed; another senior auditor approves it before it acts."""

    kind = Choice(MeasureKind, required=True)
    subject_kind = Choice(SubjectKind, required=True)
    subject_id = Identity(required=True)
    reason = Text(most=REASON_LENGTH, required=True)
    legal_basis = Text(most=BASIS_LENGTH, required=True)
    decision_number = Text(most=NUMBER_LENGTH, required=True)
    valid_from = LocalDate(required=True, description="The first day that it bars.")
    valid_until = LocalDate(
        load_default=None, allow_none=True, description="The last; null is until lifted."
    )
    published = StrictBoolean(
        load_default=False,
        description="Whether everybody may read it: black list of organisations and vehicles.",
    )
    at_once = StrictBoolean(
        load_default=False,
        description="An urgent suspension by a senior auditor: acts now, lapses unless approved.",
    )
    case_id = Identity(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> MeasureProposal:
        """Return the value object."""
        return MeasureProposal(**data)


class MeasureSchema(MeasureProposalSchema):
    """A measure as it stands; `*_by` are accounts' names."""

    id = Identity(required=True)
    proposed_at = Instant(required=True)
    status = Choice(MeasureStatus, required=True)
    in_effect = StrictBoolean(required=True)
    subject_name = Text(least=0, required=True, description="A person's is masked.")
    proposed_by = Text(least=0, required=True)
    approved_by = Text(least=0, required=True)
    approved_at = Instant(required=True, allow_none=True)
    interim_until = Instant(required=True, allow_none=True, description="When it lapses.")
    lifting_proposed_by = Text(least=0, required=True)
    lifting_reason = Text(least=0, most=300, required=True)
    lifted_by = Text(least=0, required=True)
    ended_at = Instant(required=True, allow_none=True)
    appeal = Text(least=0, most=TEXT_LENGTH, required=True)
    appeal_received_at = Instant(required=True, allow_none=True)
    appeal_outcome = Choice(AppealOutcome, required=True, allow_none=True)
    appeal_answer = Text(least=0, most=TEXT_LENGTH, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)


class MeasureStepSchema(Form):
    """One thing that was done with a measure."""

    at = Instant(required=True)
    act = Choice(MeasureAct, required=True)
    status = Choice(MeasureStatus, required=True)
    event_id = Identity(required=True)
    by = Text(least=0, required=True, description="An account; empty for the system itself.")
    role = Text(least=0, required=True)
    reason = Text(least=0, most=300, required=True)


class MeasureDetailSchema(Form):
    """A measure with everything that was done with it."""

    measure = fields.Nested(MeasureSchema, required=True)
    steps = fields.List(fields.Nested(MeasureStepSchema), required=True)


class AppealSchema(Form):
    """An appeal that was received."""

    text = Text(most=TEXT_LENGTH, lines=True, required=True, description="May name people.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> str:
        """Return the text."""
        return str(data["text"])


class AppealAnswerSchema(Form):
    """How an appeal ended, and why."""

    outcome = Choice(AppealOutcome, required=True)
    text = Text(most=TEXT_LENGTH, lines=True, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> tuple[AppealOutcome, str]:
        """Return both."""
        return data["outcome"], data["text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureQuery:
    """Which measures are wanted, and which page."""

    wanted: MeasureFilter
    page: PageRequest


class MeasureQuerySchema(PageQuerySchema):
    """Which measures are wanted; all of it must hold."""

    kind = Choice(MeasureKind)
    status = Choice(MeasureStatus)
    subject_id = Identity(data_key="subject")
    case_id = Identity(data_key="case")
    waiting = QueryFlag(description="Only those that wait for a second person.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> MeasureQuery:
        """Return the value object."""
        page = page_request(data)
        return MeasureQuery(wanted=MeasureFilter(**data), page=page)
