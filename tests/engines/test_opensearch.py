"""Is OpenSearch on loopback alone, and does it take no index by accident?"""

from __future__ import annotations

import psutil
import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from settings import Settings
from tests.engines.test_supervisor import pid

pytestmark = pytest.mark.engines


def test_it_listens_on_its_ports_alone_and_keeps_only_what_was_made(index_server: Settings) -> None:
    process = psutil.Process(pid(index_server, "opensearch"))
    listening = {c.laddr for c in process.net_connections() if c.status == psutil.CONN_LISTEN}
    ports = {index_server.opensearch_port, index_server.opensearch_transport_port}
    assert {address.port for address in listening} == ports
    assert all(address.ip.endswith("127.0.0.1") for address in listening)
    with OpenSearch(index_server.opensearch_url) as client, pytest.raises(NotFoundError):
        client.index(index="nobody_made_it", body={"said": "hello"}, id="1")
