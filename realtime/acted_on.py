"""On which tweets has somebody acted, and what is counted of them a moment later?

Who acts is noted; about a second later the speed layer has counted it, and the counts are read.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping

from redis import Redis

from ingest.events import Event, Liked, Retweeted, TweetEdited, TweetPosted
from settings import Settings
from views.seam import counts_key, pointer_key, read_counts
from views.tweet_counts import TWEET_COUNTS

COUNTED_AFTER_S = 1.0


class ActedOn:
    """Not for several threads."""

    def __init__(self, settings: Settings) -> None:
        self.redis = Redis.from_url(settings.redis_url, socket_timeout=2)
        self.noted: dict[int, float] = {}

    def close(self) -> None:
        self.redis.close()

    def note(self, events: Iterable[Event]) -> None:
        now = time.monotonic()
        for event in events:
            for id in acted_on(event):
                self.noted.setdefault(id, now)  # who acts meanwhile puts nothing off

    def counted(self) -> dict[int, Mapping[str, int]]:
        """The counts of those noted a moment ago; they are forgotten. May raise `RedisError`."""
        before = time.monotonic() - COUNTED_AFTER_S
        due = [id for id, at in self.noted.items() if at < before]
        for id in due:
            del self.noted[id]
        return self.counts(due) if due else {}

    def counts(self, ids: list[int]) -> dict[int, Mapping[str, int]]:
        """What is counted of these. May raise `RedisError`."""
        view = TWEET_COUNTS
        with self.redis.pipeline(transaction=False) as pipe:
            pipe.get(pointer_key(view.name))
            for id in ids:
                pipe.hgetall(counts_key(view.name, id))
            pointer, *hashes = pipe.execute()
        counts = (read_counts(view.merge, view.measures, h, int(pointer or 0)) for h in hashes)
        return dict(zip(ids, counts, strict=True))


def acted_on(event: Event) -> Iterator[int]:
    """The tweets that the event is about, of another or the same author."""
    match event:
        case Liked() | Retweeted():
            yield event.tweet_id
        case TweetPosted() | TweetEdited():
            if event.reply_to_id is not None:
                yield event.reply_to_id
            if event.quote_of_id is not None:
                yield event.quote_of_id
