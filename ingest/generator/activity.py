"""What do people do, one act after the other?

    >>> from itertools import islice
    >>> world = World("a seed", users=50)
    >>> [type(action).__name__ for action in islice(world.activity(), 3)]  # doctest: +SKIP
    ['Post', 'Post', 'Retweet']

Who writes when comes from `timing`; what kind of entry it is follows the measured mix; what is
passed on or answered is a tweet of somebody they follow, the likelier the more it attracts and the
better its age fits the measured delay. So bursts around a tweet come out by themselves.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator

from ingest.generator.actions import (
    Action,
    Delete,
    Follow,
    Like,
    Post,
    Retweet,
    Unfollow,
    Unlike,
    Unretweet,
)
from ingest.generator.graph import follow_graph
from ingest.generator.measured import (
    FOLLOWS_PER_ENTRY,
    QUOTES_OF_RETWEETS,
    UNDONE,
    UNFOLLOWS_OF_FOLLOWS,
    Measured,
    measured,
)
from ingest.generator.people import people
from ingest.generator.text import text
from ingest.generator.timing import moments

LOOKED_AT = 12  # accounts whose newest tweets somebody scans before passing one on
KEPT = 5  # newest tweets of each account that are in view


class Standing:
    """A tweet that can be passed on: by whom, when, and how much it attracts."""

    __slots__ = ("appeal", "at_ms", "author", "tweet")

    def __init__(self, tweet: int, author: int, at_ms: int, appeal: float) -> None:
        self.tweet, self.author, self.at_ms, self.appeal = tweet, author, at_ms, appeal


class World:
    """People, whom they follow, and what they do. The same seed makes the same world.

    `following` is the mean number of followees to aim for; by default the measured one.
    """

    def __init__(
        self,
        seed: str,
        users: int,
        *,
        following: float | None = None,
        figures: Measured | None = None,
    ) -> None:
        if users < 2:
            raise ValueError("a world has at least two users")
        self.seed, self.users = seed, users
        self.figures = figures or measured()
        self.people = people(seed, users)
        self.follows = follow_graph(seed, users, self.figures, following)
        """The followees of each user at the start."""

    def activity(self) -> Iterator[Action]:
        """The actions in the order of time, for ever."""
        return _Day(self).actions()


class _Day:
    """What one run through a world has to remember."""

    def __init__(self, world: World) -> None:
        self.world, self.figures = world, world.figures
        self.chance = random.Random(f"{world.seed}/activity")
        self.follows = [dict.fromkeys(followees) for followees in world.follows]
        self.recent: list[deque[Standing]] = [deque(maxlen=KEPT) for _ in range(world.users)]
        self.retweeted: list[dict[int, None]] = [{} for _ in range(world.users)]
        self.liked: list[dict[int, None]] = [{} for _ in range(world.users)]
        self.tweets = 0

    def actions(self) -> Iterator[Action]:
        m = self.figures
        likes = m.retweet * m.likes_per_retweet
        for seconds, user in moments(self.world.seed, self.world.users, m):
            at_ms = int(seconds * 1000)
            yield self._entry(at_ms, user)
            if self.chance.random() < likes:
                yield from self._like(at_ms, user)
            if self.chance.random() < FOLLOWS_PER_ENTRY:
                yield from self._follow(at_ms, user)
            if self.chance.random() < UNDONE:
                yield from self._undo(at_ms, user)

    def _entry(self, at_ms: int, user: int) -> Action:
        m, roll = self.figures, self.chance.random()
        if roll < m.retweet + m.reply:
            found = self._pick(at_ms, user, self.retweeted[user])
            if found and roll < m.retweet * (1 - QUOTES_OF_RETWEETS):
                self.retweeted[user][found.tweet] = None
                return Retweet(at_ms, user, found.tweet)
            if found and roll < m.retweet:
                return self._post(at_ms, user, quote_of=found.tweet)
            if found:
                return self._post(at_ms, user, reply_to=found.tweet)
        return self._post(at_ms, user)

    def _post(
        self, at_ms: int, user: int, reply_to: int | None = None, quote_of: int | None = None
    ) -> Post:
        m, tweet = self.figures, self.tweets
        self.tweets += 1
        appeal = 0.0 if self.chance.random() < m.dull else m.appeal.draw(self.chance)
        self.recent[user].append(Standing(tweet, user, at_ms, appeal))
        followees = list(self.follows[user])
        known = self.world.people[self.chance.choice(followees)].username if followees else None
        return Post(at_ms, user, tweet, text(self.chance, known), reply_to, quote_of)

    def _like(self, at_ms: int, user: int) -> Iterator[Action]:
        found = self._pick(at_ms, user, self.liked[user])
        if found:
            self.liked[user][found.tweet] = None
            yield Like(at_ms, user, found.tweet)

    def _follow(self, at_ms: int, user: int) -> Iterator[Action]:
        mine = self.follows[user]
        if mine and self.chance.random() < UNFOLLOWS_OF_FOLLOWS:
            former = self.chance.choice(list(mine))
            del mine[former]
            yield Unfollow(at_ms, user, former)
            return
        # Friends of friends are whom one finds.
        near = list(self.follows[self.chance.choice(list(mine))]) if mine else []
        other = self.chance.choice(near) if near else self.chance.randrange(self.world.users)
        if other != user and other not in mine:
            mine[other] = None
            yield Follow(at_ms, user, other)

    def _undo(self, at_ms: int, user: int) -> Iterator[Action]:
        kind = self.chance.randrange(3)
        if kind == 0 and self.liked[user]:
            yield Unlike(at_ms, user, self.liked[user].popitem()[0])
        elif kind == 1 and self.retweeted[user]:
            yield Unretweet(at_ms, user, self.retweeted[user].popitem()[0])
        elif kind == 2 and self.recent[user]:
            last = self.recent[user].pop()
            yield Delete(at_ms, user, last.tweet)

    def _pick(self, at_ms: int, user: int, done: dict[int, None]) -> Standing | None:
        """A tweet of somebody this user follows that they did not do this to before, or None."""
        followees = list(self.follows[user])
        seen = self.chance.sample(followees, min(LOOKED_AT, len(followees)))
        found = [s for other in seen for s in self.recent[other] if s.tweet not in done]
        weights = [
            s.appeal * self.figures.delay_minutes.density(max(at_ms - s.at_ms, 1_000) / 60_000)
            for s in found
        ]
        return self.chance.choices(found, weights)[0] if sum(weights) > 0 else None
