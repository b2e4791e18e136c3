"""Which views are there? A new view is one file here and one line below."""

from __future__ import annotations

from ingest.events import Event
from views.contract import FoldView, JoinView, StateView, View
from views.home_timeline import HOME_TIMELINE
from views.retweets import RETWEETS
from views.tweet_counts import TWEET_COUNTS
from views.tweets import TWEETS
from views.user_counts import USER_COUNTS
from views.user_timeline import USER_TIMELINE
from views.users import USERS

VIEWS: tuple[View, ...] = (
    TWEETS,
    RETWEETS,
    USERS,
    USER_TIMELINE,
    HOME_TIMELINE,
    TWEET_COUNTS,
    USER_COUNTS,
)


class UnknownView(KeyError):
    """There is no such view; the message names those there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no view {name!r}; there are {', '.join(v.name for v in VIEWS)}")

    def __str__(self) -> str:
        return str(self.args[0])


def view(name: str) -> View:
    """The view of that name. Raises `UnknownView`."""
    for candidate in VIEWS:
        if candidate.name == name:
            return candidate
    raise UnknownView(name)


def fold_views() -> tuple[FoldView, ...]:
    return tuple(v for v in VIEWS if isinstance(v, FoldView))


def state_views() -> tuple[StateView, ...]:
    return tuple(v for v in VIEWS if isinstance(v, StateView))


def join_views() -> tuple[JoinView, ...]:
    return tuple(v for v in VIEWS if isinstance(v, JoinView))


def views_of(event: type[Event]) -> tuple[View, ...]:
    """The views that an event of this type can change: where does it go?"""
    return tuple(v for v in VIEWS if event in v.events)
