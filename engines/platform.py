"""Which servers and steps make up a platform, and what depends on what?"""

from __future__ import annotations

from collections.abc import Iterable

from engines.airflow import Airflow
from engines.api import Api
from engines.archiver import Archiver
from engines.board import Board
from engines.cassandra import Cassandra
from engines.flink import Flink
from engines.graph import Graph
from engines.index import Index
from engines.kafka import Kafka
from engines.mail import Mail
from engines.neo4j import Neo4j
from engines.opensearch import OpenSearch
from engines.postgres import Postgres
from engines.provision import STEPS, Step
from engines.redis import Redis, SecondTimelines, Timelines
from engines.scorer import Scorer
from engines.server import Server
from settings import Settings

SERVERS: tuple[type[Server], ...] = (
    Kafka,
    Cassandra,
    Redis,
    Timelines,
    SecondTimelines,
    Postgres,
    Neo4j,
    OpenSearch,
    Flink,
    Archiver,
    Graph,
    Board,
    Index,
    Scorer,
    Mail,
    Api,
    Airflow,
)

Part = Server | Step


class UnknownPart(KeyError):
    """Nothing of that name is part of a platform."""


def parts(settings: Settings, only: Iterable[str] | None = None) -> dict[str, Part]:
    """Servers and steps by name; with `only`, those and all they need. Raises `UnknownPart`."""
    known: dict[str, Part] = {server.name: server(settings) for server in SERVERS}
    known |= {step.name: step for step in STEPS}
    wanted = set(known) if only is None else needed(known, only)
    return {name: part for name, part in known.items() if name in wanted}


def needed(known: dict[str, Part], names: Iterable[str]) -> set[str]:
    """`names` and everything they need, and what that needs."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in known:
            raise UnknownPart(f"no server or step is called {name}; there are: {', '.join(known)}")
        if name not in found:
            found.add(name)
            waiting += known[name].needs
    return found


def dependents(known: dict[str, Part], name: str) -> set[str]:
    """Everything that needs `name`, at any distance."""
    return {other for other in known if other != name and name in needed(known, [other])}
