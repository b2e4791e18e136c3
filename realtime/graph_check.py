"""Is the graph what the log says? Counts the log's edges once more, and waits for the graph."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from ingest.codec import Undecodable, decode
from ingest.ends import Place, log_ends
from ingest.events import Followed, Unfollowed
from ingest.reading import consumer, start_at
from realtime.graph_store import GraphStore
from settings import Settings
from views.follow_graph import TOPIC, Edge

POLL_SECONDS = 1.0
PATIENCE_SECONDS = 600  # a graph that is written anew takes this long for some millions of follows


class Difference(NamedTuple):
    edges: int
    """That the log leaves standing."""
    missing: set[Edge]
    extra: set[Edge]

    @property
    def none(self) -> bool:
        return not self.missing and not self.extra


def caught_up(store: GraphStore, ends: dict[Place, int]) -> bool:
    """Whether the graph holds all below these ends, and no wipe is due."""
    progress = store.progress()
    return (
        progress is not None
        and not progress.wipe
        and all(at >= ends[TOPIC, n] for n, at in enumerate(progress.next))
    )


def wait_until_caught_up(settings: Settings, store: GraphStore) -> None:
    """Until the graph is where the log is now. Raises `tenacity.RetryError` when it takes too
    long, and what Neo4j and Kafka raise."""
    ends = log_ends(settings, [TOPIC])
    Retrying(
        retry=retry_if_result(lambda done: not done),
        stop=stop_after_delay(PATIENCE_SECONDS),
        wait=wait_fixed(0.1),
    )(caught_up, store, ends)


def difference(settings: Settings) -> Difference:
    """Compares every edge. Exact where nobody follows anybody meanwhile."""
    with closing(GraphStore(settings)) as store:
        wait_until_caught_up(settings, store)
        found = set(store.edges())
    logged = logged_edges(settings)
    return Difference(len(logged), logged - found, found - logged)


def logged_edges(settings: Settings) -> set[Edge]:
    """The edges that stand by the last word of the log on each, read from its beginning."""
    ends = log_ends(settings, [TOPIC])
    left = {partition: end for (_, partition), end in ends.items() if end}
    edges: set[Edge] = set()
    with closing(consumer(settings, "graph-check")) as client:
        client.assign(start_at(client, {(TOPIC, partition): 0 for partition in left}))
        while left:
            for record in client.consume(10_000, POLL_SECONDS):
                if record.error() is not None:
                    continue
                _say(edges, record.value())
                if record.offset() + 1 >= left.get(record.partition(), 0):
                    left.pop(record.partition(), None)
    return edges


def _say(edges: set[Edge], value: bytes | None) -> None:
    try:
        event = decode(value, topic=TOPIC)
    except Undecodable:
        return
    match event:
        case Followed():
            edges.add((event.follower_id, event.followee_id))
        case Unfollowed():
            edges.discard((event.follower_id, event.followee_id))
