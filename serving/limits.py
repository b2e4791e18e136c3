"""How often may somebody ask, and how do they know?

A budget is a number of calls in a window that begins with the first of them and ends as a whole, as
X's do: `x-rate-limit-reset` says when. A call is counted against whoever asks (the user; without
one the app; without either the address) and against the platform as a whole, both or neither, in
one atomic function of Redis; a call that is refused is not counted. While Redis is away calls are
let through: a platform that answers nobody protects nobody.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from serving.errors import StoreUnavailable, TooManyRequests
from serving.metrics import LIMITS_NOT_COUNTED
from serving.stores.redis import RedisStore
from settings import Settings

# One slot holds all counters, so that one function may take from several of them on a cluster.
KEY = "rl:{limits}:"
QUARTER_HOUR, THREE_HOURS, DAY = 900, 3 * 3600, 24 * 3600

logger = structlog.get_logger()


class Rate(NamedTuple):
    """So many calls in so many seconds."""

    calls: int
    seconds: int


@dataclass(frozen=True)
class Standing:
    """What is left of a budget, for the answer's headers. `reset` is in seconds since 1970."""

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "x-rate-limit-limit": str(self.limit),
            "x-rate-limit-remaining": str(self.remaining),
            "x-rate-limit-reset": str(self.reset),
        }


API = "api"
"""The budget of every operation that has no other: one an operation, not one for all of them."""


def rates(settings: Settings) -> dict[str, Rate]:
    """The budgets by name."""
    return {
        API: Rate(settings.calls_per_quarter_hour, QUARTER_HOUR),
        "search": Rate(settings.searches_per_quarter_hour, QUARTER_HOUR),
        "timeline": Rate(settings.timelines_per_quarter_hour, QUARTER_HOUR),
        "tweets": Rate(settings.tweets_per_three_hours, THREE_HOURS),
        "likes": Rate(settings.likes_per_day, DAY),
        "follows": Rate(settings.follows_per_day, DAY),
        "reports": Rate(settings.reports_per_day, DAY),
    }


class Limits:
    def __init__(self, settings: Settings, redis: RedisStore) -> None:
        self._redis = redis
        self._rates = rates(settings)
        self._all = Rate(settings.requests_per_second, 1)

    def take(self, who: str, budget: str, operation: str) -> Standing:
        """Counts one call of `who`. Raises `TooManyRequests`, which then was not counted."""
        rate = self._rates[budget]
        bucket = operation if budget == API else budget
        now = time.time()
        try:
            refused, used, ends_ms = self._redis.command(
                *("FCALL", "limit_take", 2, f"{KEY}{bucket}:{who}", f"{KEY}all"),
                *(rate.calls, rate.seconds * 1000, self._all.calls, self._all.seconds * 1000),
            )
        except StoreUnavailable as error:
            LIMITS_NOT_COUNTED.inc()
            logger.warning("limits_not_counted", reason=error.reason)
            return Standing(rate.calls, rate.calls, int(now) + rate.seconds)
        standing = Standing(
            rate.calls, max(0, rate.calls - used), -int(-(now * 1000 + ends_ms) // 1000)
        )
        if refused:
            wait_s = standing.reset - now if refused == 1 else self._all.seconds
            raise TooManyRequests(standing, max(1, -int(-wait_s // 1)))
        return standing
