"""What the public tells: anybody may say what they saw."""

from http import HTTPStatus

from api.auth import public
from api.blueprint import Blueprint, may_refuse
from api.reports import take_report
from api.schemas.public_reports import (
    PublicReportSchema,
    ReceivedReport,
    ReceivedReportSchema,
)
from waybill.registry.cases import PublicReport

blueprint = Blueprint(
    "public_reports",
    __name__,
    url_prefix="/api/v1/public-reports",
    description="Reports of the public (公众举报)",
)


@blueprint.post("")
@public("anybody may say what they saw; counted against the address")
@may_refuse("limited")
@blueprint.arguments(PublicReportSchema)
@blueprint.response(HTTPStatus.CREATED, ReceivedReportSchema)
def send_report(report: PublicReport) -> ReceivedReport:
    """Say what was seen. The contact is personal: kept encrypted, shown only with a reason."""
    return ReceivedReport(number=take_report(report))
