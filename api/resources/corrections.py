"""Requests for correction, for the carriers that are asked; each sees its own alone."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.corrections import (
    CorrectionAnswerSchema,
    CorrectionQuery,
    CorrectionQuerySchema,
    CorrectionRequestSchema,
)
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.cases import CorrectionRequest, RequestAnswer
from waybill.services.cases import queries, requests
from waybill.services.paging import Page

blueprint = Blueprint(
    "corrections",
    __name__,
    url_prefix="/api/v1/corrections",
    description="Requests for correction (更正要求)",
)


@blueprint.get("")
@requires(Permission.ANSWER_CORRECTION)
@blueprint.arguments(CorrectionQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(CorrectionRequestSchema))
def list_corrections(query: CorrectionQuery) -> Page[CorrectionRequest]:
    """List what one's own organisation is asked, newest first."""
    with reading() as session:
        return queries.list_own_requests(
            session,
            actor(),
            query.page,
            unanswered=query.unanswered,
            vault=runtime().vault,
            clock=runtime().clock,
        )


@blueprint.get("/<uuid:request_id>")
@requires(Permission.ANSWER_CORRECTION)
@blueprint.response(HTTPStatus.OK, CorrectionRequestSchema)
def get_correction(request_id: UUID) -> tuple[CorrectionRequest, dict[str, str]]:
    """Show one request to one's own organisation."""
    with reading() as session:
        return versioned(
            queries.get_own_request(
                session, actor(), request_id, vault=runtime().vault, clock=runtime().clock
            )
        )


@blueprint.post("/<uuid:request_id>/answer")
@requires(Permission.ANSWER_CORRECTION)
@if_match
@idempotent
@blueprint.arguments(CorrectionAnswerSchema)
@blueprint.response(HTTPStatus.OK, CorrectionRequestSchema)
def answer_correction(
    answer: RequestAnswer, request_id: UUID, *, expected_version: int
) -> tuple[CorrectionRequest, dict[str, str]]:
    """Answer a request, with the waybill or certificate that shows it."""
    with transaction() as session:
        requests.answer_request(
            session,
            actor(),
            request_id,
            answer,
            expected_version=expected_version,
            vault=runtime().vault,
            clock=runtime().clock,
        )
        return versioned(
            queries.get_own_request(
                session, actor(), request_id, vault=runtime().vault, clock=runtime().clock
            )
        )
