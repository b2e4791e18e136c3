"""Histories and the counts they must give, in every engine.

Each case is a list of events, in the order of the log, and for a view the totals that all epochs
together must give: `(key, measure) -> total`, zero totals left out. The Flink and Spark tests run
the same cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.events import Event
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    blocked,
    bookmarked,
    declined,
    deleted,
    edited,
    followed,
    liked,
    list_followed,
    list_made,
    list_unfollowed,
    listed,
    posted,
    requested,
    retweeted,
    unbookmarked,
    unfollowed,
    unliked,
    unlisted,
    unretweeted,
    voted,
)
from views.contract import FoldRow
from views.registry import fold_views
from views.tag_sketch import TAG_SKETCH
from views.trends.sketch import ALL, cells

BY_ID = tuple(view for view in fold_views() if view is not TAG_SKETCH)
"""Views whose keys are ids, so that several histories can lie side by side."""

Totals = dict[tuple[int, str], int]


@dataclass(frozen=True)
class Case:
    name: str
    events: list[Event]
    tweet_counts: Totals = field(default_factory=dict)
    user_counts: Totals = field(default_factory=dict)
    list_counts: Totals = field(default_factory=dict)
    poll_counts: Totals = field(default_factory=dict)
    tag_sketch: Totals = field(default_factory=dict)

    def totals(self, view: str) -> Totals:
        totals: Totals = getattr(self, view)
        return totals


def totals_of(rows: Iterable[FoldRow]) -> Totals:
    """All epochs of each key and measure together."""
    totals: Totals = {}
    for row in rows:
        place = (row.key, row.measure)
        totals[place] = totals.get(place, 0) + row.total
    return {place: total for place, total in totals.items() if total}


CASES = [
    Case("nothing happened", []),
    Case(
        "a like counts",
        [liked(ALICE, 10)],
        tweet_counts={(10, "like_count"): 1},
    ),
    Case(
        "liking twice is one like",
        [liked(ALICE, 10), liked(ALICE, 10)],
        tweet_counts={(10, "like_count"): 1},
    ),
    Case(
        "an unlike after two likes is zero",
        [liked(ALICE, 10), liked(ALICE, 10), unliked(ALICE, 10)],
    ),
    Case("an unlike of nothing is zero", [unliked(ALICE, 10)]),
    Case(
        "two people like a tweet and one takes it back, epochs later",
        [liked(ALICE, 10), liked(BOB, 10), *[liked(CAROL, 11)] * 6, unliked(ALICE, 10)],
        tweet_counts={(10, "like_count"): 1, (11, "like_count"): 1},
    ),
    Case(
        "replies and quotes count on what they answer and quote",
        [
            posted(10, ALICE),
            posted(11, BOB, reply_to_id=10),
            posted(12, CAROL, quote_of_id=10),
            posted(13, CAROL, reply_to_id=10, quote_of_id=11),
        ],
        tweet_counts={
            (10, "reply_count"): 2,
            (10, "quote_count"): 1,
            (11, "quote_count"): 1,
        },
        user_counts={
            (ALICE, "tweet_count"): 1,
            (BOB, "tweet_count"): 1,
            (CAROL, "tweet_count"): 2,
        },
    ),
    Case(
        "a deleted reply no longer counts, however often it is deleted",
        [
            posted(10, ALICE),
            posted(11, BOB, reply_to_id=10),
            deleted(11, BOB, reply_to_id=10),
            deleted(11, BOB, reply_to_id=10),
        ],
        user_counts={(ALICE, "tweet_count"): 1},
    ),
    Case(
        "a retweet counts on the tweet and for its author, once",
        [posted(10, ALICE), retweeted(20, BOB, 10), retweeted(20, BOB, 10)],
        tweet_counts={(10, "retweet_count"): 1},
        user_counts={(ALICE, "tweet_count"): 1, (BOB, "tweet_count"): 1},
    ),
    Case(
        "a retweet taken back and made again counts once",
        [retweeted(20, BOB, 10), unretweeted(20, BOB, 10), retweeted(21, BOB, 10)],
        tweet_counts={(10, "retweet_count"): 1},
        user_counts={(BOB, "tweet_count"): 1},
    ),
    Case(
        "follows count on both sides, once, until taken back",
        [
            followed(ALICE, BOB),
            followed(ALICE, BOB),
            followed(CAROL, BOB),
            followed(ALICE, CAROL),
            unfollowed(ALICE, CAROL),
        ],
        user_counts={
            (BOB, "followers_count"): 2,
            (ALICE, "following_count"): 1,
            (CAROL, "following_count"): 1,
        },
    ),
    Case(
        "a request to follow, a refusal and a block count nothing",
        [requested(ALICE, BOB), declined(ALICE, BOB), requested(CAROL, BOB), blocked(BOB, ALICE)],
    ),
    Case(
        "bookmarks count on the tweet until taken back",
        [bookmarked(ALICE, 10), bookmarked(ALICE, 10), bookmarked(BOB, 10), unbookmarked(BOB, 10)],
        tweet_counts={(10, "bookmark_count"): 1},
    ),
    Case(
        "a list counts its members and followers, and its members count it",
        [
            list_made(20, ALICE),
            listed(20, ALICE, BOB),
            listed(20, ALICE, BOB),
            listed(20, ALICE, CAROL),
            unlisted(20, ALICE, CAROL),
            list_followed(CAROL, 20),
            list_followed(BOB, 20),
            list_unfollowed(BOB, 20),
        ],
        user_counts={(BOB, "listed_count"): 1},
        list_counts={(20, "member_count"): 1, (20, "follower_count"): 1},
    ),
    Case(
        "a list that turns private no longer counts for its members, until it is public again",
        [
            listed(20, ALICE, BOB),
            listed(20, ALICE, BOB, private=True),
            listed(20, ALICE, CAROL, private=True),
            listed(20, ALICE, CAROL),
        ],
        user_counts={(CAROL, "listed_count"): 1},
        list_counts={(20, "member_count"): 2},
    ),
    Case(
        "an edit is no tweet more, and its deletion takes back one",
        [
            posted(10, ALICE),
            posted(11, BOB, reply_to_id=10),
            edited("11,15", BOB, reply_to_id=10),
            liked(CAROL, 11),
            posted(12, CAROL, quote_of_id=10),
            edited("12,16", CAROL, quote_of_id=10),
            deleted(16, CAROL, quote_of_id=10),
            deleted(12, CAROL, quote_of_id=10),
        ],
        tweet_counts={(10, "reply_count"): 1, (11, "like_count"): 1},
        user_counts={(ALICE, "tweet_count"): 1, (BOB, "tweet_count"): 1},
    ),
    Case(
        "of a voter the last choice counts, once",
        [voted(ALICE, 10, 1), voted(BOB, 10, 1), voted(BOB, 10, 2), voted(BOB, 10, 2)],
        poll_counts={(10, "option_1"): 1, (10, "option_2"): 1},
    ),
    Case(
        "a tag counts once a tweet, on a counter of each row, and is not taken back",
        [
            posted(10, ALICE, text="#Storm! #storm"),
            posted(10, ALICE, text="#Storm! #storm"),
            posted(11, BOB, text="＃ｓｔｏｒｍ"),
            posted(12, BOB, text="a storm, #1"),
            deleted(11, BOB),
        ],
        user_counts={(ALICE, "tweet_count"): 1, (BOB, "tweet_count"): 1},
        tag_sketch={(cell, "tag_uses"): 2 for cell in (*cells("storm"), ALL)},
    ),
]
