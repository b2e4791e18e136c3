"""Runs in stream-framework's own environment: how many deliveries does it make in a process?

    python stream_peer_side.py REDIS_PORT AUTHORS FOLLOWERS TWEETS

Its manager with its Redis feeds, of 800 entries, as its documentation has it. Its fan-out tasks are
called where they would be queued, so no task queue is waited for and none is paid. Prints
deliveries a second and its own processor microseconds a delivery.
"""

import datetime
import sys
import time

from stream_framework import settings

PORT, AUTHORS, FOLLOWERS, TWEETS = map(int, sys.argv[1:])
settings.STREAM_REDIS_CONFIG["default"]["port"] = PORT

from stream_framework.activity import Activity  # noqa: E402  # reads the settings
from stream_framework.feed_managers.base import FanoutPriority, Manager  # noqa: E402
from stream_framework.feeds.redis import RedisFeed  # noqa: E402
from stream_framework.verbs.base import Add  # noqa: E402

READERS = [(1 << 60) + 1_000_003 * n for n in range(1, FOLLOWERS + 1)]


class Home(RedisFeed):
    key_format = "stream:home:%(user_id)s"
    max_length = 800


class Own(RedisFeed):
    key_format = "stream:own:%(user_id)s"


class InProcess(Manager):
    feed_classes = {"home": Home}  # noqa: RUF012
    user_feed_class = Own

    def get_user_follower_ids(self, user_id):
        return {FanoutPriority.HIGH: READERS}

    def create_fanout_tasks(self, follower_ids, feed_class, operation, operation_kwargs, **_):
        for first in range(0, len(follower_ids), self.fanout_chunk_size):
            some = follower_ids[first : first + self.fanout_chunk_size]
            self.fanout(some, feed_class, operation, operation_kwargs)


def main():
    manager, noon = InProcess(), datetime.datetime(2026, 1, 1, 12)
    used, began = time.process_time(), time.perf_counter()
    for n in range(TWEETS):
        at = noon + datetime.timedelta(milliseconds=n)
        author = (1 << 60) + n % AUTHORS
        # The tweet's id may have ten digits at most there.
        manager.add_user_activity(author, Activity(author, Add, n, time=at))
    took, used = time.perf_counter() - began, time.process_time() - used
    made = TWEETS * FOLLOWERS
    last = Home(READERS[-1])[0:1]
    if not last or last[0].object_id != TWEETS - 1:
        sys.exit("its last reader does not have the last tweet")
    print(made / took, 1e6 * used / made)


main()
