"""Whether the server lives, whether it can serve, and what it counts."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.auth import public
from api.runtime import runtime
from api.transactions import reading
from waybill.storage import migrate
from waybill.storage.log import EventPendingRow, EventRow

MAX_COUNTED: Final = 10_000
METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public("a watchdog has no account")
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify({"status": "alive"})


@blueprint.get("/readyz")
@public("a load balancer has no account; it says nothing but whether parts work")
def ready() -> ResponseReturnValue:
    """Say whether database and schema are as this program needs them, and how far the log lags."""
    try:
        with reading() as session:
            migrated = migrate.revision_of(session.connection()) == migrate.head()
            pending, oldest = _log_lag(session)
    except SQLAlchemyError:
        return jsonify({"status": "unavailable", "database": False}), HTTPStatus.SERVICE_UNAVAILABLE
    runtime().metrics.pending_events.set(pending)
    lag_s = 0 if oldest is None else int((runtime().clock.now() - oldest).total_seconds())
    body = {
        "status": "ready" if migrated else "unavailable",
        "database": True,
        "migrated": migrated,
        "log_pending": pending,
        "log_lag_s": max(0, lag_s),
    }
    return jsonify(body), HTTPStatus.OK if migrated else HTTPStatus.SERVICE_UNAVAILABLE


@blueprint.get("/metrics")
@public("scraped inside the installation's network; counts and times only")
def metrics() -> ResponseReturnValue:
    """Return the counters in Prometheus's text form."""
    return Response(runtime().metrics.text(), content_type=METRICS_TYPE)


def _log_lag(session: Session) -> tuple[int, datetime | None]:
    """Return how many events wait for the tree, and since when the oldest does.

    Anybody may ask as often as they like, so no more than `MAX_COUNTED` are counted.
    """
    some = select(EventPendingRow.event_id).limit(MAX_COUNTED).subquery()
    count = session.scalar(select(func.count()).select_from(some)) or 0
    pending = EventPendingRow.event_id
    first = select(pending).order_by(pending).limit(1).scalar_subquery()
    oldest = session.scalar(select(EventRow.recorded_at).where(EventRow.id == first))
    return count, oldest
