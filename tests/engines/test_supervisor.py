"""Does the supervisor keep a platform up, and take all of it down?"""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import psutil
import pytest
import redis

from engines import control, processes, status
from engines.control import SettingsChanged
from engines.frozen import FrozenSettingChanged
from engines.platform import UnknownPart
from engines.ports import PortTaken
from settings import Settings
from tests.engines.waiting import until

SMALL = ["redis", "postgres"]
pytestmark = pytest.mark.engines


def test_up_starts_what_was_asked_for_and_what_that_needs(small: Settings) -> None:
    up = control.up(small, ["accounts_schema"])
    assert set(up.parts) == {"postgres", "accounts_schema"}
    assert up.healthy


def test_a_second_up_leaves_a_healthy_platform_alone(small: Settings) -> None:
    control.up(small, SMALL)
    before = [pid(small, server) for server in SMALL]
    control.up(small, SMALL)
    assert [pid(small, server) for server in SMALL] == before


def test_a_dead_server_is_restarted_and_that_is_said(small: Settings) -> None:
    control.up(small, SMALL)
    first = pid(small, "redis")
    os.kill(first, signal.SIGKILL)
    until(lambda: restarts(small, "redis") == 1)
    again = control.up(small, SMALL)
    assert again.healthy
    assert again.parts["redis"].pids["redis"] != first
    assert again.parts["postgres"].restarts == 0
    said = (small.state_dir / "logs" / "supervisor.log").read_text()
    assert "redis died (signal 9)" in said


def test_down_leaves_no_process_behind(small: Settings) -> None:
    control.up(small, SMALL)
    assert {pid(small, server) for server in SMALL} <= {p.pid for p in left_behind(small)}
    control.down(small)
    assert not left_behind(small)
    assert not control.is_running(small)


def test_down_ends_what_a_killed_supervisor_left(small: Settings) -> None:
    os.kill(control.up(small, SMALL).pid, signal.SIGKILL)
    until(lambda: not control.is_running(small))
    assert {p.name() for p in left_behind(small)} >= {"postgres"}
    control.down(small)
    assert not left_behind(small)


def test_up_replaces_what_a_killed_supervisor_left(small: Settings) -> None:
    first = control.up(small, SMALL)
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: not control.is_running(small))
    second = control.up(small, SMALL)
    assert second.pid != first.pid
    assert second.parts["redis"].pids != first.parts["redis"].pids


def test_data_outlives_down(small: Settings) -> None:
    control.up(small, ["redis"])
    with redis.Redis.from_url(small.redis_url) as client:
        client.set("kept", "yes")
    control.down(small)
    control.up(small, ["redis"])
    with redis.Redis.from_url(small.redis_url) as client:
        assert client.get("kept") == b"yes"


def test_a_taken_port_is_named_by_its_setting(small: Settings) -> None:
    with socket.socket() as other:
        other.bind((small.host, small.redis_port))
        other.listen()
        with pytest.raises(PortTaken, match=rf"{small.redis_port}.*STARLING_REDIS_PORT"):
            control.up(small, SMALL)
    assert not control.is_running(small)


def test_a_state_folder_remembers_the_epoch_it_was_made_with(small: Settings) -> None:
    control.up(small, ["redis"])
    control.down(small)
    other = small.model_copy(update={"epoch_seconds": 60})
    said = f"STARLING_EPOCH_SECONDS={small.epoch_seconds}, now it is 60"
    with pytest.raises(FrozenSettingChanged, match=said):
        control.up(other, ["redis"])


def test_up_with_other_settings_than_it_runs_with_is_refused(small: Settings) -> None:
    control.up(small, ["redis"])
    with pytest.raises(SettingsChanged, match="STARLING_API_PORT"):
        control.up(small.model_copy(update={"api_port": 1}), ["redis"])


def test_an_unknown_part_is_named(small: Settings) -> None:
    with pytest.raises(UnknownPart, match="no server or step is called rediss"):
        control.up(small, ["rediss"])


def test_no_state_folder_is_made_by_asking(tmp_path: Path) -> None:
    nowhere = Settings(state_dir=tmp_path / "none")
    assert not control.is_running(nowhere)
    assert not nowhere.state_dir.exists()


def restarts(settings: Settings, server: str) -> int:
    current = status.read(settings.state_dir)
    return current.parts[server].restarts if current else 0


def pid(settings: Settings, server: str) -> int:
    current = status.read(settings.state_dir)
    assert current
    return current.parts[server].pids[server]


def left_behind(settings: Settings) -> list[psutil.Process]:
    return processes.marked(settings.state_dir)
