"""Who must see this tweet? Puts it on its author's timeline and on each follower's.

    tweets, classes, plans -> understand -----------------------> by author: what follows from it,
    follows, lists ---------> understand -> bursts of 100 ms ---> written to Redis (author.py)
                                                                  |-> marks of what is applied

Every call can be repeated: what was pushed twice counts once, so a restart from the last
checkpoint loses nothing and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from pyflink.common import Row, Types
from pyflink.datastream import KeyedProcessFunction, OutputTag
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor

from ingest.events import Event
from realtime import bursts, redis_functions, threads
from realtime.author import About, Author, Call, Replies
from realtime.deliveries import Action, Delivery, delivery_of
from realtime.followers import Followers
from realtime.in_order import in_order
from realtime.keyed import keyed
from realtime.log import Understand, records
from realtime.marks import TOGETHER, mark, together
from realtime.on_its_way import Note, OnItsWay, Written
from settings import Settings
from stores.asking import UnderWay
from views.home_timeline import HOME_TIMELINE, READERS

NAME = "fanout"
EDGES = OutputTag("edges", bursts.BY_PLACE)
EDGE_TOPICS = frozenset(edges.topic for edges, _, _ in READERS)


def build(environment, tables, settings: Settings) -> None:
    deliveries = (
        records(tables, settings, NAME, HOME_TIMELINE.topics)
        .process(Understand(rows_of, report=False), output_type=bursts.BY_AUTHOR)
        .uid("understand")
        .name("understand")
    )
    edges = bursts.gather(deliveries.get_side_output(EDGES), settings)
    due = deliveries.union(edges)
    applied = (
        keyed(due, Types.LONG(), bursts.DELIVERY)
        .process(FanOut(settings), output_type=TOGETHER)
        .uid("fan-out")
        .name("fan-out")
    )
    mark(in_order(due, applied, settings), settings, NAME)


def rows_of(event: Event | None, record: Row) -> Iterator[Row | tuple[OutputTag, Row]]:
    _, topic, partition, offset = record
    delivery = delivery_of(event) if event else Delivery(0, Action.NOTHING, 0)
    row = bursts.row_of(delivery, f"{topic}/{partition}", offset)
    yield (EDGES, bursts.by_place(row)) if topic in EDGE_TOPICS else bursts.by_author(row)


class FanOut(KeyedProcessFunction):
    """Keyed by author. State: the author's followers, in chunks, and what else is kept of one.

    Most follows are of people who have said nothing yet; they cost no round trip, since a tweet
    that this job has not met will be pushed to the follower when it is.

    One tweet may be on its way to Redis while the next begins (on_its_way.py). All else waits for
    it first, so what happens to an author is written in the order of the log.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def open(self, context) -> None:
        threads.share_the_interpreter()
        s = self.settings
        self.shards = redis_functions.connect_shards(s)
        self.pushed, self.pulled = (
            Followers(
                context.get_map_state(MapStateDescriptor(name, Types.STRING(), Types.STRING())),
                buckets=s.timeline_buckets,
                size=s.fanout_chunk,
            )
            for name in ("followers", "pulling-followers")
        )
        self.about = context.get_state(ValueStateDescriptor("about", Types.PICKLED_BYTE_ARRAY()))
        noted = ValueStateDescriptor("on-its-way", Types.PICKLED_BYTE_ARRAY())
        self.way = OnItsWay(context.get_state(noted), self._post)
        self.under_way: UnderWay | None = None
        self.deliveries = context.get_metrics_group().counter("deliveries")
        self.backfills = context.get_metrics_group().counter("backfills")

    def close(self) -> None:
        self.shards.close()

    def process_element(self, delivery, context) -> Iterator[Row]:
        author_id, action, subjects, place, offset = delivery
        if action == Action.POST:
            note = Note(int(subjects), place, offset)
            yield from self._marked(self.way.send(author_id, note, context.timer_service()))
            if self.settings.speed_parallelism > 1:  # see in_order.py: others write meanwhile
                yield from self._marked(self.way.arrive())
            return
        yield from self._marked(self.way.arrive())
        if action != Action.NOTHING:
            with self._author(author_id) as author:
                self.backfills.inc(author.apply(Action(action), map(int, subjects.split())))
        yield together(place, offset)  # now that what it led to is written

    def on_timer(self, timestamp: int, context) -> Iterator[Row]:
        yield from self._marked(self.way.on_timer(context.get_current_key(), timestamp))

    def _marked(self, written: Iterable[Written]) -> Iterator[Row]:
        for note, homes in written:
            self.deliveries.inc(homes)
            yield together(note.place, note.offset)

    def _post(self, author_id: int, tweet_id: int) -> Callable[[], int]:
        with self._author(author_id) as author:
            return author.post(tweet_id)

    @contextmanager
    def _author(self, id: int) -> Iterator[Author]:
        before = About(*(self.about.value() or ()))
        author = Author(
            id, before, self.pushed, self.pulled, self.settings, self.shards.pipeline, self._send
        )
        yield author
        if author.about != before:
            self.about.update(tuple(author.about))

    def _send(self, calls: Iterable[Call]) -> Replies:
        self.under_way = self.shards.send(calls, self.under_way)
        return self.under_way.replies
