"""Measures: proposed by one account, approved by another (四眼原则)."""

from http import HTTPStatus
from uuid import UUID

from sqlalchemy.orm import Session

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.measures import (
    AppealAnswerSchema,
    AppealSchema,
    MeasureDetailSchema,
    MeasureProposalSchema,
    MeasureQuery,
    MeasureQuerySchema,
    MeasureSchema,
)
from api.schemas.registry import ReasonSchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.measures import AppealOutcome, Measure, MeasureDetail, MeasureProposal
from waybill.services.measures import appeals, deciding, proposing, queries
from waybill.services.paging import Page

blueprint = Blueprint(
    "measures",
    __name__,
    url_prefix="/api/v1/measures",
    description="Measures with four eyes (监管措施)",
)

Answer = tuple[MeasureDetail, dict[str, str]]


@blueprint.post("")
@requires(Permission.PROPOSE_MEASURE)
@idempotent
@blueprint.arguments(MeasureProposalSchema)
@blueprint.response(HTTPStatus.CREATED, MeasureDetailSchema)
def propose_measure(proposal: MeasureProposal) -> Answer:
    """Propose a measure; it acts once another senior auditor has approved it."""
    with transaction() as session:
        made = proposing.propose_measure(session, actor(), proposal, clock=runtime().clock)
        return _measure(session, made)


@blueprint.get("")
@requires(Permission.READ_MEASURES)
@blueprint.arguments(MeasureQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(MeasureSchema))
def list_measures(query: MeasureQuery) -> Page[Measure]:
    """List measures, newest first."""
    with reading() as session:
        return queries.list_measures(
            session, actor(), query.wanted, query.page, vault=runtime().vault
        )


@blueprint.get("/<uuid:measure_id>")
@requires(Permission.READ_MEASURES)
@blueprint.response(HTTPStatus.OK, MeasureDetailSchema)
def get_measure(measure_id: UUID) -> Answer:
    """Show a measure with everything that was done with it."""
    with reading() as session:
        return _measure(session, measure_id)


@blueprint.post("/<uuid:measure_id>/approval")
@requires(Permission.APPROVE_MEASURE)
@if_match
@idempotent
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.OK, MeasureDetailSchema)
def approve_measure(reason: str, measure_id: UUID, *, expected_version: int) -> Answer:
    """Approve what somebody else proposed, the measure or its lifting; it acts at once."""
    with transaction() as session:
        deciding.approve_measure(
            session,
            actor(),
            measure_id,
            reason,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return _measure(session, measure_id)


@blueprint.post("/<uuid:measure_id>/refusal")
@requires(Permission.APPROVE_MEASURE)
@if_match
@idempotent
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.OK, MeasureDetailSchema)
def refuse_measure(reason: str, measure_id: UUID, *, expected_version: int) -> Answer:
    """Refuse what somebody else proposed; an urgent suspension ends at once."""
    with transaction() as session:
        deciding.refuse_measure(
            session,
            actor(),
            measure_id,
            reason,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return _measure(session, measure_id)


@blueprint.post("/<uuid:measure_id>/withdrawal")
@requires(Permission.PROPOSE_MEASURE)
@if_match
@idempotent
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.OK, MeasureDetailSchema)
def withdraw_measure(reason: str, measure_id: UUID, *, expected_version: int) -> Answer:
    """Withdraw one's own proposal."""
    with transaction() as session:
        deciding.withdraw_measure(
            session,
            actor(),
            measure_id,
            reason,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return _measure(session, measure_id)


@blueprint.post("/<uuid:measure_id>/lifting")
@requires(Permission.PROPOSE_MEASURE)
@if_match
@idempotent
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.OK, MeasureDetailSchema)
def propose_lifting(reason: str, measure_id: UUID, *, expected_version: int) -> Answer:
    """Propose to lift a measure; it goes on until somebody else approves."""
    with transaction() as session:
        proposing.propose_lifting(
            session,
            actor(),
            measure_id,
            reason,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return _measure(session, measure_id)


@blueprint.post("/<uuid:measure_id>/appeal")
@requires(Permission.PROPOSE_MEASURE)
@if_match
@idempotent
@blueprint.arguments(AppealSchema)
@blueprint.response(HTTPStatus.OK, MeasureDetailSchema)
def receive_appeal(text: str, measure_id: UUID, *, expected_version: int) -> Answer:
    """Enter an appeal that was received."""
    with transaction() as session:
        appeals.receive_appeal(
            session,
            actor(),
            measure_id,
            text,
            expected_version=expected_version,
            vault=runtime().vault,
            clock=runtime().clock,
        )
        return _measure(session, measure_id)


@blueprint.post("/<uuid:measure_id>/appeal/answer")
@requires(Permission.APPROVE_MEASURE)
@if_match
@idempotent
@blueprint.arguments(AppealAnswerSchema)
@blueprint.response(HTTPStatus.OK, MeasureDetailSchema)
def answer_appeal(
    answer: tuple[AppealOutcome, str], measure_id: UUID, *, expected_version: int
) -> Answer:
    """Say how an appeal ended; one that is upheld is followed by proposing to lift."""
    with transaction() as session:
        appeals.answer_appeal(
            session,
            actor(),
            measure_id,
            answer,
            expected_version=expected_version,
            vault=runtime().vault,
            clock=runtime().clock,
        )
        return _measure(session, measure_id)


def _measure(session: Session, measure_id: UUID) -> Answer:
    return versioned(queries.get_measure(session, actor(), measure_id, vault=runtime().vault))
