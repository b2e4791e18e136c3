"""Can the API do its work? What it says of itself, asked now: what it lacks, and why."""

from __future__ import annotations

from typing import Any

import httpx

from settings import Settings

PATIENCE_SECONDS = 5.0  # it gives each of its stores two


def asked(settings: Settings) -> dict[str, Any]:
    """`{"status": "ready", "degraded" or "not ready", "checks": ...}`; "silent" with a reason."""
    try:
        found = httpx.get(f"{settings.api_url}/health/ready", timeout=PATIENCE_SECONDS).json()
    except (httpx.HTTPError, ValueError) as error:
        return {"status": "silent", "checks": {}, "reason": str(error) or type(error).__name__}
    return {"status": found["status"], "checks": found["checks"]}


def line(said: dict[str, Any]) -> str:
    """The same for a person."""
    lost = [f"{name}: {c['reason']}" for name, c in said["checks"].items() if not c["ok"]]
    lost += [said["reason"]] if "reason" in said else []
    return "; ".join([f"the API is {said['status']}", *lost])
