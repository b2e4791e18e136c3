"""Does docker-compose.yml say the same as the engines, in a form that Docker accepts?

The schema is the Compose specification's own, as check-jsonschema ships it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from engines.environments import REPOSITORY
from engines.platform import SERVERS
from settings import Settings

FILE = REPOSITORY / "docker-compose.yml"
ONE_SHOT = {"provision", "jobs", "pod"}  # they end, or have nothing to answer


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text())["services"]


def test_it_follows_the_compose_specification() -> None:
    validator = Path(sys.executable).parent / "check-jsonschema"
    command = [str(validator), "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("server", [server.name for server in SERVERS])
def test_every_server_is_in_it(services: dict[str, Any], server: str) -> None:
    assert any(name == server or name.startswith(f"{server}-") for name in services)


def test_every_service_has_a_memory_limit_and_a_check(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert "mem_limit" in service, name
        assert "healthcheck" in service or name in ONE_SHOT, name


def test_every_image_is_pinned(services: dict[str, Any]) -> None:
    for name, service in services.items():
        recipe = service.get("build", {}).get("dockerfile_inline", "")
        image = service.get("image") or recipe.split("FROM ")[1].split()[0]
        assert ":" in image, name
        assert not image.endswith(":latest"), name


def test_what_must_last_is_on_a_volume(services: dict[str, Any]) -> None:
    for name in (
        "kafka",
        "cassandra",
        "redis",
        "postgres",
        "neo4j",
        "opensearch",
        "flink-jobmanager",
        "archiver",
    ):
        assert services[name].get("volumes"), name


def test_servers_of_timelines_keep_none_of_them(services: dict[str, Any]) -> None:
    for name in ("timelines", "timelines_second"):
        assert not services[name].get("volumes")
        assert '--appendonly no --save ""' in services[name]["command"]


def test_its_ports_are_the_settings_own() -> None:
    published = yaml.safe_load(FILE.read_text())["services"]["pod"]["ports"]
    defaults = {f.default for n, f in Settings.model_fields.items() if n.endswith("_port")}
    assert {int(port.split(":")[-1]) for port in published} <= defaults
