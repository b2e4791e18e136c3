"""Random histories for the laws: who does what, how often, and how partitions interleave."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any

import hypothesis
from hypothesis import strategies as st

from ingest.events import (
    Bookmarked,
    Event,
    Followed,
    Liked,
    ListFollowed,
    ListMemberAdded,
    PollVoted,
    Retweeted,
    TweetPosted,
)
from tests.views.cast import (
    CAROL,
    NAMES,
    accepted,
    appealed,
    blocked,
    bookmarked,
    classified,
    decided,
    declined,
    deleted,
    dismissed,
    edited,
    followed,
    hidden,
    home_read,
    liked,
    list_changed,
    list_followed,
    list_gone,
    list_made,
    list_pinned,
    list_unfollowed,
    list_unpinned,
    listed,
    muted,
    planned,
    posted,
    reported,
    requested,
    retweeted,
    review_requested,
    scored,
    tag_blocked,
    tag_unblocked,
    trended,
    unblocked,
    unbookmarked,
    unfollowed,
    unhidden,
    unliked,
    unlisted,
    unmuted,
    unretweeted,
    voted,
)
from tests.views.records import Record, log_of
from views.trends.sketch import ALL, cells

users = st.sampled_from(sorted(NAMES))
few_tweets = st.integers(10, 14)  # few, so that people meet on them
few_lists = st.integers(20, 22)


def _parent(id: int) -> int | None:
    """A tweet's parent and quoted tweet follow from its id, as they are facts of the tweet."""
    return id - 1 if id % 2 else None


def _quoted(id: int) -> int | None:
    return id - 2 if id % 3 == 0 else None


def _author(id: int) -> int:
    return id % len(NAMES) + 1


def _mentioned(id: int) -> str | None:
    return f"{id % 3 + 1},0,4" if id % 2 else None


def _facts(id: int) -> dict[str, Any]:
    return {
        "reply_to_id": _parent(id),
        "quote_of_id": _quoted(id),
        "mention_ids": _mentioned(id),
    }


def said(id: int) -> str:
    """Tags too; what a tweet says is a fact of it."""
    return ("nothing", "#Storm! #storm", "#café in the #storm")[id % 3]


def one_of(*acts: Callable[[int, int], Event]) -> st.SearchStrategy[Callable[[int, int], Event]]:
    return st.sampled_from(acts)


def act(how: Callable[[int, int], Event], one: int, other: int) -> Event:
    return how(one, other)


likes = st.builds(act, one_of(liked, unliked, bookmarked, unbookmarked), users, few_tweets)
follows = st.builds(act, one_of(followed, unfollowed, requested, declined, accepted), users, users)
keeping_away = st.builds(act, one_of(blocked, unblocked, muted, unmuted, dismissed), users, users)
lists = st.builds(
    lambda how, id: how(id, _author(id)), one_of(list_made, list_changed, list_gone), few_lists
)
memberships = st.builds(
    lambda how, id, member: how(id, _author(id), member),
    st.sampled_from([listed, partial(listed, private=True), unlisted]),
    few_lists,
    users,
)
readers_of_lists = st.builds(
    act,
    one_of(list_followed, list_unfollowed, list_pinned, list_unpinned),
    users,
    few_lists,
)
tweets = st.builds(
    lambda on, id: (
        posted(id, _author(id), text=said(id), **_facts(id))
        if on
        else deleted(id, _author(id), **_facts(id))
    ),
    st.booleans(),
    few_tweets,
)
edits = st.builds(
    # The versions of a tweet are far from all other ids: an id is of one tweet, one author.
    lambda id, version: edited(
        ",".join(str(id + 1000 * n) for n in range(version + 1)), _author(id), **_facts(id)
    ),
    few_tweets,
    st.integers(1, 2),
)
hides = st.builds(
    lambda on, id: (hidden if on else unhidden)(id, _author(id - 1), id - 1),
    st.booleans(),
    few_tweets,
)
votes = st.builds(voted, users, few_tweets, st.integers(1, 4))
retweets = st.builds(
    lambda on, user, tweet: (retweeted if on else unretweeted)(100 * user + tweet, user, tweet),
    st.booleans(),
    users,
    few_tweets,
)
reads = st.builds(home_read, users, st.integers(1, 3))
classes = st.builds(
    lambda author, pulled, n: classified(author, pulled=pulled, generation=n, followers=1_000 * n),
    *(users, st.booleans(), st.integers(1, 3)),
)
plans = st.builds(
    lambda author, reader, pulled, n: planned(author, reader, pulled=pulled, generation=n),
    *(users, users, st.booleans(), st.integers(1, 3)),
)
trends = st.builds(
    lambda place, tag, minute, rank: trended(place, tag, minute=minute, rank=rank),
    *(st.integers(1, 2), st.sampled_from(["storm", "flood"]), st.integers(0, 2), st.integers(1, 2)),
)
tag_blocks = st.builds(
    lambda how, tag: how(tag),
    st.sampled_from([tag_blocked, tag_unblocked]),
    st.sampled_from(["storm", "flood"]),
)
moderation = st.builds(
    lambda how, id: how(id, _author(id)),
    st.sampled_from(
        [
            *(partial(scored, action=action) for action in ("allow", "review", "block")),
            *(partial(scored, action=action, occasion="viral") for action in ("allow", "review")),
            *(partial(decided, decision=decision) for decision in ("allow", "block")),
            *(partial(decided, decision="block", spam=True), appealed),
            *(partial(reported, reporter_id=CAROL), review_requested),
            partial(review_requested, severity=0),
        ]
    ),
    few_tweets,
)
histories = st.lists(
    st.one_of(
        *(likes, follows, tweets, edits, retweets, hides, votes),
        *(keeping_away, lists, memberships, readers_of_lists),
        *(reads, classes, plans, trends, tag_blocks, moderation),
    ),
    max_size=40,
)
"""Events in the order the log took them, repeats and contradictions included."""

