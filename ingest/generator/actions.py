"""What can somebody in the made-up world do?

Users and tweets are numbers from 0 in the order in which they appear; whoever plays the actions
(through the API, or as events through the log) knows which ids those numbers got. `at_ms` counts
from the start of the world, a Monday midnight: no clock is read here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    at_ms: int
    user: int


@dataclass(frozen=True, slots=True)
class Post(Action):
    """`tweet` is the number of the tweet this makes; the others are numbers of earlier tweets."""

    tweet: int
    text: str
    reply_to: int | None = None
    quote_of: int | None = None


@dataclass(frozen=True, slots=True)
class OnTweet(Action):
    tweet: int


class Delete(OnTweet):
    __slots__ = ()


class Retweet(OnTweet):
    __slots__ = ()


class Unretweet(OnTweet):
    __slots__ = ()


class Like(OnTweet):
    __slots__ = ()


class Unlike(OnTweet):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OnUser(Action):
    followee: int


class Follow(OnUser):
    __slots__ = ()


class Unfollow(OnUser):
    __slots__ = ()
