"""Requests for correction, as the authority and the carrier see them."""

from dataclasses import dataclass
from typing import Any

from marshmallow import post_load

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
from waybill.registry.cases import RequestAnswer, RequestStatus
from waybill.services.cases.texts import TEXT_LENGTH
from waybill.services.paging import PageRequest


class CorrectionRequestSchema(Form):
    """A request for correction with its answer."""

    id = Identity(required=True)
    case_id = Identity(required=True)
    case_number = Text(required=True)
    organisation_id = Identity(required=True)
    asked_at = Instant(required=True)
    text = Text(least=0, most=TEXT_LENGTH, required=True)
    due_on = LocalDate(required=True, description="The last day for an answer.")
    overdue = StrictBoolean(required=True)
    status = Choice(RequestStatus, required=True)
    answer = Text(least=0, most=TEXT_LENGTH, required=True)
    answered_at = Instant(required=True, allow_none=True)
    waybill_id = Identity(required=True, allow_none=True)
    certificate_id = Identity(required=True, allow_none=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)


class CorrectionAnswerSchema(Form):
    """What a carrier answers."""

    text = Text(most=TEXT_LENGTH, lines=True, required=True)
    waybill_id = Identity(
        load_default=None, allow_none=True, description="One's own waybill that shows it."
    )
    certificate_id = Identity(
        load_default=None, allow_none=True, description="One's own certificate that shows it."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> RequestAnswer:
        """Return the value object."""
        return RequestAnswer(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionQuery:
    """Which requests are wanted."""

    page: PageRequest
    unanswered: bool = False


class CorrectionQuerySchema(PageQuerySchema):
    """Which requests are wanted."""

    unanswered = QueryFlag(description="Only those that wait for an answer.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> CorrectionQuery:
        """Return the value object."""
        page = page_request(data)
        return CorrectionQuery(page=page, **data)