logs = st.builds(
    log_of, histories, partitions=st.integers(1, 3), ms_apart=st.sampled_from([0, 150, 700, 5_000])
)
"""Records over up to three partitions a topic and any number of epochs."""


def some_histories(number: int, seed: int) -> list[list[Event]]:
    """So many of them, the same each time: for an engine that takes long to ask."""
    found: list[list[Event]] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(max_examples=number, database=None, phases=[hypothesis.Phase.generate])
    @hypothesis.given(histories)
    def collect(history: list[Event]) -> None:
        found.append(history)

    collect()
    return found


@st.composite
def reordered(draw: st.DrawFn, log: list[Record]) -> list[Record]:
    """The log as a reader of several partitions may meet it: order holds within each alone."""
    partitions: dict[tuple[str, int], list[Record]] = {}
    for record in log:
        partitions.setdefault(record.position[:2], []).append(record)
    found = []
    while partitions:
        place = draw(st.sampled_from(sorted(partitions)))
        found.append(partitions[place].pop(0))
        if not partitions[place]:
            del partitions[place]
    return found


COUNTED = (
    *(Liked, Bookmarked, Followed, ListMemberAdded, ListFollowed, Retweeted, TweetPosted),
    PollVoted,
)


def recount(log: list[Record]) -> dict[tuple[str, int, str], int]:
    """All counts by hand: which things stand at the end, counted. `(view, key, measure) -> total`.

    Kept apart from the views' code on purpose: it knows sets and nothing of SQL, epochs or seams.
    """
    standing: dict[tuple, Event] = {}
    texts: dict[int, str] = {}
    for event in (record.event for record in log):
        match type(event).__name__:
            case "Liked" | "Unliked":
                thing = ("like", event.user_id, event.tweet_id)
            case "Followed" | "Unfollowed":
                thing = ("follow", event.follower_id, event.followee_id)
            case "Bookmarked" | "Unbookmarked":
                thing = ("bookmark", event.user_id, event.tweet_id)
            case "ListMemberAdded" | "ListMemberRemoved":
                thing = ("member", event.list_id, event.member_id)
            case "ListFollowed" | "ListUnfollowed":
                thing = ("list follow", event.user_id, event.list_id)
            case "Retweeted" | "Unretweeted":
                thing = ("retweet", event.author_id, event.tweet_id)
            case "TweetPosted" | "TweetDeleted":
                thing = ("tweet", event.id)
            case "PollVoted":
                thing = ("vote", event.poll_id, event.voter_id)
            case _:
                continue  # nothing counts it
        if isinstance(event, COUNTED):
            standing[thing] = event
            if isinstance(event, TweetPosted):
                texts[event.id] = event.text
        else:
            standing.pop(thing, None)

    totals: dict[tuple[str, int, str], int] = {}

    def count(view: str, key: int | None, measure: str) -> None:
        if key is not None:
            totals[view, key, measure] = totals.get((view, key, measure), 0) + 1

    for text in texts.values():
        plain = unicodedata.normalize("NFKD", text).lower()
        tags = [tag for tag in ("storm", "cafe") if f"#{tag}" in plain]
        for counter in (counter for tag in tags for counter in (*cells(tag), ALL)):
            count("tag_sketch", counter, "tag_uses")
    for event in standing.values():
        match event:
            case Liked():
                count("tweet_counts", event.tweet_id, "like_count")
            case Bookmarked():
                count("tweet_counts", event.tweet_id, "bookmark_count")
            case ListMemberAdded():
                count("list_counts", event.list_id, "member_count")
                count("user_counts", None if event.private else event.member_id, "listed_count")
            case ListFollowed():
                count("list_counts", event.list_id, "follower_count")
            case Followed():
                count("user_counts", event.followee_id, "followers_count")
                count("user_counts", event.follower_id, "following_count")
            case Retweeted():
                count("tweet_counts", event.tweet_id, "retweet_count")
                count("user_counts", event.author_id, "tweet_count")
            case TweetPosted():
                count("tweet_counts", event.reply_to_id, "reply_count")
                count("tweet_counts", event.quote_of_id, "quote_count")
                count("user_counts", event.author_id, "tweet_count")
            case PollVoted():
                count("poll_counts", event.poll_id, f"option_{event.choice}")
    return totals
