"""Daily totals: what each day's entries of the log come to, signed and closed for ever."""

from http import HTTPStatus

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.schemas.reports import DailyTotalSchema, Days, TotalsQuerySchema, total_answer
from api.transactions import reading
from waybill.registry.access import Permission
from waybill.services.reports import totals

blueprint = Blueprint(
    "totals", __name__, url_prefix="/api/v1/totals", description="Daily totals (日结)"
)


@blueprint.get("")
@requires(Permission.READ_REPORTS)
@blueprint.arguments(TotalsQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, DailyTotalSchema(many=True))
def list_totals(wanted: Days) -> list[dict[str, object]]:
    """List closed days, newest first. A day that is closed never changes."""
    with reading() as session:
        found = totals.list_totals(
            session, actor(), from_on=wanted.from_on, until_on=wanted.until_on
        )
    return [total_answer(total) for total in found]
