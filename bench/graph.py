"""What does the follow graph cost: an edge into Neo4j, and a question two steps far?

On the real graph beside the repository where there is one, else on a made-up one; with the writer
and the queries of the platform, on a Neo4j of its own. The peer of a batch is one transaction an
edge, that of a question a self-join in DuckDB, which has the edges in memory and no bounds.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from bench.figures import Figure, percentile
from bench.own_platform import own_platform
from engines.environments import REPOSITORY
from ingest.generator.graph import follow_graph
from ingest.generator.measured import measured as measurements
from realtime.graph_store import GraphStore, Said
from serving.answers import Answers
from serving.stores import neo4j
from serving.stores.redis import RedisStore
from settings import Settings
from views.follow_graph import Edge

REAL = "shared/data/graph/congress_follows_train_valid.parquet"
MADE_UP = 5_000  # users, where there is no real graph
ALONE = 300  # edges written one a transaction
ASKED = 200  # people who ask
JOINED = 20  # of them for whom DuckDB is asked too

FRIENDS = """
    SELECT b.followee, count(*) FROM edges a JOIN edges b ON a.followee = b.follower
    WHERE a.follower = $id AND b.followee <> $id
      AND b.followee NOT IN (SELECT followee FROM edges WHERE follower = $id)
    GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT 1000
"""


def figures() -> Iterator[Figure]:
    """The figures. Takes about three minutes."""
    with own_platform("graph_schema", "redis") as settings:
        yield from measured(settings)


def measured(settings: Settings) -> Iterator[Figure]:
    """The figures of a Neo4j that is up and empty."""
    edges = _edges()
    yield Figure("graph", "edges", len(edges))
    with closing(GraphStore(settings)) as store:
        store.begin([0] * settings.partitions)
        alone = _written_a_second(settings, store, edges[:ALONE], at_once=1)
        batched = _written_a_second(
            settings, store, edges[ALONE:], at_once=settings.graph_batch_records
        )
    yield Figure("graph", "edges_per_s", batched, "one transaction an edge", alone)
    yield from _questions(settings, edges)


def _written_a_second(
    settings: Settings, store: GraphStore, edges: Sequence[Edge], *, at_once: int
) -> float:
    progress = store.progress()
    assert progress is not None
    first = progress.next[0]
    said = [Said(0, first + n, edge, True) for n, edge in enumerate(edges)]
    began, next = time.perf_counter(), progress.next
    for at in range(0, len(said), at_once):
        batch = said[at : at + at_once]
        next = store.write(batch, {0: batch[-1].offset + 1}, next)
    return len(edges) / (time.perf_counter() - began)


def _questions(settings: Settings, edges: Sequence[Edge]) -> Iterator[Figure]:
    chance = random.Random(7)
    people = sorted({follower for follower, _ in edges})
    people = chance.sample(people, min(ASKED, len(people)))
    patient = settings.model_copy(update={"graph_timeout_seconds": 60})  # none is left out
    asked = neo4j.GraphStore(patient)
    answers = Answers(settings, RedisStore(settings))
    with closing(asked), duckdb.connect() as db:
        for id in people[:20]:
            asked.friends_of_friends(id)  # plans and pages are warm, as they are in a running one
        fresh = [_ms(lambda id=id: asked.friends_of_friends(id)) for id in people]
        for id in people:
            answers.get(f"friends/{id}", [id], lambda id=id: asked.friends_of_friends(id))
        kept = [_ms(lambda id=id: answers.get(f"friends/{id}", [id], list)) for id in people]
        mutual = [_ms(lambda id=id: asked.mutuals(id)) for id in people]
        _load(db, edges)
        joined = [
            _ms(lambda id=id: db.execute(FRIENDS, {"id": id}).fetchall()) for id in people[:JOINED]
        ]
    yield Figure(
        "graph",
        "friends_of_friends_p50_ms",
        percentile(fresh, 50),
        "self-join in DuckDB",
        percentile(joined, 50),
    )
    yield Figure("graph", "friends_of_friends_p99_ms", percentile(fresh, 99))
    yield Figure(
        "graph", "cached_p50_ms", percentile(kept, 50), "not cached", percentile(fresh, 50)
    )
    yield Figure("graph", "cached_p99_ms", percentile(kept, 99))
    yield Figure("graph", "mutuals_p50_ms", percentile(mutual, 50))
    yield Figure("graph", "mutuals_p99_ms", percentile(mutual, 99))


def _ms(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _load(db: duckdb.DuckDBPyConnection, edges: Sequence[Edge]) -> None:
    import pyarrow as pa

    followers, followees = zip(*edges, strict=True)
    table = pa.table({"follower": followers, "followee": followees})
    db.register("given", table)
    db.execute("CREATE TABLE edges AS SELECT * FROM given")


def _edges() -> list[Edge]:
    """In no order, as follows come."""
    real = next((p / REAL for p in REPOSITORY.parents if (p / REAL).exists()), None)
    found = _read(real) if real else _made_up()
    random.Random(3).shuffle(found)
    return found


def _read(file: Path) -> list[Edge]:
    query = "SELECT DISTINCT src_id::BIGINT, dst_id::BIGINT FROM read_parquet(?)"
    return duckdb.execute(query, [str(file)]).fetchall()


def _made_up() -> list[Edge]:
    graph = follow_graph("bench", MADE_UP, measurements())
    return [(one, other) for one, followees in enumerate(graph) for other in followees]
