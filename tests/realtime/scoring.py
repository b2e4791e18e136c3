"""How does a test run the scorer, and what has that told the log?

It runs only while it is tested, beside the supervisor: it would judge what other tests say, who
post as fast as only machines do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from subprocess import Popen

from confluent_kafka import TopicPartition

from engines import processes
from engines.scorer import Scorer
from ingest.codec import decode
from ingest.ends import log_ends
from ingest.events import TweetScored
from ingest.reading import consumer
from realtime.aside_marks import Marks
from realtime.scoring import Scoring
from settings import Settings

TOPIC = "moderation"


class ScorerProcess:
    """Not started yet."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._part = settings, Scorer(settings)
        self._process: Popen[bytes] | None = None

    def start(self) -> None:
        self._part.configure()
        (command,) = self._part.commands()
        self._process = processes.start(command, self._settings.state_dir)

    def kill(self) -> None:
        """As a crash would; it can be started again."""
        assert self._process
        processes.kill_group(self._process.pid)
        self._process.wait()


@contextmanager
def scorer_from_now_on(settings: Settings) -> Iterator[ScorerProcess]:
    """One that runs and has nothing to say of what is in the log already."""
    ends = log_ends(settings, Scoring.topics)
    with closing(consumer(settings, Scoring.job)) as group:
        places = [TopicPartition(*place, end) for place, end in ends.items()]
        group.commit(offsets=places, asynchronous=False)
    with closing(Marks(settings, Scoring.job)) as marks:  # it goes on from where both say
        marks.tell({}, ends)
    process = ScorerProcess(settings)
    process.start()
    yield process
    process.kill()


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
