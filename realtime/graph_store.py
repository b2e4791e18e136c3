"""How are follows written to Neo4j, each exactly once?

    (:Progress {topic, next, until, whole})    next[n]: the offset of partition n to go on with

A batch of records is one transaction: its edges, and `next`. It begins with a write to `Progress`,
which holds off any other writer, and what lies below the `next` found there is left out. So a batch
whose answer was lost may be sent again, and after a crash, an outage or a restored backup the
writer goes on from where the graph itself says that it stands.

A graph that begins anew is not `whole` until it has come to `until`, the end of the log as it was
then; who asks it meanwhile is told so instead of being shown a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from neo4j import GraphDatabase, Session, Transaction
from neo4j.exceptions import DriverError, Neo4jError

from realtime.aside import WentBack
from settings import Settings
from views.follow_graph import TOPIC, Edge

FAILURES = (DriverError, Neo4jError)
SECONDS_A_TRANSACTION = 120
WIPED_AT_ONCE = 20_000

PROGRESS = "MATCH (p:Progress {topic: $topic}) RETURN p.next, p.wipe"
LOCK = "MATCH (p:Progress {topic: $topic}) SET p.seen = timestamp() RETURN p.next, p.until, p.wipe"
BEGIN = """
    MERGE (p:Progress {topic: $topic})
    ON CREATE SET p.next = [x IN $until | 0], p.until = $until, p.wipe = false,
                  p.whole = all(x IN $until WHERE x = 0)
"""
ADVANCE = "MATCH (p:Progress {topic: $topic}) SET p.next = $next, p.whole = $whole"
# Users first: each is looked up once, however many edges it has in the batch.
PUT_USERS = "UNWIND $users AS id MERGE (:User {id: id})"
PUT_EDGES = """
    UNWIND $edges AS edge
    MATCH (a:User {id: edge[0]}) MATCH (b:User {id: edge[1]})
    MERGE (a)-[:FOLLOWS]->(b)
"""
DELETE_EDGES = """
    UNWIND $edges AS edge
    MATCH (:User {id: edge[0]})-[f:FOLLOWS]->(:User {id: edge[1]})
    DELETE f
"""
WIPE = (
    "MATCH ()-[f:FOLLOWS]->() WITH f LIMIT $most DELETE f RETURN count(*)",
    "MATCH (u:User) WITH u LIMIT $most DELETE u RETURN count(*)",
    "MATCH (p:Progress {topic: $topic}) WITH p LIMIT $most DELETE p RETURN count(*)",
)
ASK_TO_WIPE = "MATCH (p:Progress {topic: $topic}) SET p.wipe = true, p.whole = false"
EDGES = "MATCH (a:User)-[:FOLLOWS]->(b:User) RETURN a.id, b.id"


class Said(NamedTuple):
    """What one record of the log says of an edge."""

    partition: int
    offset: int
    edge: Edge
    stands: bool


class Progress(NamedTuple):
    next: list[int]
    wipe: bool
    """Whether the graph is to be emptied and written anew."""


class GraphStore:
    """The writer's side of Neo4j. Every method may raise one of `FAILURES`."""

    def __init__(self, settings: Settings) -> None:
        self._driver = GraphDatabase.driver(
            settings.neo4j_url,
            auth=settings.neo4j_auth,
            connection_timeout=2,
            telemetry_disabled=True,
            notifications_min_severity="OFF",
        )

    def close(self) -> None:
        self._driver.close()

    def progress(self) -> Progress | None:
        """None where the graph knows nothing of the log."""
        with self._driver.session() as session:
            found = session.run(PROGRESS, topic=TOPIC).single()
        # One that is deleted while it is read has no properties any more.
        return Progress(*found) if found and found["p.next"] is not None else None

    def begin(self, until: Sequence[int]) -> None:
        """Of a log that ends at these offsets now, nothing has been written."""
        with self._driver.session() as session:
            session.run(BEGIN, topic=TOPIC, until=list(until)).consume()

    def write(
        self, said: Sequence[Said], ends: Mapping[int, int], left_at: Sequence[int]
    ) -> list[int]:
        """Writes what was said, in its order, up to the offsets `ends`; returns the new `next`.

        `left_at` is the `next` that the writer knows of. Raises `WentBack`.
        """
        with self._transaction() as transaction:
            found = transaction.run(LOCK, topic=TOPIC).single()
            if found is None or found["p.wipe"]:
                raise WentBack("the graph is to be written anew")
            before: list[int] = found["p.next"]
            if any(now < then for now, then in zip(before, left_at, strict=True)):
                raise WentBack(f"the graph stands at {before}, it was left at {list(left_at)}")
            last = {s.edge: s.stands for s in said if s.offset >= before[s.partition]}
            _write_edges(transaction, last)
            next = [max(offset, ends.get(n, 0)) for n, offset in enumerate(before)]
            whole = all(at >= end for at, end in zip(next, found["p.until"], strict=True))
            transaction.run(ADVANCE, topic=TOPIC, next=next, whole=whole).consume()
        return next

    def ask_to_wipe(self) -> None:
        """The writer will empty the graph and write it anew; until it has, nobody may ask it."""
        with self._driver.session() as session:
            session.run(ASK_TO_WIPE, topic=TOPIC).consume()

    def wipe(self) -> None:
        """Empties the graph, a part at a time; `Progress` goes last, so it may be interrupted."""
        with self._driver.session() as session:
            for part in WIPE:
                while _count(session, part) == WIPED_AT_ONCE:
                    pass

    def edges(self) -> Iterator[Edge]:
        """All of them."""
        with self._driver.session() as session:
            yield from ((one, other) for one, other in session.run(EDGES))

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with (
            self._driver.session() as session,
            session.begin_transaction(timeout=SECONDS_A_TRANSACTION) as transaction,
        ):
            yield transaction
            transaction.commit()


def _write_edges(transaction: Transaction, last: Mapping[Edge, bool]) -> None:
    put = [list(edge) for edge, stands in last.items() if stands]
    gone = [list(edge) for edge, stands in last.items() if not stands]
    if put:
        users = list({id for edge in put for id in edge})
        transaction.run(PUT_USERS, users=users).consume()
        transaction.run(PUT_EDGES, edges=put).consume()
    if gone:
        transaction.run(DELETE_EDGES, edges=gone).consume()


def _count(session: Session, wipe: str) -> int:
    found = session.run(wipe, topic=TOPIC, most=WIPED_AT_ONCE).single(strict=True)
    gone: int = found[0]
    return gone
