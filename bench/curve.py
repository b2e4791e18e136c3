"""What does one delivery cost, from an author with 100 followers to one with 9,000?

A tweet's own costs (Kafka, Flink's work for one record, a round trip to each server) are shared by
its deliveries; what must not happen is that a delivery gets dearer the more followers there are.

    ./starling bench fanout --json > figures.jsonl
    python -m bench.curve figures.jsonl docs/images/cost-of-a-delivery.svg
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bench.drawing import lines
from bench.fanout_platform import FanOutPlatform, made_up_readers
from bench.figures import Figure, values
from bench.steady import FIRST_ID

FOLLOWERS = (100, 300, 1_000, 3_000, 9_000)
WRITES = 900_000  # of each author, or the tweets below if fewer
TWEETS_AT_MOST = 3_000
FIRST_AUTHOR = FIRST_ID + 100
NAMES = {
    "wall": "on the clock",
    "redis_cpu": "processor, Redis",
    "flink_cpu": "processor, Flink",
}
KINDS = tuple(NAMES)

Costs = Mapping[int, Mapping[str, float]]
"""Microseconds a delivery by kind, for each number of followers."""


def curve(platform: FanOutPlatform) -> Iterator[Figure]:
    """Three costs for each number of followers, each against that of 1,000."""
    readers = made_up_readers(max(FOLLOWERS))
    platform.open_homes(readers)
    costs = {n: _cost(platform, FIRST_AUTHOR + at, readers[:n]) for at, n in enumerate(FOLLOWERS)}
    for followers, cost in costs.items():
        for kind in KINDS:
            peer = ("1000_followers", costs[1_000][kind])
            yield Figure("fanout", _measure(kind, followers), cost[kind], *peer)


def _measure(kind: str, followers: int) -> str:
    return f"{kind}_us_a_delivery_{followers}_followers"


def costs_in(lines: Iterable[str]) -> Costs:
    """The costs among the JSON lines of `bench fanout`. Raises `KeyError` where one is missing."""
    found = values(lines)
    return {n: {kind: found[_measure(kind, n)] for kind in KINDS} for n in FOLLOWERS}


def _cost(platform: FanOutPlatform, author: int, readers: list[int]) -> dict[str, float]:
    platform.follow(author, readers)
    tweets = min(TWEETS_AT_MOST, WRITES // len(readers))
    platform.tweet([author], tweets // 10)
    spent = platform.tweet([author], tweets)
    platform.check(readers[:: max(1, len(readers) // 50)])
    a_write = 1e6 / (tweets * len(readers))
    return {
        "wall": spent.wall * a_write,
        "redis_cpu": sum(spent.redis) * a_write,
        "flink_cpu": spent.flink * a_write,
    }


def draw(costs: Costs, file: Path) -> None:
    """Writes the curve, each number of followers as far from the next."""
    lines(
        file,
        title="Cost of a delivery, microseconds",
        x_title="followers of the author",
        x_labels=[f"{n:,}" for n in costs],
        series={
            name: [round(cost[kind], 3) for cost in costs.values()] for kind, name in NAMES.items()
        },
    )


if __name__ == "__main__":
    figures, picture = map(Path, sys.argv[1:])
    draw(costs_in(figures.read_text().splitlines()), picture)
