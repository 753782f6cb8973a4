"""Figures of the log, each with the size of the log that it speaks of."""

from http import HTTPStatus

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.desk import desk_reading
from api.runtime import runtime
from api.schemas.statistics import (
    CountedSchema,
    CountQuery,
    CountQuerySchema,
    ExpiringListSchema,
    SpreadQuery,
    SpreadQuerySchema,
    SpreadSchema,
)
from waybill.clock import local_date
from waybill.registry.access import Permission
from waybill.services.statistics.counting import Counted, Spread, count, spread
from waybill.services.statistics.expiring import count_expiring

blueprint = Blueprint(
    "statistics", __name__, url_prefix="/api/v1/statistics", description="Statistics (统计)"
)


@blueprint.get("/counts")
@requires(Permission.READ_STATISTICS)
@blueprint.arguments(CountQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, CountedSchema)
def get_counts(wanted: CountQuery) -> Counted:
    """Count checks, releases and refusals by some dimensions.

    Asked again with the `size` of the answer, the figures are the same for ever.
    """
    with desk_reading(size=wanted.size) as session:
        return count(
            session,
            from_at=wanted.from_at,
            to_at=wanted.to_at,
            by=wanted.by,
            where=wanted.where,
            size=wanted.size,
        )


@blueprint.get("/spreads")
@requires(Permission.READ_STATISTICS)
@blueprint.arguments(SpreadQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, SpreadSchema)
def get_spread(wanted: SpreadQuery) -> Spread:
    """Count how long it took, in classes of seconds."""
    with desk_reading(size=wanted.count.size) as session:
        return spread(
            session,
            wanted.duration,
            bounds=wanted.bounds,
            from_at=wanted.count.from_at,
            to_at=wanted.count.to_at,
            where=wanted.count.where,
            size=wanted.count.size,
        )


@blueprint.get("/expiring-certificates")
@requires(Permission.READ_STATISTICS)
@blueprint.response(HTTPStatus.OK, ExpiringListSchema)
def get_expiring() -> dict[str, object]:
    """Count the certificates that ended within a month or end within three."""
    today = local_date(runtime().clock.now())
    with desk_reading() as session:
        return {"on": today, "items": count_expiring(session, actor(), today=today)}
