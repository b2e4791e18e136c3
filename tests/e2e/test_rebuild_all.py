"""Everything comes back from the lake alone: each key, row, edge and document that was there."""

from __future__ import annotations

import time
from contextlib import closing

import msgspec
import pyarrow as pa
import pytest
from cassandra.cluster import Cluster
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient
from neo4j import GraphDatabase
from opensearchpy import OpenSearch

from batch import tag_baselines
from ingest.ends import log_ends
from lake import tables
from lake.commits import replace
from replay.rebuilding import wait_until_closed, wipe
from serving.services import make
from settings import Settings
from tests.batch.environment import run
from tests.batch.rebuilding import HISTORY
from tests.cli.test_command import starling
from tests.e2e.keeping import World, kept
from tests.engines.waiting import until
from tests.ingest.archiving import wait_until_archived
from tests.realtime.playing import applied, moved, play, world
from tests.views.cast import ALICE, BOB, CAROL, classified, liked, planned, posted, unliked
from views.registry import ASIDE_TOPICS, JOB_TOPICS
from views.tables import KEYSPACE

pytestmark = [
    *(pytest.mark.e2e, pytest.mark.engines, pytest.mark.long),
    pytest.mark.timeout(1_200),
]

TAG = "#rebuilding"


def test_all_stores_hold_after_a_rebuild_what_they_held_before(platform: Settings) -> None:
    base = world()
    tag = f"{TAG}{base}"
    lately = {"text": f"look at {tag}", "at_ms": time.time_ns() // 1_000_000}
    said = msgspec.structs.replace(moved(posted(16, BOB), base), **lately)
    more = [classified(CAROL, pulled=True), planned(BOB, ALICE, pulled=True), unliked(BOB, 10)]
    happened = [*(moved(event, base) for event in HISTORY), said]
    play(platform, [*happened, *(moved(event, base) for event in more)])
    with closing(make(platform)) as services:
        for reader in (ALICE, BOB):
            services.homes.standing(base + reader, exact=True)
    wait_until_archived(platform)
    find_usual(platform, tag)
    done = starling("rebuild", "home_timeline")  # what batch computes every night
    assert done.returncode == 0, done.stderr
    ranked = run(platform, "-m", "batch.who_to_follow")  # likewise
    assert ranked.code == 0, ranked.said
    settle(platform)
    before = kept(platform, mine := World(base, tag))
    assert all(before.values()), {store: len(found) for store, found in before.items()}
    assert any(key.startswith("who_to_follow [") for key in before["cassandra"])
    ends = log_ends(platform)

    lose_everything(platform)
    assert not any(kept(platform, mine).values())
    planned_ = starling("rebuild", "--all", "--dry-run")
    assert planned_.returncode == 0, planned_.stderr
    assert not any(kept(platform, mine).values())
    rebuilt = starling("rebuild", "--all")
    assert rebuilt.returncode == 0, rebuilt.stderr

    assert log_ends(platform) == ends
    settle(platform)
    after = kept(platform, mine)  # but for what `keeping.NOT_REBUILT` names with its reason
    differing = {
        (store, key): (found.get(key), after[store].get(key))
        for store, found in before.items()
        for key in found.keys() | after[store].keys()
        if found.get(key) != after[store].get(key)
    }
    assert differing == {}

    play(platform, [moved(event, base) for event in (liked(CAROL, 10), liked(ALICE, 10))])
    again = kept(platform, mine)["redis"][f"c:tweet_counts:{base + 10}"]
    assert again["like_count"] == before["redis"][f"c:tweet_counts:{base + 10}"]["like_count"] + 1


def find_usual(settings: Settings, tag: str) -> None:
    """As the nightly recount would, had many people used the tag for weeks."""
    tables.create(settings)
    generation = 1_000_000
    row = {"place": 1, "tag": tag, "hour_of_week": 5, "people": 90, "four_hours": 30, "days": 9}
    row |= {"since_minute": 0, "until_minute": 40_320, "generation": generation}
    rows = [pa.RecordBatch.from_pylist([row], tables.TAG_BASELINES.columns)]
    replace(tables.TAG_BASELINES, settings, rows, f"generation = {generation}")
    tag_baselines.publish(settings, generation)


def settle(settings: Settings) -> None:
    """Until all that is in the log is everywhere, and batch may take its epoch for closed."""
    play(settings, [], JOB_TOPICS)
    for job, topics in ASIDE_TOPICS.items():
        until(lambda job=job, topics=topics: applied(settings, job, topics), 60)
    wait_until_closed(settings, time.time_ns() // 1_000_000)


def lose_everything(settings: Settings) -> None:
    """All stores are emptied, and Kafka's log as if its retention were over."""
    wipe(settings)
    with Cluster([settings.host], port=settings.cassandra_port, protocol_version=5) as cluster:
        session = cluster.connect()
        query = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = %s"
        for row in session.execute(query, (KEYSPACE,)):
            session.execute(f"TRUNCATE {KEYSPACE}.{row.table_name}", timeout=60)
    with (
        GraphDatabase.driver(settings.neo4j_url, auth=settings.neo4j_auth) as driver,
        driver.session() as session,
    ):
        session.run("MATCH (n) DETACH DELETE n").consume()
    with OpenSearch(settings.opensearch_url, timeout=30) as client:
        client.indices.delete(index="tweets-*,users-*,index-progress")
    admin = AdminClient({"bootstrap.servers": settings.kafka})
    ends = [TopicPartition(*place, end) for place, end in log_ends(settings).items() if end]
    for future in admin.delete_records(ends).values():
        future.result(30)
