"""What does Neo4j know? Who is beside whom, two steps far.

Everything is bounded: how many edges of one person are followed, how many answers come back, and
how long a question may take. What lies beyond a bound is left out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from neo4j import READ_ACCESS, Driver, GraphDatabase, Session, Transaction
from neo4j.auth_management import AuthManagers
from neo4j.exceptions import DriverError, Neo4jError, ServiceUnavailable, SessionExpired

from serving.errors import StoreUnavailable
from serving.stores.guard import Guard
from settings import Settings
from views.follow_graph import TOPIC

Ranked = list[tuple[int, int]]
"""User ids, each with a rank: the higher come first."""

EDGES_MAX = 5_000  # of one person, from whom a question starts
FOUND_MAX = 1_000
AT_ONCE_S = 0.3  # a connection that fails sooner was closed; later, Neo4j hangs
# Friends who follow anybody, friends of each of them, and of all together.
BOUNDS = {"edges": EDGES_MAX, "friends": 500, "each": 500, "paths": 100_000}

WHOLE = "MATCH (p:Progress {topic: $topic}) RETURN p.whole"
DEGREES = """
    UNWIND $ids AS id MATCH (u:User {id: id})
    RETURN id, COUNT {(u)-[:FOLLOWS]->()} AS following, COUNT {(u)<-[:FOLLOWS]-()} AS followers
"""
# Both begin at the end with fewer edges, and look at each of these for its counterpart.
MUTUALS_BY_FOLLOWING = """
    MATCH (u:User {id: $id})-[:FOLLOWS]->(o) WITH u, o LIMIT $edges
    WHERE EXISTS {(o)-[:FOLLOWS]->(u)} RETURN o.id
"""
MUTUALS_BY_FOLLOWERS = """
    MATCH (u:User {id: $id})<-[:FOLLOWS]-(o) WITH u, o LIMIT $edges
    WHERE EXISTS {(u)-[:FOLLOWS]->(o)} RETURN o.id
"""
BOTH_FOLLOW = """
    MATCH (a:User {id: $fewer}), (b:User {id: $more})
    MATCH (a)-[:FOLLOWS]->(o) WITH b, o LIMIT $edges
    WHERE EXISTS {(b)-[:FOLLOWS]->(o)} RETURN o.id
"""
FOLLOWING = "MATCH (:User {id: $id})-[:FOLLOWS]->(f) RETURN f.id LIMIT $edges"
# As many more as might have to be left out because they are followed already. Ids are read last:
# reading them of all that are counted would double the time.
FRIENDS_OF_FRIENDS = """
    MATCH (:User {id: $id})-[:FOLLOWS]->(f) WITH f LIMIT $edges
    WHERE COUNT {(f)-[:FOLLOWS]->()} > 0 WITH f LIMIT $friends
    CALL (f) { MATCH (f)-[:FOLLOWS]->(c) RETURN c LIMIT $each }
    WITH c LIMIT $paths
    WITH c, count(*) AS known_by
    ORDER BY known_by DESC LIMIT $most RETURN c.id, known_by
"""

QUESTIONS = (
    *(WHOLE, DEGREES, MUTUALS_BY_FOLLOWING, MUTUALS_BY_FOLLOWERS, BOTH_FOLLOW, FOLLOWING),
    FRIENDS_OF_FRIENDS,
)


class GraphStore:
    """Thread-safe; connects on first use. Every method may raise `StoreUnavailable`, also where
    the graph is being written anew and is not whole yet."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._making = threading.Lock()
        self._driver: Driver | None = None
        self.guard = Guard("neo4j", (DriverError, Neo4jError, OSError))

    def mutuals(self, id: int) -> Ranked:
        """Those who follow the user and whom the user follows."""
        with self._asking() as ask:
            _, following, followers = _one(ask(DEGREES, ids=[id]), default=(id, 0, 0))
            way = MUTUALS_BY_FOLLOWING if following <= followers else MUTUALS_BY_FOLLOWERS
            return _newest([other for (other,) in ask(way, id=id, edges=EDGES_MAX)])

    def followed_by_both(self, one: int, other: int) -> Ranked:
        with self._asking() as ask:
            following = {id: count for id, count, _ in ask(DEGREES, ids=[one, other])}
            fewer, more = sorted((one, other), key=lambda id: following.get(id, 0))
            return _newest(
                [id for (id,) in ask(BOTH_FOLLOW, fewer=fewer, more=more, edges=EDGES_MAX)]
            )

    def friends_of_friends(self, id: int) -> Ranked:
        """Those followed by those whom the user follows, and not by the user; ranked by how many
        of them follow each."""
        with self._asking() as ask:
            known = {id} | {friend for (friend,) in ask(FOLLOWING, id=id, edges=EDGES_MAX)}
            most = FOUND_MAX + len(known)
            found = ask(FRIENDS_OF_FRIENDS, id=id, most=most, **BOUNDS)
            ranked = [(known_by, c) for c, known_by in found if c not in known]
            return [(c, known_by) for known_by, c in sorted(ranked, reverse=True)[:FOUND_MAX]]

    def ping(self) -> None:
        with self._asking():
            pass

    def close(self) -> None:
        if self._driver is not None:
            self._driver.close()

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        """A function that asks a query and gives its records, within one transaction."""
        with self.guard(), self._transaction() as transaction:

            def ask(query: str, **values: Any) -> list[Any]:
                return list(transaction.run(query, values))

            found = ask(WHOLE, topic=TOPIC)
            if not found or not found[0][0]:
                raise StoreUnavailable("neo4j", "the graph is not whole yet")
            yield ask

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with (
            self._connected().session(
                default_access_mode=READ_ACCESS, fetch_size=EDGES_MAX
            ) as session,
            self._begin(session) as transaction,
        ):
            yield transaction

    def _begin(self, session: Any) -> Transaction:
        timeout_s, began = self._settings.graph_timeout_seconds, time.monotonic()
        try:
            return session.begin_transaction(timeout=timeout_s)
        except (ServiceUnavailable, SessionExpired):
            if time.monotonic() - began > AT_ONCE_S:
                raise
            # A kept connection that Neo4j closed (a restart): a new one is opened, once.
            return session.begin_transaction(timeout=timeout_s)

    def _connected(self) -> Driver:
        with self._making:
            if self._driver is None:
                timeout_s = self._settings.store_timeout_seconds
                self._driver = GraphDatabase.driver(
                    self._settings.neo4j_url,
                    # Asked for again where it is refused: Neo4j may be started after the API.
                    auth=AuthManagers.basic(lambda: self._settings.neo4j_auth),
                    connection_timeout=timeout_s,
                    connection_acquisition_timeout=timeout_s,
                    max_connection_pool_size=self._settings.api_threads,
                    telemetry_disabled=True,
                    notifications_min_severity="OFF",
                )
            return self._driver


def plan(session: Session) -> None:
    """Has a server plan every question; the answers are no matter."""
    values = {"id": 0, "ids": [0], "fewer": 0, "more": 0, "most": FOUND_MAX, **BOUNDS}
    for question in QUESTIONS:
        session.run(question, values, topic=TOPIC).consume()


def _one(records: list[Any], default: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(records[0]) if records else default


def _newest(ids: list[int]) -> Ranked:
    """By id alone, the newest account first."""
    return [(id, 0) for id in sorted(ids, reverse=True)]
