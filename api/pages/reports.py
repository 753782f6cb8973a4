"""Reports by pages: what was made, what is being made, a report with its figures and files."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.page_forms import FormReader
from api.pages.layout import submit
from api.rendering.report_files import report_pdf, report_workbook
from api.rendering.report_tables import report_tables
from api.runtime import runtime
from api.schemas.reports import compact_jws
from api.transactions import reading, transaction
from waybill.clock import local_date
from waybill.codec import parse_json
from waybill.registry.access import Permission
from waybill.services.paging import PageRequest
from waybill.services.reports import orders
from waybill.services.reports.orders import Report
from waybill.services.reports.periods import quarter_before, quarter_of
from waybill.services.reports.stated import read_report
from waybill.services.reports.totals import list_totals
from waybill.storage.reports import OrderStatus

TOTAL_DAYS: Final = timedelta(days=30)
FORMS: Final[Mapping[str, tuple[str, Callable[[Report], bytes]]]] = {
    "pdf": ("application/pdf", report_pdf),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        report_workbook,
    ),
    "json": ("application/json", lambda report: report.content),
    "jws": (
        "application/jose",
        lambda report: compact_jws(report.content, report.document_jws).encode(),
    ),
}
"""In which forms a report is taken away; `json` are the very bytes that were signed."""

blueprint = Blueprint("report_pages", __name__, url_prefix="/reports")


@blueprint.get("")
@requires(Permission.READ_REPORTS)
def index() -> ResponseReturnValue:
    """List what was made and what is being made, and the totals of the last days."""
    return _index({})


@blueprint.post("")
@requires(Permission.WRITE_REPORTS)
def order() -> ResponseReturnValue:
    """Ask for the report of some days."""

    def act() -> str:
        reader = FormReader(form=request.form)
        from_on, until_on = reader.needed_day("from"), reader.needed_day("until")
        reader.settle()
        with transaction() as session:
            orders.order_report(
                session,
                actor(),
                from_on,
                until_on,
                clock=runtime().clock,
            )
        return url_for(".index", done="report-ordered")

    return submit(act, _index)


@blueprint.get("/<uuid:report_id>")
@requires(Permission.READ_REPORTS)
def show(report_id: UUID) -> ResponseReturnValue:
    """Show a report's figures, and what they speak of."""
    with reading() as session:
        report = orders.get_report(session, actor(), report_id)
    stated = read_report(report.content)
    return render_template(
        "reports/show.html", report=report, stated=stated, tables=report_tables(stated)
    )


@blueprint.get("/<uuid:report_id>/report.<any(pdf,xlsx,json,jws):form>")
@requires(Permission.READ_REPORTS)
def fetch(report_id: UUID, form: str) -> ResponseReturnValue:
    """Give a report as a file; that it was fetched goes into the log."""
    with transaction() as session:
        report = orders.fetch_report(session, actor(), report_id, form, clock=runtime().clock)
    media_type, write = FORMS[form]
    response = Response(write(report), mimetype=media_type)
    name = f"report-{report.from_on}-{report.until_on}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _index(messages: Mapping[str, str]) -> str:
    today = local_date(runtime().clock.now())
    page = PageRequest(after=FormReader(form=request.args).identity("after"))
    with reading() as session:
        open_orders = orders.list_open_orders(session, actor())
        found = orders.list_reports(session, actor(), page=page)
        totals = list_totals(session, actor(), from_on=today - TOTAL_DAYS, until_on=today)
    return render_template(
        "reports/index.html",
        orders=open_orders,
        busy=any(o.status is not OrderStatus.FAILED for o in open_orders),
        found=found,
        totals=[(total, parse_json(total.content)) for total in totals],
        quarters=(
            ("report.last_quarter", quarter_before(today)),
            ("report.this_quarter", quarter_of(today)),
        ),
        messages=messages,
        values=request.form,
    )
