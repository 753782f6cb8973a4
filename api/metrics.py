"""What `/metrics` tells: counts and times only, of this process or of all that share a folder."""

import os
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Any other is counted as `other`: a client may invent as many as it likes."""
BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable of prometheus_client; with it any process answers for all."""


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
        self.pending_events = Gauge(
            "waybill_log_pending_events",
            "Events that are not in the tree yet.",
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )

    def observe(self, *, method: str, endpoint: str, status: int, duration_s: float) -> None:
        """Count one request."""
        known = method if method in METHODS else "other"
        self.requests.labels(known, endpoint, str(status)).inc()
        self.duration_s.labels(endpoint).observe(duration_s)

    def text(self) -> bytes:
        """Return everything in Prometheus's text form."""
        registry = self.registry
        if os.environ.get(SHARED_FOLDER):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # theirs
        return generate_latest(registry)
