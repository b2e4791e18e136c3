"""What has each account done lately, that its next text is judged by?

Told of posts and follows in the order of the log, and asked before each post is told; so the speed
layer and the batch layer, each with its own, say the same. Bounded: of each account the last
`POSTS` posts of a day and `FOLLOWS` acts, of the accounts those that did something last. Times are
those of the acts themselves, in milliseconds.

`mentions_hour` counts people whom a post names and does not answer: who of them follows the account
is not known here.

>>> seen = Activities()
>>> for second in range(3):
...     seen.posted(7, 1_000 * second, "buy now http://a.example", mentions=0)
>>> before = seen.before(7, 3_000, "buy NOW!! http://b.example")
>>> before.posts_minute, before.same_texts_day, before.like_texts_day, before.links_hour
(3, 0, 3, 3)
>>> before.reaches_out, seen.before(7, 3_000, "no link here").reaches_out
(True, False)
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import NamedTuple

from moderation.behaviour import Activity, like_text, same_text
from moderation.finding import links

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ACCOUNTS = 100_000
POSTS = 300  # an account may post no more in three hours
FOLLOWS = 500  # nor follow more than 400 a day


class _Post:
    """Cuts its text up only when the account posts again, for most do not so soon."""

    __slots__ = ("_read", "_text", "at_ms", "mentions")

    def __init__(self, at_ms: int, text: str, mentions: int) -> None:
        self.at_ms, self.mentions = at_ms, mentions
        self._text = text
        self._read: _Read | None = None

    @property
    def read(self) -> _Read:
        if self._read is None:
            self._read, self._text = _Read.of(self._text), ""
        return self._read


class _Read(NamedTuple):
    same: str
    like: str
    has_link: bool

    @classmethod
    def of(cls, text: str) -> _Read:
        return cls(same_text(text), like_text(text), any(links(text)))


class _Act(NamedTuple):
    at_ms: int
    other_id: int
    on: bool


@dataclass
class _Lately:
    posts: deque[_Post] = field(default_factory=lambda: deque(maxlen=POSTS))
    follows: deque[_Act] = field(default_factory=lambda: deque(maxlen=FOLLOWS))


class Activities:
    """Not for several threads."""

    def __init__(self, accounts: int = ACCOUNTS) -> None:
        self._accounts = accounts
        self._lately: OrderedDict[int, _Lately] = OrderedDict()

    def posted(self, account_id: int, at_ms: int, text: str, mentions: int) -> None:
        """`mentions`: how many people it names whom it does not answer."""
        self._of(account_id).posts.append(_Post(at_ms, text, mentions))

    def followed(self, account_id: int, at_ms: int, other_id: int, on: bool = True) -> None:
        """Or unfollowed, where not `on`."""
        self._of(account_id).follows.append(_Act(at_ms, other_id, on))

    def before(
        self,
        account_id: int,
        at_ms: int,
        text: str,
        mentions: int = 0,
        account_hours: float = float("inf"),
    ) -> Activity:
        """What the account did before it says this at `at_ms`; `mentions` as in `posted`."""
        lately = self._lately.get(account_id)
        reaches_out = mentions > 0 or any(links(text))
        if lately is None:
            return Activity(account_hours=account_hours, reaches_out=reaches_out)
        day = [post for post in lately.posts if at_ms - DAY < post.at_ms <= at_ms]
        hour = [post for post in day if post.at_ms > at_ms - HOUR]
        acts = [act for act in lately.follows if at_ms - DAY < act.at_ms <= at_ms]
        acts_hour = [act for act in acts if act.at_ms > at_ms - HOUR]
        read = _Read.of(text) if day else None  # else nobody asks, and cutting a text up costs
        follows = sum(act.on for act in acts_hour)
        return Activity(
            posts_minute=sum(post.at_ms > at_ms - MINUTE for post in hour),
            posts_hour=len(hour),
            same_texts_day=sum(post.read.same == read.same for post in day) if read else 0,
            like_texts_day=sum(post.read.like == read.like for post in day) if read else 0,
            links_hour=sum(post.read.has_link for post in hour),
            mentions_hour=sum(post.mentions for post in hour),
            follows_hour=follows,
            unfollows_hour=len(acts_hour) - follows,
            churned_day=_churned(acts),
            account_hours=account_hours,
            reaches_out=reaches_out,
        )

    def _of(self, account_id: int) -> _Lately:
        found = self._lately.setdefault(account_id, _Lately())
        self._lately.move_to_end(account_id)
        if len(self._lately) > self._accounts:
            self._lately.popitem(last=False)
        return found


def _churned(acts: list[_Act]) -> int:
    """How many were followed and unfollowed again."""
    followed: set[int] = set()
    churned: set[int] = set()
    for act in acts:
        if act.on:
            followed.add(act.other_id)
        elif act.other_id in followed:
            churned.add(act.other_id)
    return len(churned)
