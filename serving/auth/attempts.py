"""May somebody guess once more? So many a window, for each name and for each address.

An attempt is counted before the guess is looked at, so that many at once get no further than one
after the other; a good one is taken back. Names are counted as they were typed, whether they exist
or not, and lie hashed.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from serving.errors import StoreUnavailable, TooManyAttempts
from serving.stores.redis import RedisStore

GIVE_BACK = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
"""


class Attempts:
    def __init__(self, redis: RedisStore, *, window_seconds: int) -> None:
        self._redis, self._window_seconds = redis, window_seconds

    def take(self, what: str, who: str, limit: int) -> None:
        """Raises `TooManyAttempts`, which is not counted, or `StoreUnavailable`."""
        refused, _, left_ms = self._redis.command(
            "FCALL", "limit_take", 1, _key(what, who), limit, self._window_seconds * 1000
        )
        if refused:
            raise TooManyAttempts(max(1, -(-left_ms // 1000)))

    def give_back(self, what: str, who: str) -> None:
        """The attempt was a good one."""
        with suppress(StoreUnavailable):  # one fewer is left for a while
            self._redis.command("EVAL", GIVE_BACK, 1, _key(what, who))


def _key(what: str, who: str) -> str:
    return f"attempts:{what}:{sha256(who.lower().encode()).hexdigest()[:32]}"
