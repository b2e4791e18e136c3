"""Which views are there? A new view is one file here and one line below."""

from __future__ import annotations

from ingest.events import Event
from views import follow_graph, search_index
from views.blocked_by import BLOCKED_BY
from views.blocked_tags import BLOCKED_TAGS
from views.blocking import BLOCKING
from views.bookmarks import BOOKMARKS
from views.celebrities import CELEBRITIES
from views.contract import FoldView, JoinView, SnapshotView, StateView, View
from views.conversations import CONVERSATIONS
from views.dismissed_suggestions import DISMISSED_SUGGESTIONS
from views.edge_plan import EDGE_PLAN
from views.edges import EdgeView
from views.features.activity import PAIR_ACTIVITY, TWEET_ACTIVITY, USER_ACTIVITY
from views.follow_requests import FOLLOW_REQUESTS
from views.followed_lists import FOLLOWED_LISTS
from views.followers import FOLLOWERS
from views.following import FOLLOWING
from views.hidden_replies import HIDDEN_REPLIES
from views.home_timeline import HOME_TIMELINE
from views.known_spam import KNOWN_SPAM
from views.liked_tweets import LIKED_TWEETS
from views.liking_users import LIKING_USERS
from views.list_counts import LIST_COUNTS
from views.list_followers import LIST_FOLLOWERS
from views.list_members import LIST_MEMBERS
from views.list_memberships import LIST_MEMBERSHIPS
from views.lists import LISTS
from views.mentions import MENTIONS
from views.moderation_audit import MODERATION_AUDIT
from views.moderation_history import MODERATION_HISTORY
from views.moderation_notices import MODERATION_NOTICES
from views.moderation_states import MODERATION_STATES
from views.muting import MUTING
from views.owned_lists import OWNED_LISTS
from views.pinned_lists import PINNED_LISTS
from views.poll_counts import POLL_COUNTS
from views.poll_votes import POLL_VOTES
from views.pulled_authors import PULLED_AUTHORS
from views.pulled_edges import PULLED_EDGES
from views.quotes import QUOTES
from views.reports_made import REPORTS_MADE
from views.reposts import REPOSTS
from views.retweets import RETWEETS
from views.review_queue import REVIEW_QUEUE
from views.search_documents import SEARCH_DOCUMENTS
from views.tag_sketch import TAG_SKETCH
from views.trend_history import TREND_HISTORY
from views.tweet_counts import TWEET_COUNTS
from views.tweet_reports import TWEET_REPORTS
from views.tweets import TWEETS
from views.user_counts import USER_COUNTS
from views.user_timeline import USER_TIMELINE
from views.users import USERS

VIEWS: tuple[View, ...] = (
    TWEETS,
    RETWEETS,
    REPOSTS,
    QUOTES,
    MENTIONS,
    CONVERSATIONS,
    HIDDEN_REPLIES,
    POLL_VOTES,
    USERS,
    LIKED_TWEETS,
    LIKING_USERS,
    BOOKMARKS,
    FOLLOWING,
    FOLLOWERS,
    FOLLOW_REQUESTS,
    BLOCKING,
    BLOCKED_BY,
    MUTING,
    DISMISSED_SUGGESTIONS,
    LISTS,
    OWNED_LISTS,
    LIST_MEMBERS,
    LIST_MEMBERSHIPS,
    LIST_FOLLOWERS,
    FOLLOWED_LISTS,
    PINNED_LISTS,
    USER_TIMELINE,
    PULLED_AUTHORS,
    PULLED_EDGES,
    TREND_HISTORY,
    BLOCKED_TAGS,
    MODERATION_STATES,
    TWEET_REPORTS,
    REPORTS_MADE,
    REVIEW_QUEUE,
    MODERATION_HISTORY,
    MODERATION_AUDIT,
    MODERATION_NOTICES,
    KNOWN_SPAM,
    HOME_TIMELINE,
    TWEET_COUNTS,
    USER_COUNTS,
    LIST_COUNTS,
    POLL_COUNTS,
    TAG_SKETCH,
)

ASIDES: tuple[StateView, ...] = (SEARCH_DOCUMENTS,)
"""State that a process of its own brings into a store of its own, beside the speed jobs."""

ACTIVITIES: tuple[FoldView, ...] = (USER_ACTIVITY, TWEET_ACTIVITY, PAIR_ACTIVITY)
"""Counts that are read in windows, as features: `views/features/`. Nobody reads their totals."""

SNAPSHOTS: tuple[SnapshotView, ...] = (CELEBRITIES, EDGE_PLAN)
"""What batch decides a generation at a time; `batch/generations.py`."""


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


def edge_views() -> tuple[EdgeView, ...]:
    return tuple(v for v in VIEWS if isinstance(v, EdgeView))


def views_of(event: type[Event]) -> tuple[View, ...]:
    """The views that an event of this type can change: where does it go?"""
    return tuple(v for v in (*VIEWS, *ASIDES, *ACTIVITIES) if event in v.events)


_JOBS: dict[str, tuple[View, ...]] = {
    "fanout": join_views(),
    "state": state_views(),
    "folds": (*fold_views(), *ACTIVITIES),
}
JOB_TOPICS: dict[str, frozenset[str]] = {
    job: frozenset(topic for view in views for topic in view.topics) for job, views in _JOBS.items()
}
"""Which topics each speed job reads for its views, and says how far it is in."""

ASIDE_TOPICS: dict[str, frozenset[str]] = {
    follow_graph.JOB: frozenset({follow_graph.TOPIC}),
    search_index.JOB: frozenset(search_index.TOPICS),
}
"""The same of those that only some endpoints wait for: nobody else minds how far they are."""
