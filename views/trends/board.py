"""What is shown as a trend, and since when?

Of one place. Blocked tags are out. A tag that stands beside a greater one in half of its tweets or
more says the same thing: it is shown with that one. A trend that was gone for less than an hour
goes on; it did not begin anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from views.trends.scores import Score
from views.trends.windows import WINDOWS, TagCounts

TOGETHER = 0.5  # of the tweets of the lesser tag
GAP = 60  # minutes


class Trend(NamedTuple):
    score: Score
    spelling: str
    since: int
    """The minute at which it was first shown in this window."""

    related: tuple[str, ...] = ()
    """Spellings of tags that are shown with it."""


class Board:
    """Of one place; remembers since when each trend has been shown.

    A board goes on from the `trends` that another showed at minute `last`.
    """

    def __init__(self, last: int = 0, trends: Mapping[str, list[Trend]] | None = None) -> None:
        self._shown = {  # first and last minute
            (window, trend.score.tag): (trend.since, last)
            for window, found in (trends or {}).items()
            for trend in found
        }

    def show(
        self,
        found: Iterable[Score],
        tags: Mapping[str, TagCounts],
        now: int,
        blocked: Collection[str] = (),
    ) -> dict[str, list[Trend]]:
        """The trends of each window, highest score first."""
        by_window: dict[str, list[Score]] = {window: [] for window in WINDOWS}
        for score in found:
            if score.tag not in blocked:
                by_window[score.window].append(score)
        for key in [key for key, (_, last) in self._shown.items() if now - last > GAP]:
            del self._shown[key]
        return {window: self._merged(scores, tags, now) for window, scores in by_window.items()}

    def _merged(self, scores: list[Score], tags: Mapping[str, TagCounts], now: int) -> list[Trend]:
        heads = merge(scores, lambda less, more: tags[less.tag].share_beside(more.tag) >= TOGETHER)
        trends = [
            Trend(
                head,
                tags[head.tag].spelling(),
                self._since(head, now),
                tuple(tags[other.tag].spelling() for other in others),
            )
            for head, others in heads
        ]
        return sorted(trends, key=lambda trend: (-trend.score.score, trend.score.tag))

    def _since(self, score: Score, now: int) -> int:
        key = (score.window, score.tag)
        first, _ = self._shown.get(key, (now, now))
        self._shown[key] = (first, now)
        return first


def merge(
    scores: Iterable[Score], related: Callable[[Score, Score], bool]
) -> list[tuple[Score, list[Score]]]:
    """Each score under the greatest (by people) that it is related to, or by itself."""
    heads: list[tuple[Score, list[Score]]] = []
    for score in sorted(scores, key=lambda s: (-s.people, -s.score, s.tag)):
        for head, others in heads:
            if related(score, head):
                others.append(score)
                break
        else:
            heads.append((score, []))
    return heads
