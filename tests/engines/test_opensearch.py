"""Is OpenSearch on loopback alone, and itself again after a death?"""

from __future__ import annotations

import os
import signal

import psutil
import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from engines import control
from settings import Settings
from tests.engines.test_supervisor import left_behind, pid, restarts
from tests.engines.waiting import until

pytestmark = pytest.mark.engines


def test_it_takes_no_index_by_accident_and_a_death_loses_nothing(small: Settings) -> None:
    control.up(small, ["opensearch"])
    first = psutil.Process(pid(small, "opensearch"))
    listening = {c.laddr for c in first.net_connections() if c.status == psutil.CONN_LISTEN}
    ports = {small.opensearch_port, small.opensearch_transport_port}
    assert {address.port for address in listening} == ports
    assert all(address.ip.endswith("127.0.0.1") for address in listening)

    with OpenSearch(small.opensearch_url) as client:
        with pytest.raises(NotFoundError):
            client.index(index="nobody_made_it", body={"said": "hello"}, id="1")
        client.indices.create(index="kept")
        client.index(index="kept", body={"said": "hello"}, id="1")
        os.kill(first.pid, signal.SIGKILL)
        until(lambda: restarts(small, "opensearch") == 1)
        assert control.up(small, ["opensearch"]).healthy
        assert client.get(index="kept", id="1")["_source"] == {"said": "hello"}

    control.down(small)
    assert not left_behind(small)
