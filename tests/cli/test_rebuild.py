"""A count that lost all it had in Redis comes back by one command, and goes on counting."""

from __future__ import annotations

import pytest
import redis

from replay import served
from settings import Settings
from tests.cli.test_command import starling
from tests.engines.waiting import until
from tests.realtime.playing import moved, play, world
from tests.views.cast import liked
from views.tweet_counts import TWEET_COUNTS


@pytest.mark.e2e
@pytest.mark.long
def test_a_wiped_count_is_rebuilt_and_the_open_epoch_counted_anew(platform: Settings) -> None:
    w = world()
    play(platform, [moved(event, w) for event in (liked(1, 10), liked(2, 10))])
    done = starling("rebuild", "tweet_counts", "--wipe")
    assert done.returncode == 0, done.stderr
    assert "counts the open epoch anew" in done.stderr
    until(lambda: likes(platform, 10 + w) == 2, 60)
    play(platform, [moved(liked(3, 10), w)])
    assert likes(platform, 10 + w) == 3


def likes(settings: Settings, tweet: int) -> int:
    with redis.Redis.from_url(settings.redis_url) as client:
        ((_, counts),) = served.counts(client, TWEET_COUNTS, [tweet])
    return counts["like_count"]
