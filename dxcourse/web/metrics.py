"""What the server counts of itself: kinds and times of requests, never who or what."""

from __future__ import annotations

import os
from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which processes count together; read when prometheus is imported."""


class ServerMetrics:
    """The server's numbers, in the format that Prometheus reads.

    Labels are names of handlers, status codes and outcomes: what a visitor sends never becomes
    one, so that there are always as many as the program has.

    Parameters
    ----------
    waiting
        How many answers wait for the disk.
    """

    def __init__(self, waiting: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._seconds = Histogram(
            "dxcourse_request_seconds",
            "Time from a request's first line to its reply",
            ("handler",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._requests = Counter(
            "dxcourse_requests", "Requests", ("handler", "status"), registry=self.registry
        )
        self._pages = Counter(
            "dxcourse_pages_made", "Pages made of notebooks", ("outcome",), registry=self.registry
        )
        self._waiting = waiting
        self._queue = Gauge(
            "dxcourse_writer_waiting",
            "Answers that wait for the disk",
            registry=self.registry,
            multiprocess_mode="livesum",
        )

        self._operations = Gauge(
            "dxcourse_operation_timestamp_seconds",
            "When an operation on the record was last done",
            ("done",),
            registry=self.registry,
            multiprocess_mode="max",
        )

    def operation(self, done: str, time: float) -> None:
        """Say when an operation on the record was last done, in seconds since 1970."""
        self._operations.labels(done).set(time)

    def request(self, handler: str, status: int, seconds: float) -> None:
        """Count a request; refusals and answers are told apart by handler and status."""
        self._seconds.labels(handler).observe(seconds)
        self._requests.labels(handler, str(status)).inc()
        self._queue.set(self._waiting())

    def page(self, *, made: bool) -> None:
        """Count a page that was made of its notebook, or could not be."""
        self._pages.labels("made" if made else "failed").inc()

    def text(self) -> bytes:
        """All numbers, as they are now; of all processes where there are several."""
        self._queue.set(self._waiting())
        folder = os.environ.get(SHARED_VARIABLE)
        if not folder:
            return generate_latest(self.registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared, folder)  # type: ignore[no-untyped-call]
        return generate_latest(shared)
