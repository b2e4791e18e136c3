"""How many people are usual for a tag at this hour of the week?

Batch counts the people of each tag in each hour of the last four weeks. What is usual in an hour
of the week is the mean of that hour in the weeks that are known, drawn towards the tag's mean in
that hour of all days, and this towards the tag's mean of all hours times the profile of all tags:

    daily(tag, h)  = (people(tag, h of the day)  + PULL * mean(tag) * profile(h)) / (days + PULL)
    usual(tag, h)  = (people(tag, h of the week) + PULL * daily(tag, h)) / (weeks + PULL)

So a tag of every Thursday is usual on Thursdays, one of every morning in the morning, and one that
is known for a day follows the day and night of all.

Longer windows see fewer people than their hours together, since one person is there in several:
the ratio is counted too, over the same weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from views.trends.windows import HOUR, WINDOWS, half_life

WEEKS = 4
HOURS_A_DAY = 24
HOURS_A_WEEK = 7 * HOURS_A_DAY
LOOKBACK = WEEKS * HOURS_A_WEEK * HOUR  # minutes
PULL = 2.0  # times that what an hour is drawn to weighs
LEAST = 3  # people-hours in all the weeks; of a tag with fewer nothing is usual

SQL = f"""
WITH used AS (
  SELECT tag, person_id, CAST(FLOOR(minute / {HOUR}) AS BIGINT) AS hour
  FROM tag_uses CROSS JOIN parameters WHERE minute >= since AND minute < until
  GROUP BY tag, person_id, CAST(FLOOR(minute / {HOUR}) AS BIGINT)
), hours AS (
  SELECT tag, MOD(hour, {HOURS_A_WEEK}) AS hour_of_week, COUNT(*) AS people
  FROM used GROUP BY tag, MOD(hour, {HOURS_A_WEEK})
), four AS (
  SELECT tag, COUNT(*) AS people FROM (
    SELECT DISTINCT tag, person_id, CAST(FLOOR(hour / 4) AS BIGINT) AS block FROM used
  ) AS blocks GROUP BY tag
), days AS (
  SELECT tag, COUNT(*) AS people FROM (
    SELECT DISTINCT tag, person_id, CAST(FLOOR(hour / 24) AS BIGINT) AS block FROM used
  ) AS blocks GROUP BY tag
), totals AS (
  SELECT tag, SUM(people) AS people FROM hours GROUP BY tag HAVING SUM(people) >= {LEAST}
)
SELECT hours.tag, hour_of_week, hours.people, four.people AS four_hours, days.people AS days
FROM hours JOIN totals ON hours.tag = totals.tag
JOIN four ON hours.tag = four.tag JOIN days ON hours.tag = days.tag
"""
"""Over `tag_uses(tag, person_id, minute)`, from minute `since` to before `until`, which are the row
of `parameters`.

Hours of the week count from Thursday 00:00 UTC, as 1970 began.
"""


class Row(NamedTuple):
    """Of one tag in one hour of the week; `people` is summed over the weeks."""

    tag: str
    hour_of_week: int
    people: int
    four_hours: int
    days: int


class Expected(NamedTuple):
    people: float
    decayed: float


@dataclass
class TagBaseline:
    hours: dict[int, int] = field(default_factory=dict)
    """People in each hour of the week, all weeks together."""

    four_hours: int = 0
    days: int = 0

    @property
    def total(self) -> int:
        return sum(self.hours.values())

    def ratio(self, window: str) -> float:
        """People of a window over those of its hours, in (0, 1]."""
        people = {"1h": self.total, "4h": self.four_hours, "24h": self.days}[window]
        return people / self.total


class Baseline:
    """What is usual, by history from minute `since` to before `until`.

    `profile` is by what factor an hour of the week differs from the mean of all.
    """

    def __init__(
        self, tags: Mapping[str, TagBaseline], profile: Sequence[float], since: int, until: int
    ) -> None:
        self.tags, self.profile, self.since, self.until = tags, profile, since, until
        self._hours = hours(since, until)
        self._weeks = _times_seen(since // HOUR, -(-until // HOUR))

    @classmethod
    def of(cls, rows: Iterable[Row], since: int, until: int) -> Baseline:
        tags: dict[str, TagBaseline] = defaultdict(TagBaseline)
        for row in rows:
            tag = tags[row.tag]
            tag.hours[row.hour_of_week] = row.people
            tag.four_hours, tag.days = row.four_hours, row.days
        return cls(dict(tags), profile(tags.values(), since, until), since, until)

    def expected(self, tag: str, window: str, now: int) -> Expected:
        """People that would be usual in the window that ends before minute `now`."""
        known = self.tags.get(tag)
        if known is None:
            return Expected(0.0, 0.0)
        people = decayed = 0.0
        for hour, minutes, weight in _hours_of(window, now):
            usual = self._usual(known, hour % HOURS_A_WEEK)
            people += usual * minutes / HOUR
            decayed += usual * weight / HOUR
        ratio = known.ratio(window)
        return Expected(people * ratio, decayed * ratio)

    def _usual(self, tag: TagBaseline, hour: int) -> float:
        """People in that hour of the week."""
        same_hours = range(hour % HOURS_A_DAY, HOURS_A_WEEK, HOURS_A_DAY)
        people = sum(tag.hours.get(same, 0) for same in same_hours)
        days = sum(self._weeks[same] for same in same_hours)
        mean = tag.total / self._hours
        daily = (people + PULL * mean * self.profile[hour]) / (days + PULL)
        return (tag.hours.get(hour, 0) + PULL * daily) / (self._weeks[hour] + PULL)


def hours(since: int, until: int) -> float:
    """Between two minutes; at least one, so that a mean can be taken."""
    return max(1.0, (until - since) / HOUR)


def profile(tags: Iterable[TagBaseline], since: int, until: int) -> list[float]:
    """By what factor each hour of the week differs from the mean of all; 1 where unknown."""
    people = [0] * HOURS_A_WEEK
    for tag in tags:
        for hour, number in tag.hours.items():
            people[hour] += number
    mean = sum(people) / hours(since, until)
    if not mean:
        return [1.0] * HOURS_A_WEEK
    weeks = _times_seen(since // HOUR, -(-until // HOUR))
    return [
        (number + PULL * mean) / ((times + PULL) * mean)
        for number, times in zip(people, weeks, strict=True)
    ]


def rows(found: Iterable[Mapping[str, int | str]]) -> list[Row]:
    """The rows of `SQL`, as an engine gives them by name."""
    return [Row(str(r["tag"]), *(int(r[name]) for name in Row._fields[1:])) for r in found]


def _times_seen(first: int, last: int) -> list[int]:
    """How often each hour of the week was in the hours from `first` to before `last`."""
    whole, rest = divmod(max(0, last - first), HOURS_A_WEEK)
    seen = [whole] * HOURS_A_WEEK
    for hour in range(first, first + rest):
        seen[hour % HOURS_A_WEEK] += 1
    return seen


def _hours_of(window: str, now: int) -> Iterable[tuple[int, int, float]]:
    """Each clock hour of the window: its number, its minutes in it, and these decayed.

    The hour that `now` is in counts as if it were over: what begins at each full hour would
    otherwise be above what is usual in its first minutes.
    """
    since, half = now - WINDOWS[window], half_life(window)
    for hour in range(since // HOUR, -(-now // HOUR)):
        first, last = max(since, hour * HOUR), (hour + 1) * HOUR
        ages = (now - 1 - first, max(0, now - last))
        weight = sum(2.0 ** (-age / half) for age in ages) / 2
        yield hour, last - first, (last - first) * weight
