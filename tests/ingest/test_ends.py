"""How far the log is, and how far its events are."""

from __future__ import annotations

import pytest
from confluent_kafka import Producer

from ingest.bulk import append_all
from ingest.ends import event_ends, log_ends
from ingest.events import Liked
from settings import Settings

pytestmark = pytest.mark.engines

PLACE = ("likes", 0)
NO_EVENTS = (b"nonsense", None, b"", b"null")


def test_what_is_no_event_and_comes_last_is_left_out(kafka_server: Settings) -> None:
    append_all(kafka_server, (Liked(at_ms=0, user_id=user, tweet_id=1) for user in range(100)))
    ends, of_events = log_ends(kafka_server, ["likes"]), event_ends(kafka_server, ["likes"])
    assert of_events == ends
    producer = Producer({"bootstrap.servers": kafka_server.kafka})
    for value in NO_EVENTS:
        producer.produce(PLACE[0], value, partition=PLACE[1])
    producer.flush()
    assert log_ends(kafka_server, ["likes"]) == ends | {PLACE: ends[PLACE] + len(NO_EVENTS)}
    assert event_ends(kafka_server, ["likes"]) == of_events
    append_all(kafka_server, (Liked(at_ms=0, user_id=user, tweet_id=1) for user in range(100)))
    assert event_ends(kafka_server, ["likes"]) == log_ends(kafka_server, ["likes"])
