"""Bulk appends land where the API's appends land, all of them, in order."""

from __future__ import annotations

from itertools import islice

import pytest
from confluent_kafka import Consumer, TopicPartition

from ingest.bulk import append_all
from ingest.codec import decode
from ingest.ends import log_ends
from ingest.events import Liked
from ingest.generator.activity import World
from ingest.generator.events import Teller
from ingest.producer import LogUnavailable, Producer
from settings import Settings

pytestmark = pytest.mark.engines

USERS = range(10_000_000, 10_000_050)


def test_both_producers_keep_an_actor_in_one_partition(kafka_server: Settings) -> None:
    one_by_one = Producer(kafka_server)
    try:
        places = {
            user: one_by_one.append(Liked(at_ms=0, user_id=user, tweet_id=1)).position
            for user in USERS
        }
    finally:
        one_by_one.close()
    before = log_ends(kafka_server, ["likes"])
    append_all(kafka_server, (Liked(at_ms=0, user_id=user, tweet_id=2) for user in USERS))
    after = log_ends(kafka_server, ["likes"])
    expected = dict.fromkeys(before, 0)
    for position in places.values():
        expected[position.topic, position.partition] += 1
    assert {place: after[place] - before[place] for place in before} == expected


def test_events_of_one_actor_stay_in_their_order(kafka_server: Settings) -> None:
    actor = USERS[0]
    before = log_ends(kafka_server, ["likes"])
    append_all(kafka_server, (Liked(at_ms=0, user_id=actor, tweet_id=n) for n in range(5_000)))
    (topic, partition), start = next(
        (place, before[place])
        for place, end in log_ends(kafka_server, ["likes"]).items()
        if end > before[place]
    )
    reader = Consumer({"bootstrap.servers": kafka_server.kafka, "group.id": "test-bulk"})
    try:
        reader.assign([TopicPartition(topic, partition, start)])
        records = reader.consume(5_000, timeout=30)
    finally:
        reader.close()
    events = [decode(record.value(), topic=topic) for record in records]
    assert [e.tweet_id for e in events if isinstance(e, Liked)] == list(range(5_000))


def test_progress_adds_up_to_what_was_appended(kafka_server: Settings) -> None:
    teller = Teller(World("bulk", 60), start_ms=1_700_000_000_000, worker=1)
    events = [*teller.beginning(), *teller.events(islice(World("bulk", 60).activity(), 2_500))]
    steps: list[int] = []
    before = sum(log_ends(kafka_server).values())
    assert append_all(kafka_server, events, steps.append) == len(events)
    assert sum(steps) == len(events)
    assert sum(log_ends(kafka_server).values()) - before == len(events)


def test_a_log_that_is_down_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.ends.WAIT_SECONDS", 0.5)
    down = settings.model_copy(update={"kafka_port": 1})
    with pytest.raises(LogUnavailable, match="not reachable"):
        log_ends(down)
