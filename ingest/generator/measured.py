"""Which figures does the generator draw from?

They stand in `measured.toml`, fitted by `fit.py`. What no set measured is chosen here, and says so.
"""

from __future__ import annotations

import math
import random
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

FILE = Path(__file__).with_name("measured.toml")


class LogNormal(NamedTuple):
    """Of the natural logarithm."""

    mu: float
    sigma: float

    @property
    def mean(self) -> float:
        return math.exp(self.mu + self.sigma**2 / 2)

    def draw(self, chance: random.Random) -> float:
        return chance.lognormvariate(self.mu, self.sigma)

    def density(self, x: float) -> float:
        """The probability density at `x`, which is positive."""
        z = (math.log(x) - self.mu) / self.sigma
        return math.exp(-z * z / 2) / (x * self.sigma * math.sqrt(2 * math.pi))


class Measured(msgspec.Struct, frozen=True):
    """Each field is explained where `fit.py` takes it from the data."""

    entries_per_day: LogNormal
    """Posts, replies and retweets of one account a day."""
    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    """Shares of all activity by hour of the day (UTC) and by day of the week (Monday first)."""
    crowd_sigma: float
    crowd_kept: float
    """How far an hour strays from its usual rate (in logarithms); what the next one keeps of it."""
    short_gaps: float
    short_gap_seconds: LogNormal
    long_gap_of_mean: LogNormal
    """The share of short gaps between one account's entries; the long ones in mean gaps."""
    post: float
    reply: float
    retweet: float
    likes_per_retweet: float
    dull: float
    """The share of tweets that nobody passes on."""
    appeal: LogNormal
    """How often others are passed on: how much a tweet attracts."""
    delay_minutes: LogNormal
    """From a tweet to its retweet."""
    following: LogNormal
    followers: LogNormal
    density: float
    """Of all follows possible in a community of some five hundred, the share that is there."""


@cache
def measured() -> Measured:
    """The shipped figures."""
    raw = tomllib.loads(FILE.read_text())
    gaps, mix, rate = raw["gaps"], raw["mix"], raw["rate"]

    def log_normal(section: dict[str, float]) -> LogNormal:
        return LogNormal(section["mu"], section["sigma"])

    return Measured(
        entries_per_day=LogNormal(rate["mu"] - math.log(rate["days"]), rate["sigma"]),
        hours=tuple(raw["rhythm"]["hours"]),
        weekdays=tuple(raw["rhythm"]["weekdays"]),
        crowd_sigma=raw["crowd"]["sigma"],
        crowd_kept=raw["crowd"]["kept_per_hour"],
        short_gaps=gaps["short"],
        short_gap_seconds=LogNormal(gaps["short_mu"], gaps["short_sigma"]),
        long_gap_of_mean=LogNormal(gaps["long_mu"], gaps["long_sigma"]),
        post=mix["post"],
        reply=mix["reply"],
        retweet=mix["retweet"],
        likes_per_retweet=mix["likes_per_retweet"],
        dull=raw["popularity"]["none"],
        appeal=log_normal(raw["popularity"]),
        delay_minutes=log_normal(raw["retweet_delay_minutes"]),
        following=log_normal(raw["following"]),
        followers=log_normal(raw["followers"]),
        density=raw["community"]["density"],
    )


# Chosen, not measured: research sets record what stands, seldom what was taken back.
QUOTES_OF_RETWEETS = 0.1
UNDONE = 0.04  # of likes, retweets and posts
FOLLOWS_PER_ENTRY = 0.05
UNFOLLOWS_OF_FOLLOWS = 0.2
HASHTAG = 0.35
MENTION = 0.2
