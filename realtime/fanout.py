"""Who must see this tweet? Puts it on its author's timeline and on each follower's.

    tweets, follows -> understand -> by author: chunks of followers -> one function call a chunk
                                                                   |-> marks of what is applied

Every call can be repeated: what was pushed twice counts once, so a restart from the last
checkpoint loses nothing and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyflink.common import Row, Types
from pyflink.datastream import KeyedProcessFunction
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor

from ingest.events import Event
from realtime import redis_functions, threads
from realtime.deliveries import FOLLOW, NOTHING, PUSH, UNFOLLOW, delivery_of
from realtime.followers import Followers
from realtime.log import Understand, records
from realtime.marks import PLACE, mark
from settings import Settings
from views.home_timeline import HOME_TIMELINE
from views.timelines import bucket_of, home_prefix, pack, settle, user_key, user_prefix

NAME = "fanout"
DELIVERY = Types.ROW([Types.LONG(), Types.STRING(), Types.LONG(), Types.STRING(), Types.LONG()])


def build(environment, tables, settings: Settings) -> None:
    deliveries = (
        records(tables, settings, NAME, HOME_TIMELINE.topics)
        .process(Understand(rows_of, report=False), output_type=DELIVERY)
        .uid("understand")
        .name("understand")
    )
    applied = (
        deliveries.key_by(lambda row: row[0], key_type=Types.LONG())
        .process(FanOut(settings), output_type=PLACE)
        .uid("fan-out")
        .name("fan-out")
    )
    mark(applied, settings, NAME)


def rows_of(event: Event | None, record: Row) -> Iterator[Row]:
    _, topic, partition, offset = record
    delivery = delivery_of(event) if event else (0, NOTHING, 0)
    yield Row(*delivery, f"{topic}/{partition}", offset)


Call = tuple[Any, ...]
"""A function of Redis, its key, its arguments."""


class FanOut(KeyedProcessFunction):
    """Keyed by author. State: the author's followers, in chunks, and whether the author ever wrote.

    Most follows are of people who have said nothing yet; they cost no round trip, since a tweet
    that this job has not met will be pushed to the follower when it is.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def open(self, context) -> None:
        threads.share_the_interpreter()
        s = self.settings
        self.redis = redis_functions.connect(s.redis_url)
        chunks = context.get_map_state(
            MapStateDescriptor("followers", Types.STRING(), Types.STRING())
        )
        self.followers = Followers(chunks, buckets=s.timeline_buckets, size=s.fanout_chunk)
        self.wrote = context.get_state(ValueStateDescriptor("wrote", Types.BOOLEAN()))
        self.deliveries = context.get_metrics_group().counter("deliveries")
        self.backfills = context.get_metrics_group().counter("backfills")

    def close(self) -> None:
        self.redis.close()

    def process_element(self, delivery, _context) -> Iterator[Row]:
        author_id, action, subject, place, offset = delivery
        if action == PUSH:
            self.wrote.update(True)
            written = self._call(self._push(author_id, pack([subject])))
            self.deliveries.inc(sum(written[1:]))  # the first call wrote the author's own
        elif action == FOLLOW and self.followers.add(subject):
            self.backfills.inc(sum(self._call(self._backfill(author_id, subject))))
        elif action == UNFOLLOW and self.followers.remove(subject):
            self._call(self._take_out(author_id, subject))
        yield Row(place, offset)  # now that what it led to is written

    def _call(self, calls: Iterable[Call]) -> list[int]:
        """Calls the functions in one round trip; each says how many timelines it wrote."""
        pipeline = self.redis.pipeline(transaction=False)
        for function, prefix, *arguments in calls:
            pipeline.fcall(function, 1, prefix, *arguments)
        return pipeline.execute()  # no call, no round trip

    def _push(self, author_id: int, entries: bytes) -> Iterator[Call]:
        s = self.settings
        cut = (s.timeline_cap, s.timeline_slack)
        own = user_prefix(bucket_of(author_id, s.timeline_buckets))
        yield "timeline_push", own, entries, author_id, *cut
        for bucket, readers in self.followers.chunks():
            yield "timeline_push", home_prefix(bucket), entries, readers, *cut

    def _backfill(self, author_id: int, reader: int) -> Iterator[Call]:
        s = self.settings
        if self.wrote.value() and (entries := self._recent(author_id)):
            prefix = home_prefix(bucket_of(reader, s.timeline_buckets))
            yield "timeline_push", prefix, entries, reader, s.timeline_cap, s.timeline_slack

    def _take_out(self, author_id: int, reader: int) -> Iterator[Call]:
        s = self.settings
        if entries := self._recent(author_id):
            prefix = home_prefix(bucket_of(reader, s.timeline_buckets))
            yield "timeline_remove", prefix, entries, reader, s.timeline_cap

    def _recent(self, author_id: int) -> bytes:
        """The author's newest entries, oldest first, as a home timeline likes them best."""
        s = self.settings
        entries = self.redis.get(user_key(author_id, s.timeline_buckets)) or b""
        return pack(reversed(settle(entries, cap=s.timeline_cap)))
