"""Taking a report of the public: counted against its address, then kept."""

from flask import request

from api.runtime import runtime
from api.transactions import transaction
from waybill.registry.cases import PublicReport
from waybill.services.cases.opening import report_case
from waybill.services.identity import Purpose, count_report, derive_key


def take_report(report: PublicReport) -> str:
    """Keep a report and return the number of its case.

    Raises:
        ThrottledError: this address has sent too many.
        InvalidFieldError: names every field that cannot be accepted.
    """
    with transaction() as session:
        count_report(
            session,
            request.remote_addr or "",
            key=derive_key(runtime().settings.secret_key, Purpose.THROTTLE),
            now=runtime().clock.now(),
        )
        return report_case(session, report, vault=runtime().vault, clock=runtime().clock)
