"""What has the scorer told the log?"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from confluent_kafka import TopicPartition

from ingest.codec import decode
from ingest.ends import log_ends
from ingest.events import TweetScored
from ingest.reading import consumer
from settings import Settings

TOPIC = "moderation"


def told(settings: Settings, tweets: Iterable[int]) -> dict[int, list[TweetScored]]:
    """All that was said of each of these tweets, in its order."""
    found: dict[int, list[TweetScored]] = {id: [] for id in tweets}
    with closing(consumer(settings, "test")) as client:
        for (topic, number), end in log_ends(settings, [TOPIC]).items():
            client.assign([TopicPartition(topic, number, 0)])
            at = 0
            while at < end:
                for record in client.consume(1_000, 1.0):
                    at = (record.offset() or 0) + 1
                    event = decode(record.value(), topic=TOPIC)
                    if isinstance(event, TweetScored) and event.tweet_id in found:
                        found[event.tweet_id].append(event)
    return found
