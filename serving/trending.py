"""What trends where, for whom, and what trended before?"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from ingest.events.entities import hashtags
from ingest.events.words import folded
from serving.documents import Documents
from serving.paging import Cursor
from serving.render.selection import Selection
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import RedisStore
from serving.timelines import Timelines, Window
from views.tables import KEYSPACE, TABLES
from views.trend_history import DAY_MS, TREND_HISTORY
from views.trends import shown
from views.trends.board import Trend
from views.trends.places import PLACES, WORLDWIDE, places_of

STALE_MINUTES = 5  # a board is made anew every few seconds
STALE = frozenset({"trends"})
HOME_TWEETS = 100  # of those whom somebody follows, looked through for tags
HISTORY_DAYS = 31  # that one question may be about

_HISTORY = TABLES[TREND_HISTORY.name]
HISTORY = (
    f"SELECT {', '.join((*_HISTORY.key[2:], *_HISTORY.columns))} "
    f"FROM {KEYSPACE}.{_HISTORY.name} "
    "WHERE place = ? AND day = ? AND at_ms >= ? AND at_ms < ? LIMIT ?"
)


class Trends(NamedTuple):
    """What trends in `place`, or in the nearest place around it where anything does."""

    place: int
    trends: list[Trend]
    """Each tag once, in the window of its highest score; that first."""

    stale: frozenset[str] = frozenset()


class Trending:
    """Every method may raise `StoreUnavailable`."""

    def __init__(
        self,
        redis: RedisStore,
        cassandra: CassandraStore,
        documents: Documents,
        timelines: Timelines,
    ) -> None:
        self._redis, self._cassandra = redis, cassandra
        self._documents, self._timelines = documents, timelines

    def of_place(self, woeid: int) -> Trends:
        """`woeid` is one of `PLACES`."""
        return self._nearest(dict.fromkeys((woeid, PLACES[woeid].country, WORLDWIDE)))

    def of_reader(self, user_id: int) -> tuple[Trends, frozenset[str]]:
        """Where the reader says to be; and the folded tags that those whom they follow use now.

        Trends with such a tag come first, those of most tweets foremost.
        """
        profile = self._documents.users(user_id, [user_id], Selection()).users.get(user_id)
        found = self._nearest(places_of(profile.location if profile else ""))
        used = self._used_around(user_id)
        trends = sorted(found.trends, key=lambda trend: -used[trend.score.tag])
        return found._replace(trends=trends), frozenset(used)

    def history(self, woeid: int, start_ms: int, end_ms: int, most: int) -> list[dict[str, Any]]:
        """Rows of `trend_history` from `start_ms` to before `end_ms`: latest first, by rank."""
        found: list[dict[str, Any]] = []
        for day in range((end_ms - 1) // DAY_MS, start_ms // DAY_MS - 1, -1):
            bound = (woeid, day, start_ms, end_ms, most - len(found))
            (rows,) = self._cassandra.finish(self._cassandra.begin([(HISTORY, bound)]))
            found += rows
            if len(found) >= most:
                break
        return sorted(found, key=lambda r: (-r["at_ms"], r["window_hours"], r["rank"]))

    def _nearest(self, places: Iterable[int]) -> Trends:
        """The first of the places in which anything trends, else the last."""
        places = list(places)
        boards = self._redis.pipeline(("GET", shown.key(place)) for place in places)
        now = int(time.time()) // 60
        for place, value in zip(places, boards, strict=True):
            board = shown.read(value)
            trends = best(board.trends.values()) if board else []
            if trends or place == places[-1]:
                late = board is None or now - board.minute > STALE_MINUTES
                return Trends(place, trends, STALE if late else frozenset())
        raise AssertionError("there is always the world")

    def _used_around(self, user_id: int) -> Counter[str]:
        """In how many of the newest tweets on the reader's home each folded tag stands."""
        page = self._timelines.home(user_id, Cursor(), HOME_TWEETS, Window(), Selection())
        return Counter(
            tag for row in page.rows for tag in {folded(found.tag) for found in hashtags(row.text)}
        )


def best(windows: Iterable[list[Trend]]) -> list[Trend]:
    """Each tag once, in the window of its highest score; the highest first."""
    found: dict[str, Trend] = {}
    for trend in (trend for trends in windows for trend in trends):
        known = found.get(trend.score.tag)
        if known is None or trend.score.score > known.score.score:
            found[trend.score.tag] = trend
    return sorted(found.values(), key=lambda trend: (-trend.score.score, trend.score.tag))
