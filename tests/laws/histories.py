"""Random histories for the laws: who does what, how often, and how partitions interleave."""

from __future__ import annotations

from hypothesis import strategies as st

from ingest.events import Event, Followed, Liked, Retweeted, TweetPosted
from tests.views.cast import (
    NAMES,
    deleted,
    followed,
    liked,
    posted,
    retweeted,
    unfollowed,
    unliked,
    unretweeted,
)
from tests.views.records import Record, log_of

users = st.sampled_from(sorted(NAMES))
few_tweets = st.integers(10, 14)  # few, so that people meet on them


def _parent(id: int) -> int | None:
    """A tweet's parent and quoted tweet follow from its id, as they are facts of the tweet."""
    return id - 1 if id % 2 else None


def _quoted(id: int) -> int | None:
    return id - 2 if id % 3 == 0 else None


def _author(id: int) -> int:
    return id % len(NAMES) + 1


likes = st.builds(
    lambda on, user, tweet: (liked if on else unliked)(user, tweet),
    st.booleans(),
    users,
    few_tweets,
)
follows = st.builds(
    lambda on, a, b: (followed if on else unfollowed)(a, b), st.booleans(), users, users
)
tweets = st.builds(
    lambda on, id: (posted if on else deleted)(
        id, _author(id), reply_to_id=_parent(id), quote_of_id=_quoted(id)
    ),
    st.booleans(),
    few_tweets,
)
retweets = st.builds(
    lambda on, user, tweet: (retweeted if on else unretweeted)(100 * user + tweet, user, tweet),
    st.booleans(),
    users,
    few_tweets,
)
histories = st.lists(st.one_of(likes, follows, tweets, retweets), max_size=40)
"""Events in the order the log took them, repeats and contradictions included."""

logs = st.builds(
    log_of, histories, partitions=st.integers(1, 3), ms_apart=st.sampled_from([0, 150, 700, 5_000])
)
"""Records over up to three partitions a topic and any number of epochs."""


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


def recount(log: list[Record]) -> dict[tuple[str, int, str], int]:
    """Both counts by hand: which things stand at the end, counted. `(view, key, measure) -> total`.

    Kept apart from the views' code on purpose: it knows sets and nothing of SQL, epochs or seams.
    """
    standing: dict[tuple, Event] = {}
    for event in (record.event for record in log):
        match type(event).__name__:
            case "Liked" | "Unliked":
                thing = ("like", event.user_id, event.tweet_id)
            case "Followed" | "Unfollowed":
                thing = ("follow", event.follower_id, event.followee_id)
            case "Retweeted" | "Unretweeted":
                thing = ("retweet", event.author_id, event.tweet_id)
            case "TweetPosted" | "TweetDeleted":
                thing = ("tweet", event.id)
        if isinstance(event, Liked | Followed | Retweeted | TweetPosted):
            standing[thing] = event
        else:
            standing.pop(thing, None)

    totals: dict[tuple[str, int, str], int] = {}

    def count(view: str, key: int | None, measure: str) -> None:
        if key is not None:
            totals[view, key, measure] = totals.get((view, key, measure), 0) + 1

    for event in standing.values():
        match event:
            case Liked():
                count("tweet_counts", event.tweet_id, "like_count")
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
    return totals
