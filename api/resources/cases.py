"""Cases: opened, worked on and decided by the authority."""

from datetime import date
from http import HTTPStatus
from uuid import UUID

from sqlalchemy.orm import Session

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.cases import (
    AskingSchema,
    AssignmentSchema,
    CaseDecisionSchema,
    CaseDetailSchema,
    CaseOpeningSchema,
    CaseQuery,
    CaseQuerySchema,
    CaseSchema,
    CommentSchema,
    DeadlineSchema,
)
from api.schemas.registry import DisclosureSchema, ReasonSchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.cases import Case, CaseDetail, CaseOpening, CaseOutcome, RequestAsking
from waybill.registry.records import Disclosure
from waybill.services.cases import acting, contacts, opening, queries, requests
from waybill.services.paging import Page

blueprint = Blueprint("cases", __name__, url_prefix="/api/v1/cases", description="Cases (案件)")

Answer = tuple[CaseDetail, dict[str, str]]


@blueprint.post("")
@requires(Permission.WRITE_CASES)
@idempotent
@blueprint.arguments(CaseOpeningSchema)
@blueprint.response(HTTPStatus.CREATED, CaseDetailSchema)
def open_case(stated: CaseOpening) -> Answer:
    """Open a case, by hand or from what a pattern found."""
    with transaction() as session:
        made = opening.open_case(
            session, actor(), stated, vault=runtime().vault, clock=runtime().clock
        )
        return _case(session, made)


@blueprint.get("")
@requires(Permission.READ_CASES)
@blueprint.arguments(CaseQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(CaseSchema))
def list_cases(query: CaseQuery) -> Page[Case]:
    """List cases; whose last day comes first stands before the others."""
    with reading() as session:
        return queries.list_cases(
            session,
            actor(),
            query.wanted,
            query.page,
            vault=runtime().vault,
            clock=runtime().clock,
        )


@blueprint.get("/<uuid:case_id>")
@requires(Permission.READ_CASES)
@blueprint.response(HTTPStatus.OK, CaseDetailSchema)
def get_case(case_id: UUID) -> Answer:
    """Show a case whole; that it was read goes into the log."""
    with transaction() as session:
        return versioned(
            queries.get_case(
                session, actor(), case_id, vault=runtime().vault, clock=runtime().clock
            )
        )


@blueprint.post("/<uuid:case_id>/comments")
@requires(Permission.WRITE_CASES)
@idempotent
@blueprint.arguments(CommentSchema)
@blueprint.response(HTTPStatus.CREATED, CaseDetailSchema)
def comment_case(text: str, case_id: UUID) -> Answer:
    """Add a comment."""
    with transaction() as session:
        acting.comment_case(
            session, actor(), case_id, text, vault=runtime().vault, clock=runtime().clock
        )
        return _case(session, case_id)


@blueprint.put("/<uuid:case_id>/assignment")
@requires(Permission.WRITE_CASES)
@if_match
@blueprint.arguments(AssignmentSchema)
@blueprint.response(HTTPStatus.OK, CaseDetailSchema)
def assign_case(user_id: UUID, case_id: UUID, *, expected_version: int) -> Answer:
    """Give a case to an auditor."""
    with transaction() as session:
        acting.assign_case(
            session,
            actor(),
            case_id,
            user_id,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return _case(session, case_id)


@blueprint.put("/<uuid:case_id>/deadline")
@requires(Permission.WRITE_CASES)
@if_match
@blueprint.arguments(DeadlineSchema)
@blueprint.response(HTTPStatus.OK, CaseDetailSchema)
def set_deadline(due_on: date, case_id: UUID, *, expected_version: int) -> Answer:
    """Give a case another last day."""
    with transaction() as session:
        acting.set_deadline(
            session,
            actor(),
            case_id,
            due_on,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return _case(session, case_id)


@blueprint.post("/<uuid:case_id>/requests")
@requires(Permission.WRITE_CASES)
@if_match
@idempotent
@blueprint.arguments(AskingSchema)
@blueprint.response(HTTPStatus.CREATED, CaseDetailSchema)
def ask_correction(asking: RequestAsking, case_id: UUID, *, expected_version: int) -> Answer:
    """Ask a carrier for a correction; an answer that was not accepted is returned by it."""
    with transaction() as session:
        requests.ask_correction(
            session,
            actor(),
            case_id,
            asking,
            expected_version=expected_version,
            vault=runtime().vault,
            clock=runtime().clock,
        )
        return _case(session, case_id)


@blueprint.post("/<uuid:case_id>/requests/withdrawal")
@requires(Permission.WRITE_CASES)
@if_match
@idempotent
@blueprint.response(HTTPStatus.OK, CaseDetailSchema)
def withdraw_request(case_id: UUID, *, expected_version: int) -> Answer:
    """Withdraw the open request of a case."""
    with transaction() as session:
        requests.withdraw_request(
            session,
            actor(),
            case_id,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return _case(session, case_id)


@blueprint.post("/<uuid:case_id>/requests/acceptance")
@requires(Permission.WRITE_CASES)
@if_match
@idempotent
@blueprint.response(HTTPStatus.OK, CaseDetailSchema)
def accept_answer(case_id: UUID, *, expected_version: int) -> Answer:
    """Accept what the carrier answered."""
    with transaction() as session:
        requests.accept_answer(
            session,
            actor(),
            case_id,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return _case(session, case_id)


@blueprint.post("/<uuid:case_id>/decision")
@requires(Permission.WRITE_CASES)
@if_match
@idempotent
@blueprint.arguments(CaseDecisionSchema)
@blueprint.response(HTTPStatus.OK, CaseDetailSchema)
def decide_case(
    decision: tuple[CaseOutcome, str], case_id: UUID, *, expected_version: int
) -> Answer:
    """Decide a case, with the reasons."""
    with transaction() as session:
        acting.decide_case(
            session,
            actor(),
            case_id,
            decision,
            expected_version=expected_version,
            vault=runtime().vault,
            clock=runtime().clock,
        )
        return _case(session, case_id)


@blueprint.post("/<uuid:case_id>/closing")
@requires(Permission.WRITE_CASES)
@if_match
@idempotent
@blueprint.response(HTTPStatus.OK, CaseDetailSchema)
def close_case(case_id: UUID, *, expected_version: int) -> Answer:
    """Close a decided case."""
    with transaction() as session:
        acting.close_case(
            session,
            actor(),
            case_id,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return _case(session, case_id)


@blueprint.post("/<uuid:case_id>/reopening")
@requires(Permission.WRITE_CASES)
@if_match
@idempotent
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.OK, CaseDetailSchema)
def reopen_case(reason: str, case_id: UUID, *, expected_version: int) -> Answer:
    """Take a decided or closed case up again."""
    with transaction() as session:
        acting.reopen_case(
            session,
            actor(),
            case_id,
            reason,
            expected_version=expected_version,
            vault=runtime().vault,
            clock=runtime().clock,
        )
        return _case(session, case_id)


@blueprint.post("/<uuid:case_id>/disclosures")
@requires(Permission.WRITE_CASES)
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.CREATED, DisclosureSchema)
def disclose_contact(reason: str, case_id: UUID) -> Disclosure:
    """Show how whoever reported can be reached; that it was shown goes into the log."""
    with transaction() as session:
        return contacts.disclose_contact(
            session, actor(), case_id, reason, vault=runtime().vault, clock=runtime().clock
        )


def _case(session: Session, case_id: UUID) -> Answer:
    return versioned(
        queries.describe_case(session, case_id, vault=runtime().vault, clock=runtime().clock)
    )
