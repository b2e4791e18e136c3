"""Does `./starling status` repeat what the API says of itself, in a line?"""

from __future__ import annotations

from cli import readiness
from settings import Settings
from tests.conftest import free_ports


def test_a_store_that_is_lost_is_named_with_its_reason() -> None:
    checks = {"redis": {"ok": True, "ms": 0.4}, "neo4j": {"ok": False, "reason": "it hangs"}}
    said = readiness.line({"status": "degraded", "checks": checks})
    assert said == "the API is degraded; neo4j: it hangs"
    assert readiness.line({"status": "ready", "checks": {}}) == "the API is ready"


def test_an_api_that_does_not_answer_is_silent() -> None:
    said = readiness.asked(Settings(api_port=free_ports(1)[0]))
    assert said["status"] == "silent"
    assert readiness.line(said) == f"the API is silent; {said['reason']}"
