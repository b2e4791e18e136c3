"""Does Cassandra hold every table of `views/cassandra.cql`? `python -m engines.schema` makes them.

Its statements all say IF NOT EXISTS, or IF EXISTS, so applying the file again changes nothing.
"""

from __future__ import annotations

import re

from cassandra.cluster import Cluster

from engines.environments import REPOSITORY
from settings import Settings, load

SCHEMA = REPOSITORY / "views" / "cassandra.cql"


def statements(text: str) -> list[str]:
    """The statements of a CQL file without its comments. Semicolons only end statements there."""
    bare = re.sub(r"--.*", "", text)
    return [part.strip() for part in bare.split(";") if part.strip()]


def apply(settings: Settings) -> None:
    address = {"contact_points": [settings.host], "port": settings.cassandra_port}
    # A server that has just started answers its first client late.
    patience = {"connect_timeout": 60, "control_connection_timeout": 60}
    with Cluster(**address, **patience, protocol_version=5) as cluster:
        session = cluster.connect()
        for statement in statements(SCHEMA.read_text()):
            session.execute(statement, timeout=60)


if __name__ == "__main__":
    apply(load())
