"""Which tweets and retweets of those I follow came last?

The home timeline is the newest `cap` tweets and retweets, not deleted, by those whom the reader
follows *now*. It is a function of two states, the edges and the tweets, so it does not matter in
which order their events arrive, as long as

- a tweet goes to all present followers of its author,
- a new follow brings the author's recent tweets along,
- an unfollow takes the author's tweets out again.

Deleted tweets and superseded versions stay as entries until the next cut and count toward the cap;
readers drop them. Otherwise a late append would revive a deleted tweet. A reader's own tweets are
not written here; they are merged at read from the reader's own timeline.

A list is a reader too: it follows its members, and its timeline is the home timeline of its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ingest.events import (
    AuthorClassified,
    EdgePlanned,
    Retweeted,
    TweetDeleted,
    TweetEdited,
    TweetPosted,
    Unretweeted,
)
from views.contract import JoinView
from views.relations import FOLLOWS, LIST_MEMBERS

READERS = ((FOLLOWS, "follower_id", "followee_id"), (LIST_MEMBERS, "list_id", "member_id"))
"""Who reads whom: relations with the columns of the reader and of the author."""

HOME_TIMELINE = JoinView(
    name="home_timeline",
    doc=__doc__,
    topics=("tweets", *(edges.topic for edges, _, _ in READERS), "classes", "plans"),
    events=(
        *(TweetPosted, TweetEdited, TweetDeleted, Retweeted, Unretweeted),
        *(AuthorClassified, EdgePlanned),  # whether entries are pushed, or pulled by the reader
        *(event for edges, _, _ in READERS for event in edges.events),
    ),
)


def home_timelines(
    edges: Iterable[tuple[int, int]], tweets: Mapping[int, Iterable[int]], *, cap: int
) -> dict[int, list[int]]:
    """The meaning in plain Python: each reader's newest `cap` ids, newest first.

    `edges` are `(follower_id, followee_id)`; `tweets` maps an author to the ids not deleted.

    >>> home_timelines([(1, 7), (1, 8)], {7: [10, 12], 8: [11]}, cap=2)
    {1: [12, 11]}
    """
    ids: dict[int, set[int]] = {}
    for follower_id, followee_id in edges:
        ids.setdefault(follower_id, set()).update(tweets.get(followee_id, ()))
    return {reader: sorted(found, reverse=True)[:cap] for reader, found in ids.items()}
