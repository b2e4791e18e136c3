"""Flink counts what memory counts, and says so only when it has."""

from __future__ import annotations

import time
from collections import Counter

import pytest
import redis
from confluent_kafka import Producer

from ingest.codec import encode
from ingest.ends import log_ends
from ingest.positions import applied_key
from settings import Settings
from tests.realtime.playing import counts, moved, play, wait, world
from tests.views.cases import BY_ID, CASES
from tests.views.cast import liked, posted
from views.seam import counts_key
from views.tag_sketch import TAG_SKETCH
from views.trends.sketch import contributed
from views.tweet_counts import TWEET_COUNTS

pytestmark = pytest.mark.engines
KEYS = range(30)  # of users and tweets in the cases


def test_every_case_gives_in_flink_what_it_gives_in_memory(speed_layer: Settings) -> None:
    worlds = {case.name: world() for case in CASES}
    events = [moved(event, worlds[case.name]) for case in CASES for event in case.events]
    play(speed_layer, events, ["folds"])
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        for case in CASES:
            for view in BY_ID:
                found = {
                    (key, measure): total
                    for key in KEYS
                    for measure, total in counts(client, view, key + worlds[case.name]).items()
                }
                assert found == case.totals(view.name), (case.name, view.name)


def test_a_tag_counts_on_the_counters_that_python_says(speed_layer: Settings) -> None:
    w = world()
    wait(speed_layer, ["folds"])  # others' tags fall on the same counters
    texts = [f"#storm{w} and #flood{w}", f"#Storm{w}! #storm{w}", "no tag", f"#storm{w}"]
    tweets = [posted(w + n, w, text=text) for n, text in enumerate(texts)]
    expected = Counter(cell for text in texts for cell in contributed(text))
    with redis.Redis.from_url(speed_layer.redis_url) as client:

        def found() -> Counter[int]:
            return Counter(
                {cell: sum(counts(client, TAG_SKETCH, cell).values()) for cell in expected}
            )

        before = found()
        play(speed_layer, [*tweets, tweets[0]], ["folds"])
        assert found() - before == expected


def test_a_mark_never_comes_before_what_it_says_is_counted(speed_layer: Settings) -> None:
    """Likes of many users on one tweet, all in one partition: the mark says how many there are."""
    base, tweet, number = world(), world(), 3_000
    first = log_ends(speed_layer, ["likes"])["likes", 0]
    producer = Producer({"bootstrap.servers": speed_layer.kafka})
    deadline = time.monotonic() + 120
    looks = 0
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        sent, counted = 0, 0
        while counted < number:
            assert time.monotonic() < deadline, f"{counted} of {number} counted"
            for user in range(sent, min(sent + 7, number)):
                producer.produce("likes", encode(liked(base + user, tweet)), partition=0)
            sent = min(sent + 7, number)
            producer.poll(0)
            mark = int(client.hget(applied_key("folds"), "likes/0") or -1)
            found = client.hgetall(counts_key("tweet_counts", tweet))  # after the mark, on purpose
            counted = sum(int(total) for total in found.values())
            assert counted >= mark - first + 1
            looks += counted < number
        assert counts(client, TWEET_COUNTS, tweet) == {"like_count": number}
    assert looks > 10  # it was watched while it grew
