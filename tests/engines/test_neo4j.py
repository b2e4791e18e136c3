"""Is Neo4j closed to others, and itself again after a death?"""

from __future__ import annotations

import os
import signal

import psutil
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from engines import control
from settings import Settings
from tests.engines.test_supervisor import left_behind, pid, restarts
from tests.engines.waiting import until

pytestmark = pytest.mark.engines


def users(settings: Settings, auth: tuple[str, str] | None) -> int:
    with GraphDatabase.driver(settings.neo4j_url, auth=auth) as driver:
        return driver.execute_query("MATCH (u:User) RETURN count(u)").records[0][0]


def test_only_its_owner_gets_in_by_its_one_port_and_a_death_loses_nothing(small: Settings) -> None:
    control.up(small, ["graph_schema"])
    assert small.neo4j_password_file.stat().st_mode & 0o077 == 0
    for stranger in (None, ("neo4j", "neo4j")):
        with pytest.raises(AuthError):
            users(small, stranger)
    first = psutil.Process(pid(small, "neo4j"))
    listening = {c.laddr for c in first.net_connections() if c.status == psutil.CONN_LISTEN}
    assert {address.port for address in listening} == {small.neo4j_port}
    assert all(address.ip.endswith("127.0.0.1") for address in listening)

    with GraphDatabase.driver(small.neo4j_url, auth=small.neo4j_auth) as driver:
        driver.execute_query("CREATE (:User {id: 1})")
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: restarts(small, "neo4j") == 1)
    assert control.up(small, ["graph_schema"]).healthy
    assert users(small, small.neo4j_auth) == 1

    control.down(small)
    assert not left_behind(small)
