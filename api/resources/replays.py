"""Judging again what was judged, for those who watch over the log."""

from http import HTTPStatus

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.runtime import runtime
from api.schemas.replays import ReplayPageSchema, ReplayWish, ReplayWishSchema
from api.transactions import transaction
from waybill.registry.access import Permission
from waybill.services.replay import ReplayPage, audit_replay

blueprint = Blueprint(
    "replays", __name__, url_prefix="/api/v1/replays", description="Recomputing verdicts (重算)"
)


@blueprint.post("")
@requires(Permission.READ_EVENTS)
@blueprint.arguments(ReplayWishSchema)
@blueprint.response(HTTPStatus.OK, ReplayPageSchema)
def create_replay(wish: ReplayWish) -> ReplayPage:
    """Recompute stored verdicts, oldest first, and name those that do not come out the same.

    Nothing is changed; that it was done is recorded.
    """
    with transaction() as session:
        return audit_replay(
            session,
            actor(),
            wish.wanted,
            after=wish.after,
            limit=wish.limit,
            clock=runtime().clock,
        )
