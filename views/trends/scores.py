"""Is that more people than usual, and enough of them?

    score = decayed people / (decayed people that are usual + SMOOTHING)

after the source, whose score is recent over baseline, shown above 2. `SMOOTHING` stands for what
nobody could know before: a tag that was never used needs a score of people all the same. And a
trend needs people: fewer than `least_people` distinct ones never trend, however much they post.
"""

from __future__ import annotations

from typing import NamedTuple

from views.trends.baseline import Baseline
from views.trends.windows import WINDOWS, TagCounts

SHOWN_ABOVE = 2.0  # the source's
SMOOTHING = 5.0  # people


class Score(NamedTuple):
    """The evidence of one tag in one window."""

    tag: str
    window: str
    score: float
    people: int
    uses: int
    expected: float
    """People that would be usual in the window."""


def scores(
    tag: str, windows: TagCounts, baseline: Baseline, now: int, least_people: int
) -> list[Score]:
    """The windows in which the tag is used by more people than usual, one score each."""
    found = []
    for window in WINDOWS:
        counts = windows.counts(window, now)
        if counts.people < least_people:
            continue
        expected = baseline.expected(tag, window, now)
        score = counts.decayed / (expected.decayed + SMOOTHING)
        if score > SHOWN_ABOVE:
            found.append(Score(tag, window, score, counts.people, counts.uses, expected.people))
    return found
