"""What does the scorer say of each tweet? Follows the log and tells the log.

    python -m realtime.scoring

Each tweet and edit that comes is scored, by its text and by what its author has done lately, and
`TweetScored` is appended; a moment later the state job has made of it what every surface asks for
(`views/moderation_states.py`). Where to go on is committed to Kafka once all of a batch is
acknowledged: after a crash some tweets are scored again, and the same is said of them again.

What accounts did before a start is read back from the log, an hour of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple

import structlog
from confluent_kafka import KafkaException, TopicPartition

from ingest.bulk import BulkProducer
from ingest.codec import Undecodable, decode
from ingest.ends import Place
from ingest.events import Event, TweetEdited, TweetPosted, TweetScored
from ingest.gathering import Batch, gather
from ingest.producer import LogUnavailable
from ingest.reading import consumer
from ingest.scoring import before, note, scored_text, tweet_scored
from moderation.actions import Action
from moderation.activities import HOUR, Activities
from moderation.behaviour import Activity
from moderation.known_spam import KnownSpam
from moderation.scorer import Scorer
from realtime import aside
from realtime.aside import BATCH_BYTES, Next
from realtime.lasting import AWAY, Lasting
from realtime.viral import Viral
from settings import Settings
from views.known_spam import AT_MOST, PARTS
from views.tables import KNOWN_SPAM_OF

log = structlog.get_logger()

AT_ONCE = 32  # texts that are scored, then told
READ_BACK = 20_000  # records of a partition at most, to know what accounts did lately
WAIT_S = 10.0  # for an answer of the broker
NOT_READ = -1001  # what Kafka says of a place where nobody committed
FAILURES = (LogUnavailable, KafkaException)


class UnderWay(NamedTuple):
    """A batch, what was said of it so far, and the rest."""

    batch: Batch
    said: list[TweetScored]
    rest: Iterator[TweetScored]


class Scoring:
    """The log itself as a store that follows the log."""

    job: ClassVar[str] = "scorer"
    topics: ClassVar[tuple[str, ...]] = ("tweets", "follows", "likes")
    failures: ClassVar[tuple[type[Exception], ...]] = FAILURES

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.batch_ms, self.batch_records = (
            settings.scorer_batch_ms,
            settings.scorer_batch_records,
        )
        self._scorer = Scorer.load(
            settings.forbidden_links,
            settings.misleading_links,
            settings.moderation_model,
            threads=settings.scorer_threads,
        )
        self._lasting = Lasting(settings)
        self._known_spam = KnownSpam(
            self._texts_called_spam, seconds=settings.known_spam_seconds, failures=AWAY
        )
        self._group = consumer(settings, self.job)
        self._producer: BulkProducer | None = None
        self._activities, self._viral = Activities(), Viral(settings)
        self._noted: dict[Place, int] = {}
        """Of each place that activities were taken from, the offset to go on with."""
        self._under_way: UnderWay | None = None
        log.info("scoring", version=self._scorer.version)

    def progress(self) -> Next | None:
        """What is committed; None where nothing is."""
        places = [TopicPartition(t, n) for t in self.topics for n in self._partitions]
        found = self._group.committed(places, timeout=WAIT_S)
        if any(place.offset == NOT_READ for place in found):
            return None
        return {(place.topic, place.partition): place.offset for place in found}

    def begin(self, until: Next) -> None:
        """A log that nobody has scored is scored from its beginning."""
        first = {}
        for topic, partition in until:
            place = TopicPartition(topic, partition)
            first[topic, partition], _ = self._group.get_watermark_offsets(place, timeout=WAIT_S)
        self._commit(first)

    def write(self, batch: Batch, left_at: Next) -> tuple[Next, Mapping[str, str]]:
        under_way = self._under_way
        if under_way is None or under_way.batch is not batch:
            self._read_back({**left_at, **batch.begins})
            under_way = self._under_way = UnderWay(batch, [], self._of(batch.records))
        self._tell(under_way.said)  # where the log was away: the same again
        for scored in under_way.rest:
            under_way.said.append(scored)
            self._tell([scored])  # on its way while the next are scored
        self._tell(self._of_viral())
        self._flush()
        next = {**left_at, **batch.ends}
        self._commit(next)
        self._under_way = None
        return next, {}

    def idle(self) -> None:
        self._tell(self._of_viral())
        self._flush()

    def close(self) -> None:
        self._drop_producer()
        self._group.close()
        self._viral.close()
        self._lasting.close()

    def _of(self, records: Iterable[Any]) -> Iterator[TweetScored]:
        """What is said of the tweets among these records."""
        waiting: list[tuple[TweetPosted | TweetEdited, Activity]] = []
        for record, event in events_of(records):
            if isinstance(event, TweetPosted | TweetEdited):
                waiting.append((event, before(self._activities, event)))
            self._note((record.topic(), record.partition()), record.offset(), event)
            if len(waiting) == AT_ONCE:
                yield from self._say(waiting)
                waiting = []
        yield from self._say(waiting)

    def _say(
        self, waiting: list[tuple[TweetPosted | TweetEdited, Activity]]
    ) -> Iterator[TweetScored]:
        texts = [scored_text(event) for event, _ in waiting]
        found = self._now().score(texts, [activity for _, activity in waiting])
        for (event, _), scores in zip(waiting, found, strict=True):
            occasion = "posted" if isinstance(event, TweetPosted) else "edited"
            yield tweet_scored(event.id, event.author_id, scores, self._scorer.version, occasion)

    def _now(self) -> Scorer:
        """The scorer, which knows what people have called spam."""
        return replace(self._scorer, known_spam=self._known_spam.keys())

    def _texts_called_spam(self) -> list[str]:
        return self._lasting.column(KNOWN_SPAM_OF, [(part, AT_MOST) for part in range(PARTS)])

    def _of_viral(self) -> Iterator[TweetScored]:
        """What people are to look at, because so many see it."""
        became = self._viral.became()
        found = self._now().stricter().score([said.text for said in became])
        for said, scores in zip(became, found, strict=True):
            if scores.action in (Action.REVIEW, Action.BLOCK):
                scored_by = self._scorer.version
                yield tweet_scored(said.id, said.author_id, scores, scored_by, "viral")

    def _note(self, place: Place, offset: int, event: Event) -> None:
        """A record that is read again is noted once."""
        if offset >= self._noted.get(place, 0):
            self._noted[place] = offset + 1
            note(self._activities, event)
            self._viral.note([event])

    def _read_back(self, until: Next) -> None:
        """Notes what accounts did in the hour before these places, once."""
        if self._noted:
            return
        since = time.time_ns() // 1_000_000 - HOUR
        with closing(consumer(self._settings, f"{self.job}-reading-back")) as client:
            topics = ("tweets", "follows")
            asked = [TopicPartition(t, n, since) for t in topics for n in self._partitions]
            for found in client.offsets_for_times(asked, timeout=WAIT_S):
                place = found.topic, found.partition
                low, _ = client.get_watermark_offsets(found, timeout=WAIT_S)
                first = found.offset if found.offset >= 0 else until[place]
                self._noted[place] = max(low, min(first, until[place]), until[place] - READ_BACK)
            starts = {place: n for place, n in self._noted.items() if n < until[place]}
            client.assign([TopicPartition(*place, n) for place, n in starts.items()])
            while any(self._noted[place] < until[place] for place in starts):
                read = gather(client.consume, seconds=0.2, rows=READ_BACK, bytes=BATCH_BYTES)
                for record, event in events_of(read.records):
                    place = record.topic(), record.partition()
                    if record.offset() < until[place]:
                        self._note(place, record.offset(), event)
                for place, end in read.ends.items():  # what is no event is passed too
                    self._noted[place] = max(self._noted[place], min(end, until[place]))

    def _tell(self, said: Iterable[TweetScored]) -> None:
        for scored in said:
            if self._producer is None:
                self._producer = BulkProducer(self._settings)
            try:
                self._producer.append(scored)
            except LogUnavailable:
                self._drop_producer()
                raise

    def _flush(self) -> None:
        if self._producer is not None:
            try:
                self._producer.flush()
            except LogUnavailable:
                self._drop_producer()
                raise

    def _drop_producer(self) -> None:
        """One that has failed goes on failing."""
        failed, self._producer = self._producer, None
        if failed is not None:
            failed.drop()

    def _commit(self, next: Next) -> None:
        places = [TopicPartition(topic, n, offset) for (topic, n), offset in next.items()]
        self._group.commit(offsets=places, asynchronous=False)

    @property
    def _partitions(self) -> range:
        return range(self._settings.partitions)


def events_of(records: Iterable[Any]) -> Iterator[tuple[Any, Event]]:
    """What is no event is the state job's to report."""
    for record in records:
        try:
            yield record, decode(record.value(), topic=record.topic())
        except Undecodable:
            continue


if __name__ == "__main__":
    sys.exit(aside.main(Scoring, FAILURES))
