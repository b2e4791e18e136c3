"""Is this process alive, and can it do its work? And what has it counted?

Without the graph it can do its work: suggestions and mutual follows are stale or refused, and all
else goes on. So a balancer keeps sending requests here, and the answer says what is missing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from typing import Any

from flask import Blueprint, Response

from serving import metrics
from serving.http import answer
from serving.log_health import LogHealth
from serving.services import services

blueprint = Blueprint("health", __name__)
PATHS = ("/health/live", "/health/ready", "/metrics")
SECONDS_A_CHECK = 2.0
SPARED = {"neo4j", "opensearch"}  # stores without which this process can work

_checkers = ThreadPoolExecutor(max_workers=10, thread_name_prefix="health")
_log_health = LogHealth()


@blueprint.get("/health/live")
def live() -> Response:
    return answer({"status": "live"})


@blueprint.get("/health/ready")
def ready() -> Response:
    """200 when every store answers that this cannot do without, else 503; the body names each."""
    made = services()
    checks: dict[str, Callable[[], None]] = {
        "kafka": lambda: _log_health.check(made.settings),
        "redis": made.redis.ping,
        "cassandra": made.cassandra.ping,
        "postgres": made.postgres.ping,
        "neo4j": made.graph.ping,
        "opensearch": made.index.ping,
    }
    began = time.monotonic()
    running = {name: _checkers.submit(check) for name, check in checks.items()}
    outcomes = {name: _outcome(future, began) for name, future in running.items()}
    lost = {name for name, outcome in outcomes.items() if not outcome["ok"]}
    status = "not ready" if lost - SPARED else "degraded" if lost else "ready"
    return answer({"status": status, "checks": outcomes}, 503 if lost - SPARED else 200)


@blueprint.get("/metrics")
def counted() -> Response:
    return Response(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def _outcome(future: Future[None], began: float) -> dict[str, Any]:
    try:
        future.result(max(0.0, began + SECONDS_A_CHECK - time.monotonic()))
    except NotInTime:
        return {"ok": False, "reason": f"no answer within {SECONDS_A_CHECK:g} s"}
    except Exception as error:  # whatever it is, this store is not well, and we say so
        return {"ok": False, "reason": str(error) or type(error).__name__}
    return {"ok": True, "ms": round((time.monotonic() - began) * 1000, 1)}
