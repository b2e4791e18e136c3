"""Who must see this tweet? Puts it on its author's timeline and on each follower's.

    tweets, follows -> understand -> by author: chunks of followers -> one function call a chunk

Every call can be repeated: what was pushed twice counts once, so a restart from the last
checkpoint loses nothing and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyflink.common import Row, Types
from pyflink.datastream import KeyedProcessFunction
from pyflink.datastream.state import MapStateDescriptor

from ingest.events import Event
from ingest.positions import applied_key
from realtime import job, redis_functions, threads
from realtime.deliveries import FOLLOW, NOTHING, PUSH, UNFOLLOW, delivery_of
from realtime.followers import Followers
from realtime.log import Understand, records
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
    (
        deliveries.key_by(lambda row: row[0], key_type=Types.LONG())
        .process(FanOut(settings), output_type=Types.STRING())
        .uid("fan-out")
        .name("fan-out")
        .sink_to(job.nothing())
        .name("nothing")
    )


def rows_of(event: Event | None, record: Row) -> Iterator[Row]:
    _, topic, partition, offset = record
    delivery = delivery_of(event) if event else (0, NOTHING, 0)
    yield Row(*delivery, f"{topic}/{partition}", offset)


class FanOut(KeyedProcessFunction):
    """Keyed by author. State: the author's followers, in chunks."""

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
        self.deliveries = context.get_metrics_group().counter("deliveries")
        self.backfills = context.get_metrics_group().counter("backfills")

    def close(self) -> None:
        self.redis.close()

    def process_element(self, delivery, _context) -> None:
        author_id, action, subject, place, offset = delivery
        if action == PUSH:
            calls = list(self._push(author_id, pack([subject])))
        elif action == FOLLOW and self.followers.add(subject):
            calls = list(self._backfill(author_id, subject))
            self.backfills.inc(len(calls))
        elif action == UNFOLLOW:
            self.followers.remove(subject)
            calls = list(self._take_out(author_id, subject))
        else:
            calls = []
        pipeline = self.redis.pipeline(transaction=False)
        for function, prefix, *arguments in calls:
            pipeline.fcall(function, 1, prefix, *arguments)
        pipeline.hset(applied_key(NAME), place, offset)  # last: what it says has been written
        written = pipeline.execute()
        if action == PUSH:
            self.deliveries.inc(sum(written[1:-1]))  # the first call wrote the author's own

    def _push(self, author_id: int, entries: bytes) -> Iterator[tuple]:
        s = self.settings
        cut = (s.timeline_cap, s.timeline_slack)
        own = user_prefix(bucket_of(author_id, s.timeline_buckets))
        yield "timeline_push", own, entries, author_id, *cut
        for bucket, readers in self.followers.chunks():
            yield "timeline_push", home_prefix(bucket), entries, readers, *cut

    def _backfill(self, author_id: int, reader: int) -> Iterator[tuple]:
        s = self.settings
        if entries := self._recent(author_id):
            prefix = home_prefix(bucket_of(reader, s.timeline_buckets))
            yield "timeline_push", prefix, entries, reader, s.timeline_cap, s.timeline_slack

    def _take_out(self, author_id: int, reader: int) -> Iterator[tuple]:
        s = self.settings
        if entries := self._recent(author_id):
            prefix = home_prefix(bucket_of(reader, s.timeline_buckets))
            yield "timeline_remove", prefix, entries, reader, s.timeline_cap

    def _recent(self, author_id: int) -> bytes:
        """The author's newest entries, oldest first, as a home timeline likes them best."""
        s = self.settings
        entries = self.redis.get(user_key(author_id, s.timeline_buckets)) or b""
        return pack(reversed(settle(entries, cap=s.timeline_cap)))
