"""What reading one's home tells the log."""

from __future__ import annotations

from contextlib import closing

import pytest

from ingest.events import EdgePlanned
from settings import Settings
from stores.shards import Shards
from tests.people import Person
from tests.serving.reading_homes import Process
from views.tables import KEYSPACE
from views.timelines import bucket_of, pulls_key, reads_key, unpack

pytestmark = pytest.mark.engines


def test_a_reader_who_comes_back_is_pushed_to_again(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    for author in (alice, carol):
        bob.follow(author)
    said = [alice.tweet(), carol.tweet()]
    me, buckets = int(bob.id), api_server.timeline_buckets
    plan = (
        f"INSERT INTO {KEYSPACE}.pulled_edges (reader_id, author_id, generation) VALUES (?, ?, ?)"
    )
    process = Process(api_server.model_copy(update={"pulled_edges_max": 1}))
    planned = [(plan, (me, int(author.id), 3)) for author in (alice, carol)]
    process.cassandra.finish(process.cassandra.begin(planned))
    assert process.home(bob) == said[::-1]
    with closing(Shards(api_server)) as shards:
        pulls = shards.command(bucket_of(me, buckets), "GET", pulls_key(me, buckets))
    assert sorted(unpack(pulls)) == sorted([int(alice.id), int(carol.id)])
    process.home(bob)
    again = [event for event in process.told.events if isinstance(event, EdgePlanned)]
    assert [(e.reader_id, e.generation, e.pulled) for e in again] == [(me, 0, False)] * 2
    assert {e.author_id for e in again} == {int(alice.id), int(carol.id)}
    process.cassandra.close()


def test_reads_are_told_to_the_log_together(
    api_server: Settings, process: Process, bob: Person
) -> None:
    me, buckets = int(bob.id), api_server.timeline_buckets
    for _ in range(4):
        process.home(bob)
    assert [(e.user_id, e.reads) for e in process.told.events] == [(me, 1)]
    with closing(Shards(api_server)) as shards:  # as if the last report were an hour ago
        shards.command(bucket_of(me, buckets), "HSET", reads_key(me, buckets), "reported_ms", 0)
    process.home(bob)
    assert [e.reads for e in process.told.events] == [1, 4]
