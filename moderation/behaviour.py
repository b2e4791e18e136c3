"""Does somebody behave as only machines and advertisers do?

From counts that the speed layer keeps and the batch layer can recount: both pass the same struct
and get the same answer. No single count convicts: what people do now and then weighs nothing, and
even what nobody does by hand stays below one. Who repeats themselves to their own followers wants
nothing of strangers: without a link or a name, repetition alone sends no text to review.

>>> behaviour(Activity(posts_hour=5, follows_hour=3)), behaviour(Activity(like_texts_day=40)) > 0.8
(0.0, True)
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, fields

import regex

from moderation.reading import reading

CERTAIN = 0.9  # the weight of one sign alone, however strong
AMONG_FOLLOWERS = 0.6  # of repetition that asks nothing of strangers: below every limit of review
NEW_ACCOUNT_HOURS = 24.0  # until then half of everything is as much


@dataclass(frozen=True)
class Activity:
    """What an account did before this text, counted back from its time; all 0 where unknown."""

    posts_minute: int = 0
    posts_hour: int = 0
    same_texts_day: int = 0  # with this text's `same_text`
    like_texts_day: int = 0  # with this text's `like_text`
    links_hour: int = 0  # posts with links
    mentions_hour: int = 0  # of people who do not follow the account
    follows_hour: int = 0
    unfollows_hour: int = 0
    churned_day: int = 0  # people followed and unfollowed again
    account_hours: float = math.inf  # since the account was made
    reaches_out: bool = True  # this text has a link, or names people whom it does not answer


# A count up to the first number is what people do; at the second nobody believes in a person. The
# source's limits (300 posts in three hours, 400 follows a day) bound what an account can do at all.
_FREE_AND_CERTAIN: dict[str, tuple[int, int]] = {
    "posts_minute": (10, 60),  # a thread is sent at once
    "posts_hour": (40, 200),
    "links_hour": (15, 80),
    "mentions_hour": (20, 100),
    "follows_hour": (60, 300),
    "unfollows_hour": (60, 300),
    "churned_day": (15, 100),
}
_REPEATED: dict[str, tuple[int, int]] = {"same_texts_day": (2, 10), "like_texts_day": (4, 20)}


def behaviour(activity: Activity) -> float:
    """How much a machine this is, 0 up to below 1."""
    ease = 0.5 if activity.account_hours < NEW_ACCOUNT_HOURS else 1.0

    def weights(signs: dict[str, tuple[int, int]]) -> list[float]:
        return [
            _weight(getattr(activity, name), free * ease, certain * ease)
            for name, (free, certain) in signs.items()
        ]

    most = CERTAIN if activity.reaches_out else AMONG_FOLLOWERS
    repeated = most * max(weights(_REPEATED))  # the very same is alike too: one sign, not two
    human = 1 - repeated
    for weight in weights(_FREE_AND_CERTAIN):
        human *= 1 - CERTAIN * weight
    return 1 - human


def together(content: float, behaved: float) -> float:
    """Spam by what it says or by how it was sent: either is enough, both are surer."""
    return 1 - (1 - content) * (1 - behaved)


def same_text(text: str) -> str:
    """A key that two texts share when they read the same."""
    return _key(reading(text))


def like_text(text: str) -> str:
    """A key that two texts share when they differ by links, names, numbers and signs alone.

    >>> like_text("@bob WIN 500 now!! http://a.example") == like_text("@carol win 900 NOW")
    True
    """
    return _key("".join(_WORDS.findall(_SWAPPED.sub("", reading(text)))))


_SWAPPED = regex.compile(r"@user|\bhttp\b")
_WORDS = regex.compile(r"\p{L}+")


def _weight(count: float, free: float, certain: float) -> float:
    """0 up to `free`, 1 from `certain` on."""
    if count <= free:
        return 0.0
    return min(1.0, math.log(count / free) / math.log(certain / free))


def _key(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


assert {*_FREE_AND_CERTAIN, *_REPEATED, "account_hours", "reaches_out"} == {
    each.name for each in fields(Activity)
}
