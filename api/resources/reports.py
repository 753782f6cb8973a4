"""Reports of the log's figures: asked for, made by the worker, signed."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.runtime import runtime
from api.schemas.registry import VersionPageQuerySchema
from api.schemas.reports import (
    Days,
    ReportEntrySchema,
    ReportOrderSchema,
    ReportSchema,
    ReportWishSchema,
    report_answer,
)
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.services.paging import Page, PageRequest
from waybill.services.reports import orders
from waybill.services.reports.orders import ReportEntry, ReportOrder

blueprint = Blueprint(
    "reports", __name__, url_prefix="/api/v1", description="Reports of the log (统计报告)"
)


@blueprint.post("/report-orders")
@requires(Permission.WRITE_REPORTS)
@idempotent
@blueprint.arguments(ReportWishSchema)
@blueprint.response(HTTPStatus.CREATED, ReportOrderSchema)
def order_report(wanted: Days) -> ReportOrder:
    """Ask for the report of some days; the worker makes it, section after section."""
    with transaction() as session:
        return orders.order_report(
            session, actor(), wanted.from_on, wanted.until_on, clock=runtime().clock
        )


@blueprint.get("/report-orders/<uuid:order_id>")
@requires(Permission.READ_REPORTS)
@blueprint.response(HTTPStatus.OK, ReportOrderSchema)
def get_report_order(order_id: UUID) -> ReportOrder:
    """Say how far a report is, and which it has become."""
    with reading() as session:
        return orders.get_order(session, actor(), order_id)


@blueprint.get("/reports")
@requires(Permission.READ_REPORTS)
@blueprint.arguments(VersionPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(ReportEntrySchema))
def list_reports(page: PageRequest) -> Page[ReportEntry]:
    """List reports, newest first."""
    with reading() as session:
        return orders.list_reports(session, actor(), page=page)


@blueprint.get("/reports/<uuid:report_id>")
@requires(Permission.READ_REPORTS)
@blueprint.response(HTTPStatus.OK, ReportSchema)
def get_report(report_id: UUID) -> dict[str, object]:
    """Show a report with its signature; that it was fetched goes into the log.

    As a file: `/reports/<id>/report.pdf`, `.xlsx`, `.json` (the signed bytes) or `.jws`.
    """
    with transaction() as session:
        report = orders.fetch_report(session, actor(), report_id, "api", clock=runtime().clock)
    return report_answer(report)
