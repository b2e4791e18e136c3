"""Random histories over weeks, and every feature of them by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from ingest.events import (
    Event,
    Followed,
    Liked,
    Retweeted,
    TweetDeleted,
    TweetPosted,
    Unfollowed,
    Unliked,
    Unretweeted,
)
from tests.views.cast import (
    deleted,
    followed,
    liked,
    posted,
    retweeted,
    unfollowed,
    unliked,
    unretweeted,
)
from tests.views.records import EPOCH_MS, Record, log_of
from views.features.windows import Clock

CLOCK = Clock(EPOCH_MS, delay_ms=2_500)
SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
LENGTHS = {"1h": HOUR, "1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY}
PEOPLE, TWEETS = (1, 2, 3), (10, 11, 12, 13)
BEGAN_MS = 1_000 * DAY + 5 * HOUR

people, tweet_ids = st.sampled_from(PEOPLE), st.sampled_from(TWEETS)


def author_of(tweet: int) -> int:
    return PEOPLE[tweet % len(PEOPLE)]


def _posted(tweet: int) -> TweetPosted:
    answers = tweet - 1 if tweet % 2 else None
    to = author_of(answers) if answers else None
    quoted = tweet - 2 if tweet % 3 == 0 else None
    author = author_of(tweet)
    return posted(tweet, author, reply_to_id=answers, reply_to_user_id=to, quote_of_id=quoted)


acts = st.one_of(
    st.builds(lambda u, t: liked(u, t, author_of(t)), people, tweet_ids),
    st.builds(unliked, people, tweet_ids),
    st.builds(lambda u, t: retweeted(100 * u + t, u, t, author_of(t)), people, tweet_ids),
    st.builds(lambda u, t: unretweeted(100 * u + t, u, t), people, tweet_ids),
    st.builds(followed, people, people),
    st.builds(unfollowed, people, people),
    st.builds(_posted, tweet_ids),
    st.builds(
        lambda t: deleted(t, author_of(t), reply_to_id=_posted(t).reply_to_id,
                          quote_of_id=_posted(t).quote_of_id),
        tweet_ids,
    ),
)  # fmt: skip
gaps = st.sampled_from([0, SECOND, 20 * 60 * SECOND, HOUR, 7 * HOUR, DAY, 8 * DAY])


@st.composite
def logs(draw: st.DrawFn) -> list[Record]:
    """Up to thirty acts, seconds to weeks apart."""
    records = log_of(draw(st.lists(acts, max_size=30)))
    at, found = BEGAN_MS, []
    for record in records:
        at += draw(gaps)
        found.append(record._replace(append_ms=at))
    return found


def moments(log: list[Record]) -> st.SearchStrategy[int]:
    """Times to ask at: just after records, and up to a month later."""
    later = st.sampled_from([0, SECOND, 4 * SECOND, HOUR, 2 * HOUR, DAY, 9 * DAY, 31 * DAY])
    times = [record.append_ms for record in log] or [BEGAN_MS]
    return st.builds(lambda at, more: at + more, st.sampled_from(times), later)


Came = tuple[int, str, tuple[int, ...]]
"""Time, what came to be, of which entity."""


def by_hand(log: list[Record], at_ms: int) -> dict[tuple[str, tuple[int, ...]], dict[str, int]]:
    """Every feature that is not 0, as known at that time: `(table, ids) -> {feature: value}`.

    Kept apart from the views' code on purpose: it knows sets and the clock, and no SQL or tiles.
    """
    end = (at_ms - CLOCK.delay_ms) // EPOCH_MS * EPOCH_MS
    known = [record for record in log if record.append_ms < end]
    found: dict[tuple[str, tuple[int, ...]], dict[str, int]] = {}
    active: dict[tuple[int, str], set[object]] = {}
    follows: set[tuple[int, int]] = set()

    def add(table: str, ids: tuple[int | None, ...], name: str, at: int) -> None:
        if None in ids:
            return
        for window, length in LENGTHS.items():
            unit = {"1h": EPOCH_MS, "1d": HOUR}.get(window, DAY)
            begins = (end - length) // unit * unit
            if at // EPOCH_MS * EPOCH_MS >= begins:
                values = found.setdefault((table, ids), {})  # type: ignore[arg-type]
                values[f"{name}_{window}"] = values.get(f"{name}_{window}", 0) + 1
                if name in ("user_posts", "user_retweets_given", "user_likes_given",
                            "user_follows_given") and window in ("7d", "30d"):  # fmt: skip
                    day = datetime.fromtimestamp(at / 1000, UTC).date()
                    active.setdefault((ids[0], window), set()).add(day)  # type: ignore[arg-type]

    standing: set[tuple[object, ...]] = set()
    for record in known:
        event, at = record.event, record.append_ms
        thing = _thing(event)
        if isinstance(event, (Unliked, Unretweeted, TweetDeleted, Unfollowed)):
            if thing in standing and isinstance(event, Unfollowed):
                add("users", (event.followee_id,), "user_follows_lost", at)
                follows.discard((event.follower_id, event.followee_id))
            standing.discard(thing)
            continue
        if thing in standing:
            continue
        standing.add(thing)
        match event:
            case Liked():
                add("users", (event.user_id,), "user_likes_given", at)
                add("users", (event.tweet_author_id,), "user_likes_received", at)
                add("tweets", (event.tweet_id,), "tweet_likes", at)
                add("pairs", (event.user_id, event.tweet_author_id), "pair_likes", at)
            case Retweeted():
                add("users", (event.author_id,), "user_retweets_given", at)
                add("users", (event.tweet_author_id,), "user_retweets_received", at)
                add("tweets", (event.tweet_id,), "tweet_retweets", at)
                add("pairs", (event.author_id, event.tweet_author_id), "pair_retweets", at)
            case Followed():
                add("users", (event.follower_id,), "user_follows_given", at)
                add("users", (event.followee_id,), "user_follows_gained", at)
                follows.add((event.follower_id, event.followee_id))
            case TweetPosted():
                add("users", (event.author_id,), "user_posts", at)
                add("users", (event.reply_to_user_id,), "user_replies_received", at)
                add("tweets", (event.reply_to_id,), "tweet_replies", at)
                add("tweets", (event.quote_of_id,), "tweet_quotes", at)
                add("pairs", (event.author_id, event.reply_to_user_id), "pair_replies", at)
    for (user, window), days in active.items():
        found["users", (user,)][f"user_active_days_{window}"] = len(days)
    for pair in follows:
        found.setdefault(("pairs", pair), {})["pair_follows"] = 1
    return found


def _thing(event: Event) -> tuple[object, ...]:
    match event:
        case Liked() | Unliked():
            return ("like", event.user_id, event.tweet_id)
        case Retweeted() | Unretweeted():
            return ("retweet", event.author_id, event.tweet_id)
        case Followed() | Unfollowed():
            return ("follow", event.follower_id, event.followee_id)
        case TweetPosted() | TweetDeleted():
            return ("tweet", event.id)
    raise TypeError(f"no thing for {event!r}")
