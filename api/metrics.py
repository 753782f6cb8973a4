"""What `/metrics` tells: counts and times only, of this process or of all that share a folder."""

import fcntl
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from sqlalchemy import Engine
from sqlalchemy import event as sqlalchemy_event

from waybill.services.log.cosignatures import WitnessStanding
from waybill.services.log.health import LogHealth
from waybill.services.waiting import Waiting
from waybill.storage.events import Event, SubjectKey
from waybill.storage.replica import AnsweredBy, Standing

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Any other is counted as `other`: a client may invent as many as it likes."""
BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable of prometheus_client; with it any process answers for all."""
LOCK: Final = "folded.lock"
"""File in that folder, held while the figures of a process that ended are moved."""

LOG_FIGURES: Final = {
    "pending_events": "Events that are not in the tree yet.",
    "lag_seconds": "For how long the oldest of them has waited.",
    "size": "Entries in the tree.",
    "checkpoint_age_seconds": "Time since the newest checkpoint was signed.",
    "mismatch": "1 when the log is not what its newest checkpoint says: nothing is added to it.",
    "stray_events": "Recent events that neither wait for the tree nor are in it.",
    "witnesses": "Witnesses that are asked to cosign.",
    "witnesses_needed": "How many of them must cosign a checkpoint.",
    "witnesses_cosigned": "How many have cosigned the newest checkpoint.",
    "witness_lag_seconds": "For how long the oldest checkpoint without enough of them has waited.",
    "quorum_size": "Entries in the newest checkpoint that enough have cosigned.",
    "cosignature_age_seconds": "Time since the oldest of the witnesses' newest cosignatures.",
}
WAITING_FIGURES: Final = {
    "tablets": "Tablets that are enrolled and not revoked.",
    "tablets_silent": "How many of them were not heard of for an hour.",
    "tablets_unsent": "Acts that they said they had not sent yet.",
    "exports_waiting": "Exports that are asked for and not finished.",
    "reports_waiting": "Reports that are asked for and not made.",
    "counting_lag_entries": "Entries of the log that are not in the tables for counting yet.",
}


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "waybill_http_requests_total",
            "Requests answered.",
            ("method", "endpoint", "status"),
            registry=self.registry,
        )
        self.duration_s = Histogram(
            "waybill_http_request_duration_seconds",
            "Time from a request's arrival to its answer.",
            ("endpoint",),
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self.problems = self._counter(
            "problems", "Requests refused, by the code of the problem.", "code"
        )
        self.events = self._counter("events", "Events written to the log.", "kind")
        self.outcomes = self._counter("outcomes", "How checks and releases ended.", "outcome")
        self.rules = self._counter("rules_standing", "Rules that stood against a load.", "rule")
        self.desk = self._counter(
            "desk_reads", "Questions of the desk, by who answered them.", "answered_by"
        )
        self.replica_lag_s = self._gauge(
            "replica_lag_seconds", "How far the replica is behind at most."
        )
        self.replica_away = self._gauge(
            "replica_away", "1 when there is a replica and it cannot be used."
        )
        self.connections = Gauge(
            "waybill_database_connections_in_use",
            "Connections taken from the pools.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.log = self._gauges("log_", LOG_FIGURES)
        self.waiting = self._gauges("", WAITING_FIGURES)

    def _counter(self, name: str, said: str, label: str) -> Counter:
        return Counter(f"waybill_{name}_total", said, (label,), registry=self.registry)

    def _gauges(self, prefix: str, figures: Mapping[str, str]) -> Mapping[str, Gauge]:
        return {name: self._gauge(f"{prefix}{name}", said) for name, said in figures.items()}

    def _gauge(self, name: str, said: str) -> Gauge:
        """Return a gauge of what is the same for every process: the newest word counts."""
        return Gauge(
            f"waybill_{name}", said, registry=self.registry, multiprocess_mode="mostrecent"
        )

    def watch_pool(self, engine: Engine) -> None:
        """Count the connections that are taken from a pool."""
        sqlalchemy_event.listen(engine, "checkout", lambda *_: self.connections.inc())
        sqlalchemy_event.listen(engine, "checkin", lambda *_: self.connections.dec())

    def observe(self, *, method: str, endpoint: str, status: int, duration_s: float) -> None:
        """Count one request."""
        known = method if method in METHODS else "other"
        self.requests.labels(known, endpoint, str(status)).inc()
        self.duration_s.labels(endpoint).observe(duration_s)

    def refuse(self, code: str) -> None:
        """Count one problem."""
        self.problems.labels(code).inc()

    def answer_desk(self, by: AnsweredBy) -> None:
        """Count one question of the desk."""
        self.desk.labels(by.value).inc()

    def tell_replica(self, standing: Standing | None) -> None:
        """Set the figures of the replica; while it is away, its lag stays what it was."""
        self.replica_away.set(int(standing is None))
        if standing is not None:
            self.replica_lag_s.set(standing.lag_s + standing.age_s)

    def tell_events(self, events: Iterable[Event]) -> None:
        """Count events that are committed, how they ended, and the rules that stood."""
        of_subjects = {SubjectKey.OUTCOME: self.outcomes, SubjectKey.RULE: self.rules}
        for told in events:
            self.events.labels(told.kind.value).inc()
            for subject in told.subjects:
                if subject.kind in of_subjects:
                    of_subjects[subject.kind].labels(subject.key).inc()

    def tell_log(self, log: LogHealth, now: datetime) -> None:
        """Set the log's figures."""
        figures = {
            "pending_events": log.pending,
            "lag_seconds": log.lag_s(now),
            "size": log.head.size if log.head else 0,
            "checkpoint_age_seconds": log.checkpoint_age_s(now),
            "mismatch": int(bool(log.mismatch)),
            "stray_events": log.strays,
        }
        self._tell(self.log, figures)

    def tell_witnesses(self, standing: WitnessStanding, now: datetime) -> None:
        """Set the figures of the log's witnesses."""
        self._tell(
            self.log,
            {
                "witnesses": len(standing.witnesses),
                "witnesses_needed": standing.quorum,
                "witnesses_cosigned": standing.cosigned,
                "witness_lag_seconds": standing.lag_s(now),
                "quorum_size": standing.quorum_size or 0,
                "cosignature_age_seconds": standing.age_s(now),
            },
        )

    def tell_waiting(self, waiting: Waiting) -> None:
        """Set the figures of what waits for the worker, and of the tablets."""
        self._tell(self.waiting, {name: getattr(waiting, name) for name in WAITING_FIGURES})

    def _tell(self, gauges: Mapping[str, Gauge], figures: Mapping[str, int]) -> None:
        for name, figure in figures.items():
            gauges[name].set(figure)

    def text(self) -> bytes:
        """Return everything in Prometheus's text form."""
        folder = os.environ.get(SHARED_FOLDER)
        if not folder:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # theirs
        with (Path(folder) / LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            return generate_latest(registry)
