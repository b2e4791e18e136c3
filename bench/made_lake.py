"""What history does a lake hold that batch runs are measured over?

Likes, follows, tweets and retweets of made-up people, some undone again, evenly over some days, as
the archiver would have written them. The same call makes the same history.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from bench.steady import FIRST_ID
from ingest.codec import encode
from ingest.events import (
    Event,
    Followed,
    Liked,
    Retweeted,
    TweetPosted,
    Unfollowed,
    Unliked,
    Unretweeted,
)
from ingest.positions import epoch_of
from lake import tables
from settings import Settings

PEOPLE, PARTITIONS, AT_ONCE = 20_000, 4, 50_000
FIRST_MS = 1_700_006_400_000 // 86_400_000 * 86_400_000  # a midnight, UTC
DAY_MS = 86_400_000


def write(settings: Settings, days: int, events_a_day: int) -> Iterator[int]:
    """Fills bronze; yields after each commit how many records are there."""
    ends: dict[tuple[str, int], int] = {}
    rows: list[dict[str, Any]] = []
    written = 0
    total = days * events_a_day
    for number, event in enumerate(_events(total)):
        rows.append(_row(settings, event, FIRST_MS + number * DAY_MS // events_a_day, ends))
        if len(rows) == AT_ONCE or number == total - 1:
            batch = pa.Table.from_pylist(rows, tables.BRONZE.columns)
            write_deltalake(tables.BRONZE.open(settings), batch, mode="append")
            written += len(rows)
            rows = []
            yield written


def epoch_at(settings: Settings, days: float) -> int:
    """The epoch that begins so many days after the history does."""
    return epoch_of(FIRST_MS + int(days * DAY_MS), settings.epoch_ms)


def _row(
    settings: Settings, event: Event, append_ms: int, ends: dict[tuple[str, int], int]
) -> dict[str, Any]:
    place = (event.topic, event.actor_id % PARTITIONS)
    offset = ends[place] = ends.get(place, -1) + 1
    return {
        "topic": place[0],
        "partition": place[1],
        "offset": offset,
        "append_ms": append_ms,
        "epoch": epoch_of(append_ms, settings.epoch_ms),
        "key": str(event.actor_id).encode(),
        "value": encode(event),
        "day": datetime.fromtimestamp(append_ms / 1000, UTC).date(),
    }


def _events(number: int) -> Iterator[Event]:
    """Of ten events about six are likes, two follows, two tweets and retweets; of likes and
    follows every tenth is taken back. Most attention goes to few people and to new tweets."""
    chance = random.Random("lake")
    tweets: list[int] = []
    done: list[Event] = []
    for at in range(number):
        at_ms = FIRST_MS + at
        what, me = chance.random(), chance.randrange(PEOPLE)
        if what < 0.15 or not tweets:
            tweets.append(FIRST_ID + at)
            yield TweetPosted(
                at_ms=at_ms, id=FIRST_ID + at, author_id=me, text="a day like any other, so far",
                conversation_id=FIRST_ID + at,
            )  # fmt: skip
        elif what < 0.22 and done:
            yield _undone(chance.choice(done), at_ms)
        else:
            event = _act(chance, what, me, at_ms, FIRST_ID + at, tweets)
            if len(done) < AT_ONCE:
                done.append(event)
            else:
                done[chance.randrange(AT_ONCE)] = event
            yield event


def _act(
    chance: random.Random, what: float, me: int, at_ms: int, id: int, tweets: Sequence[int]
) -> Event:
    tweet = tweets[-min(len(tweets), int(chance.paretovariate(0.5)))]
    if what < 0.27:
        return Retweeted(at_ms=at_ms, id=id, author_id=me, tweet_id=tweet)
    if what < 0.45:
        followed = int(chance.paretovariate(0.7)) % PEOPLE
        return Followed(at_ms=at_ms, follower_id=me, followee_id=followed)
    return Liked(at_ms=at_ms, user_id=me, tweet_id=tweet)


def _undone(event: Event, at_ms: int) -> Event:
    match event:
        case Liked(user_id=user, tweet_id=tweet):
            return Unliked(at_ms=at_ms, user_id=user, tweet_id=tweet)
        case Followed(follower_id=follower, followee_id=followee):
            return Unfollowed(at_ms=at_ms, follower_id=follower, followee_id=followee)
        case Retweeted(id=id, author_id=author, tweet_id=tweet):
            return Unretweeted(at_ms=at_ms, id=id, author_id=author, tweet_id=tweet)
    raise AssertionError(f"{event} is not taken back")
