"""Who works on this tweet now? One moderator at a time, for a while.

A claim is a lease in Redis: taken and given back by functions that compare and write in one step,
so of two who take at once one has it. Whoever goes away loses it when it ends. Without Redis nobody
claims (`StoreUnavailable`): two people would decide at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from serving.errors import Conflict
from serving.stores.redis import RedisStore


class Claim(NamedTuple):
    """`until_ms` in milliseconds since 1970, by this process's clock."""

    moderator_id: int
    until_ms: int


def claim_key(tweet_id: int) -> str:
    return f"claim:{tweet_id}"


class Claims:
    def __init__(self, redis: RedisStore, *, minutes: int) -> None:
        self._redis, self._ms = redis, minutes * 60_000

    def take(self, tweet_id: int, moderator_id: int, now_ms: int) -> Claim:
        """Takes it, or holds it longer. Raises `Conflict` where somebody else has it."""
        who, left = self._redis.command(
            "FCALL", "lease_take", 1, claim_key(tweet_id), moderator_id, self._ms
        )
        if int(who) != moderator_id:
            raise Conflict(f"Somebody else works on this, for {_minutes(left)} at most.")
        return Claim(moderator_id, now_ms + left)

    def release(self, tweet_id: int, moderator_id: int) -> bool:
        """Whether it was this moderator's."""
        done = self._redis.command("FCALL", "lease_release", 1, claim_key(tweet_id), moderator_id)
        return bool(done)

    def of(self, tweet_ids: Sequence[int], now_ms: int) -> dict[int, Claim]:
        """The claims on these tweets, where there are any."""
        commands = [
            command
            for id in tweet_ids
            for command in (("GET", claim_key(id)), ("PTTL", claim_key(id)))
        ]
        replies = self._redis.pipeline(commands)
        pairs = zip(tweet_ids, replies[::2], replies[1::2], strict=True)
        return {id: Claim(int(who), now_ms + left) for id, who, left in pairs if who and left > 0}


def _minutes(ms: int) -> str:
    minutes = max(1, -(-ms // 60_000))
    return "a minute" if minutes == 1 else f"{minutes} minutes"
