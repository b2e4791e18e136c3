"""Which tags trend now, in each place?

    python -m realtime.board

Every few seconds it reads the totals of the tags that enough people use (`views/trends/stored.py`),
asks what is usual of them, and writes what is shown to Redis; every few minutes it tells the log,
for the history. It keeps nothing that it cannot read again. Which tags people have blocked it reads
from Cassandra: before it knows, it shows nothing.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import closing
from threading import Event

import redis
import structlog

import settings as settings_module
from ingest.events import TagTrended
from ingest.producer import LogUnavailable, Producer
from ingest.reading import patiently
from realtime import redis_functions
from realtime.lasting import AWAY, Lasting
from settings import Settings
from views.blocked_tags import AT_MOST
from views.tables import BLOCKED_TAGS_OF
from views.trends import shown, stored, usual
from views.trends.baseline import Baseline
from views.trends.board import Board, Trend
from views.trends.counting import counted
from views.trends.places import WORLDWIDE
from views.trends.scores import Score, scores
from views.trends.windows import HOUR, LONGEST, WINDOWS, TagCounts

log = structlog.get_logger()

MOST_TAGS = 2_000  # of a place that are looked at, those of most people
MINUTE_MS = 60_000
LONGEST_PAUSE_S = 5.0


class Boards:
    """The boards of all places."""

    def __init__(self, settings: Settings, client: redis.Redis) -> None:
        self._settings, self._redis = settings, client
        self._boards: dict[int, Board] = {}

    def turn(self, now: int, blocked: Collection[str] = ()) -> dict[int, dict[str, list[Trend]]]:
        """What is shown from minute `now` on, place by place; it is in Redis when this returns."""
        pointer = usual.read_pointer(self._redis.get(usual.POINTER))  # one for all places
        places = {int(place) for place in self._redis.smembers(stored.PLACES)}
        found = {}
        for place in places | self._boards.keys():
            board, tags = self._board(place), self._tags(place, now)
            found[place] = board.show(self._scores(place, tags, now, pointer), tags, now, blocked)
            self._redis.set(shown.key(place), shown.packed(now, found[place]))
        return found

    def _board(self, place: int) -> Board:
        """The place's board; one that this process has not met goes on from what is shown."""
        if place not in self._boards:
            was = shown.read(self._redis.get(shown.key(place)))
            self._boards[place] = Board(was.minute, was.trends) if was else Board()
        return self._boards[place]

    def _tags(self, place: int, now: int) -> dict[str, TagCounts]:
        """The counts of the tags that could trend, rid of what is too old."""
        most = self._redis.zrange(stored.tags_key(place), 0, MOST_TAGS - 1, desc=True)
        names = [name.decode() for name in most]
        pipeline = self._redis.pipeline(transaction=False)
        for name in names:
            pipeline.fcall(*stored.forget(place, name, now - LONGEST))
            pipeline.hgetall(stored.tag_key(place, name))
        replies = pipeline.execute()
        return {
            name: counted(totals(fields))
            for name, people, fields in zip(names, replies[::2], replies[1::2], strict=True)
            if people >= stored.GATE
        }

    def _scores(
        self, place: int, tags: dict[str, TagCounts], now: int, pointer: usual.Pointer
    ) -> Iterator[Score]:
        least = self._settings.trend_least_people
        many = [name for name, tag in tags.items() if sum(tag.people.values()) >= least]
        baseline = self._usual(place, many, pointer)
        for name in many:
            yield from scores(name, tags[name], baseline, now, least)

    def _usual(self, place: int, tags: list[str], pointer: usual.Pointer) -> Baseline:
        if not tags:
            return usual.baseline(pointer, place, (), ())
        hash = usual.generation_key(pointer.generation)
        values = self._redis.hmget(hash, [usual.field(place, tag) for tag in tags])
        return usual.baseline(pointer, place, tags, values)


def totals(fields: dict[bytes, bytes]) -> dict[str, int]:
    """The totals among the fields of a tag's hash."""
    return {
        name.decode(): int(total) for name, total in fields.items() if name != stored.SUM.encode()
    }


class Telling:
    """What the log is told: each trend when it begins, and all of them every few minutes."""

    def __init__(self, every: int) -> None:
        self._every, self._last = every, 0
        self._began: set[tuple[int, str, str, int]] = set()

    def events(self, now: int, found: dict[int, dict[str, list[Trend]]]) -> list[TagTrended]:
        """What to tell of what is shown from minute `now` on."""
        everything = now - self._last >= self._every
        if everything:
            self._last = now
        began, events = set(), []
        for place, windows in found.items():
            for window, trends in windows.items():
                for rank, trend in enumerate(trends, 1):
                    beginning = (place, window, trend.score.tag, trend.since)
                    began.add(beginning)
                    if everything or beginning not in self._began:
                        events.append(trended(place, now, window, rank, trend))
        self._began = began
        return events


def trended(place: int, now: int, window: str, rank: int, trend: Trend) -> TagTrended:
    return TagTrended(
        at_ms=now * MINUTE_MS,
        place=place,
        tag=trend.score.tag,
        spelling=trend.spelling,
        window_hours=WINDOWS[window] // HOUR,
        rank=rank,
        score_milli=round(1_000 * trend.score.score),
        people=trend.score.people,
        uses=trend.score.uses,
        expected_milli=round(1_000 * trend.score.expected),
        since_ms=trend.since * MINUTE_MS,
    )


class BlockedTags:
    """The tags that no board shows, folded; while Cassandra is away those that were read last."""

    def __init__(self, lasting: Lasting) -> None:
        self._lasting = lasting
        self._tags: frozenset[str] | None = None

    def now(self) -> frozenset[str]:
        """Raises one of `AWAY` where nothing has been read yet."""
        try:
            bound = [(WORLDWIDE, AT_MOST)]
            self._tags = frozenset(self._lasting.column(BLOCKED_TAGS_OF, bound))
        except AWAY as error:
            if self._tags is None:
                raise
            log.warning("blocked_tags_not_read", reason=str(error), known=len(self._tags))
        return self._tags


def run(settings: Settings, stop: Event) -> None:
    """Until `stop` is set. A Redis or a log that is away is waited for; so is Cassandra at the
    start."""
    pulse = settings.state_dir / "board.pulse"
    with (
        closing(redis_functions.connect(settings.redis_url)) as client,
        closing(Producer(settings)) as producer,
        closing(Lasting(settings)) as lasting,
    ):
        boards, telling = Boards(settings, client), Telling(settings.trend_history_minutes)
        blocked = BlockedTags(lasting)
        ask = patiently(stop, "cassandra_away", *AWAY, longest_s=LONGEST_PAUSE_S)
        look = patiently(stop, "redis_away", redis.RedisError, longest_s=LONGEST_PAUSE_S)
        tell = patiently(stop, "log_away", LogUnavailable, longest_s=LONGEST_PAUSE_S)
        while not stop.is_set():
            # The minute that runs is in the windows: they end before the next.
            now = int(time.time()) // 60 + 1
            shown_now = look(boards.turn, now, ask(blocked.now))
            for event in telling.events(now, shown_now):
                tell(producer.append, event)
            pulse.touch()  # the supervisor sees by it that nothing is stuck
            stop.wait(settings.trend_seconds)


def main() -> int:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(settings_module.load(), stop)
    log.info("ended")
    return 0


if __name__ == "__main__":
    sys.exit(main())
