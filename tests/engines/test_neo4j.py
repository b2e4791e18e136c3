"""Is Neo4j closed to others? What it is after a death, `tests/realtime/test_graph.py` asks."""

from __future__ import annotations

import psutil
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from settings import Settings
from tests.engines.test_supervisor import pid

pytestmark = pytest.mark.engines


def test_only_its_owner_gets_in_by_its_one_port(graph_server: Settings) -> None:
    assert graph_server.neo4j_password_file.stat().st_mode & 0o077 == 0
    for stranger in (None, ("neo4j", "neo4j")):
        driver = GraphDatabase.driver(graph_server.neo4j_url, auth=stranger)
        with driver, pytest.raises(AuthError):
            driver.verify_connectivity()
    process = psutil.Process(pid(graph_server, "neo4j"))
    listening = {c.laddr for c in process.net_connections() if c.status == psutil.CONN_LISTEN}
    assert {address.port for address in listening} == {graph_server.neo4j_port}
    assert all(address.ip.endswith("127.0.0.1") for address in listening)
