"""Personal values: disclosure with salt, requests to erase, retention and its reports."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.runtime import runtime
from api.schemas.personal import (
    AccessReportSchema,
    AccessWish,
    AccessWishSchema,
    Decided,
    DecidedSchema,
    DecisionWish,
    DecisionWishSchema,
    DisclosedValueSchema,
    DisclosureWish,
    DisclosureWishSchema,
    ErasureQuery,
    ErasureQuerySchema,
    ErasureRequestSchema,
    ErasureWish,
    ErasureWishSchema,
    RetentionPeriodSchema,
    RetentionReportSchema,
    RetentionRunSchema,
)
from api.schemas.registry import VersionPageQuerySchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.personal import (
    AccessReport,
    DisclosedValue,
    ErasureRequest,
    RetentionReport,
    RetentionRun,
)
from waybill.registry.retention import RetentionPeriod, retention_periods
from waybill.services.paging import Page, PageRequest
from waybill.services.personal import accessing, requests, retention
from waybill.services.personal.disclosing import disclose_value

blueprint = Blueprint(
    "personal",
    __name__,
    url_prefix="/api/v1/personal",
    description="Personal values (个人信息): disclosure, erasure, retention",
)


@blueprint.post("/disclosures")
@requires(Permission.READ_PERSONAL)
@blueprint.arguments(DisclosureWishSchema)
@blueprint.response(HTTPStatus.CREATED, DisclosedValueSchema)
def disclose(wanted: DisclosureWish) -> DisclosedValue:
    """Disclose a value with its salt; that it was disclosed, to whom and why, goes into the log."""
    with transaction() as session:
        return disclose_value(
            session,
            actor(),
            wanted.commitment,
            wanted.reason,
            purpose=wanted.purpose,
            vault=runtime().vault,
            clock=runtime().clock,
        )


@blueprint.post("/access-reports")
@requires(Permission.READ_PERSONAL)
@blueprint.arguments(AccessWishSchema)
@blueprint.response(HTTPStatus.CREATED, AccessReportSchema)
def report_access(wanted: AccessWish) -> AccessReport:
    """Tell everything that is held of one person, for the person: values, waybills, who looked.

    Each value that is told is disclosed, and an event says so.
    """
    with transaction() as session:
        return accessing.report_access(
            session,
            actor(),
            wanted.person_id,
            wanted.reason,
            vault=runtime().vault,
            clock=runtime().clock,
        )


@blueprint.post("/erasure-requests")
@requires(Permission.REQUEST_ERASURE)
@idempotent
@blueprint.arguments(ErasureWishSchema)
@blueprint.response(HTTPStatus.CREATED, ErasureRequestSchema)
def request_erasure(wanted: ErasureWish) -> ErasureRequest:
    """Ask to erase all values of a retired person, on the person's behalf."""
    with transaction() as session:
        return requests.request_erasure(
            session, actor(), wanted.person_id, wanted.reason, clock=runtime().clock
        )


@blueprint.get("/erasure-requests")
@requires(Permission.READ_ERASURE)
@blueprint.arguments(ErasureQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(ErasureRequestSchema))
def list_erasure_requests(wanted: ErasureQuery) -> Page[ErasureRequest]:
    """List requests, newest first."""
    with reading() as session:
        return requests.list_erasure_requests(
            session, actor(), status=wanted.status, person_id=wanted.person_id, page=wanted.page
        )


@blueprint.get("/erasure-requests/<uuid:request_id>")
@requires(Permission.READ_ERASURE)
@blueprint.response(HTTPStatus.OK, ErasureRequestSchema)
def get_erasure_request(request_id: UUID) -> ErasureRequest:
    """Show a request."""
    with reading() as session:
        return requests.get_erasure_request(session, actor(), request_id)


@blueprint.post("/erasure-requests/<uuid:request_id>/decision")
@requires(Permission.DECIDE_ERASURE)
@blueprint.arguments(DecisionWishSchema)
@blueprint.response(HTTPStatus.OK, DecidedSchema)
def decide_erasure(wanted: DecisionWish, request_id: UUID) -> Decided:
    """Approve or refuse somebody else's request; what is approved is done at once.

    Values that the law still asks for are restricted instead, and erased when it no longer does.
    """
    with transaction() as session:
        request, outcome = requests.decide_erasure(
            session,
            actor(),
            request_id,
            approved=wanted.approved,
            reason=wanted.reason,
            clock=runtime().clock,
        )
    return Decided(request=request, outcome=outcome)


@blueprint.get("/retention-periods")
@requires(Permission.READ_RETENTION)
@blueprint.response(HTTPStatus.OK, RetentionPeriodSchema(many=True))
def list_retention_periods() -> list[RetentionPeriod]:
    """List how long values are kept, with basis and whether that was confirmed."""
    return list(retention_periods().values())


@blueprint.get("/retention-preview")
@requires(Permission.READ_RETENTION)
@blueprint.response(HTTPStatus.OK, RetentionReportSchema)
def preview_retention() -> RetentionReport:
    """Say what retention would erase and keep now; nothing is changed."""
    with reading() as session:
        return retention.preview_retention(session, actor(), clock=runtime().clock)


@blueprint.get("/retention-runs")
@requires(Permission.READ_RETENTION)
@blueprint.arguments(VersionPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(RetentionRunSchema))
def list_retention_runs(page: PageRequest) -> Page[RetentionRun]:
    """List what retention erased and kept, newest first."""
    with reading() as session:
        return retention.list_retention_runs(session, actor(), page=page)
