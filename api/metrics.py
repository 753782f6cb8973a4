"""What `/metrics` tells: counts and times only, of this process or of all that share a folder."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from waybill.services.log.cosignatures import WitnessStanding
from waybill.services.log.health import LogHealth

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Any other is counted as `other`: a client may invent as many as it likes."""
BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable of prometheus_client; with it any process answers for all."""

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
        self.log = {
            name: Gauge(
                f"waybill_log_{name}",
                said,
                registry=self.registry,
                multiprocess_mode="mostrecent",
            )
            for name, said in LOG_FIGURES.items()
        }

    def observe(self, *, method: str, endpoint: str, status: int, duration_s: float) -> None:
        """Count one request."""
        known = method if method in METHODS else "other"
        self.requests.labels(known, endpoint, str(status)).inc()
        self.duration_s.labels(endpoint).observe(duration_s)

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
        self._tell(figures)

    def tell_witnesses(self, standing: WitnessStanding, now: datetime) -> None:
        """Set the figures of the log's witnesses."""
        self._tell(
            {
                "witnesses": len(standing.witnesses),
                "witnesses_needed": standing.quorum,
                "witnesses_cosigned": standing.cosigned,
                "witness_lag_seconds": standing.lag_s(now),
                "quorum_size": standing.quorum_size or 0,
            }
        )

    def _tell(self, figures: Mapping[str, int]) -> None:
        for name, figure in figures.items():
            self.log[name].set(figure)

    def text(self) -> bytes:
        """Return everything in Prometheus's text form."""
        registry = self.registry
        if os.environ.get(SHARED_FOLDER):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # theirs
        return generate_latest(registry)
