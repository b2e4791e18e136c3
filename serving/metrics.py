"""What does the API count about itself? Prometheus reads it at `/metrics`."""

from __future__ import annotations

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

REQUESTS = Counter(
    "starling_api_requests", "Answers by route, method and status", ["route", "method", "status"]
)
SECONDS = Histogram(
    "starling_api_request_seconds",
    "Seconds from the request to its answer",
    ["route", "method"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10),
)
APPENDED = Counter("starling_api_appended_events", "Events acknowledged by the log", ["kind"])
OWN_ROWS_FAILED = Counter(
    "starling_api_own_rows_failed",
    "Acknowledged writes whose own rows a store did not take; the speed layer brings them",
    ["store"],
)
LIMITS_NOT_COUNTED = Counter(
    "starling_api_limits_not_counted", "Calls let through uncounted because Redis was away"
)
STORE_FAILURES = Counter("starling_api_store_failures", "Calls that failed", ["store", "reason"])
GRAPH_ANSWERS = Counter(
    "starling_api_graph_answers", "Answers about the follow graph: kept, computed, stale", ["how"]
)
SEARCHES = Counter("starling_api_hot_searches", "Hot searches: kept, looked up", ["how"])
ASIDES_LOST = Counter(
    "starling_api_asides_lost", "Events told by the way that the log did not take", ["kind"]
)
HOMES = Counter(
    "starling_api_homes",
    "Home timelines that Redis did not have: built, or answered by what batch computed",
    ["answer"],
)
REFUSED = Counter(
    "starling_api_refused_texts", "Texts that a rule refused before they were in the log", ["rule"]
)
READ_AFTER_EXPIRED = Counter(
    "starling_api_read_after_expired", "Reads that gave up waiting for a log position"
)

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition() -> bytes:
    """The metrics of all worker processes of this API, in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)
