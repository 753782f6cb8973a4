"""Whether the server lives, whether it can serve, and what it counts."""

from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from api.auth import public
from api.runtime import runtime
from api.transactions import reading
from waybill.outbound.witnesses import WitnessList
from waybill.services.log.cosignatures import WitnessStanding, witness_standing
from waybill.services.log.health import LogHealth, LogWatch
from waybill.services.waiting import waiting_now
from waybill.storage import migrate
from waybill.storage.commits import confirms_commits
from waybill.storage.session import takes_writes

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
    """Say whether database, schema and log are as they must be, and how far the log lags.

    A database that takes no writes, or confirms none, is none that could be served from.
    """
    now = runtime().clock.now()
    log: LogHealth | None = None
    standing: WitnessStanding | None = None
    try:
        with reading() as session:
            migrated = migrate.serves(migrate.revision_of(session.connection()))
            writable = takes_writes(session) and confirms_commits(session)
            if migrated and writable:
                log = _watch().look(session, now)
                standing = witness_standing(session, runtime().part(WitnessList))
    except SQLAlchemyError:
        return jsonify({"status": "unavailable", "database": False}), HTTPStatus.SERVICE_UNAVAILABLE
    if log is None or standing is None:
        body = {"status": "unavailable", "database": True, "migrated": migrated}
        body |= {} if writable else {"writable": False}
        return jsonify(body), HTTPStatus.SERVICE_UNAVAILABLE
    runtime().metrics.tell_log(log, now)
    holds = not log.mismatch
    body = {
        "status": "ready" if holds else "unavailable",
        "database": True,
        "migrated": True,
        "log_holds": holds,
        "log_size": log.head.size if log.head else 0,
        "log_pending": log.pending,
        "log_lag_s": log.lag_s(now),
        **_told(standing, now),
    }
    return jsonify(body), HTTPStatus.OK if holds else HTTPStatus.SERVICE_UNAVAILABLE


@blueprint.get("/metrics")
@public("answered to the networks of WAYBILL_METRICS_FROM alone; counts and times only")
def metrics() -> ResponseReturnValue:
    """Return the counters in Prometheus's text form; whoever may not know finds nothing here."""
    if not _may_scrape():
        raise NotFound
    now = runtime().clock.now()
    # Without a database the figures of log and worker stay what they were.
    with suppress(SQLAlchemyError), reading() as session:
        runtime().metrics.tell_log(_watch().look(session, now), now)
        runtime().metrics.tell_waiting(waiting_now(session, now))
        replica = runtime().replica
        if replica is not None:
            runtime().metrics.tell_replica(replica.look())
        runtime().metrics.tell_witnesses(
            witness_standing(session, runtime().part(WitnessList)), now
        )
    return Response(runtime().metrics.text(), content_type=METRICS_TYPE)


def _may_scrape() -> bool:
    """Return whether the request comes from a network that may know the figures.

    An address that a proxy passes on counts only where that proxy is believed: without that, the
    whole world would look like the proxy's machine.
    """
    settings = runtime().settings
    if not settings.trusted_proxies and "X-Forwarded-For" in request.headers:
        return False
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in network for network in settings.metrics_from)


def _told(standing: WitnessStanding, now: datetime) -> dict[str, dict[str, int | None]]:
    """Return what is told of the witnesses; one that is away makes the server no less ready."""
    if not standing.witnesses:
        return {}
    return {
        "witnesses": {
            "listed": len(standing.witnesses),
            "quorum": standing.quorum,
            "cosigned": standing.cosigned,
            "quorum_size": standing.quorum_size,
            "lag_s": standing.lag_s(now),
        }
    }


def _watch() -> LogWatch:
    parts = runtime().parts
    watch = parts.setdefault(LogWatch, LogWatch())
    if not isinstance(watch, LogWatch):
        raise TypeError("something else is kept as the log's watch")
    return watch
