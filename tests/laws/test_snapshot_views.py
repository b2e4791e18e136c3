"""What a SnapshotView's SQL decides is what a plain count of the whole log decides."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ingest.events import Followed, HomeRead, Retweeted, TweetEdited, TweetPosted, Unfollowed
from tests.laws.histories import (
    classes,
    follows,
    logs,
    plans,
    reads,
    retweets,
    tweets,
    users,
)
from tests.views.memory import snapshot, state
from tests.views.records import Record, log_of
from views.celebrities import CELEBRITIES
from views.edge_plan import EDGE_PLAN
from views.following import FOLLOWING
from views.pulled_authors import PULLED_AUTHORS
from views.pulled_edges import PULLED_EDGES

# Only what a plan goes by, so that short histories are about something.
busy_logs = st.builds(
    log_of,
    st.lists(st.one_of(follows, follows, tweets, retweets, reads, plans, classes), max_size=60),
    ms_apart=st.sampled_from([150, 700]),
)


def numbers(until: int, window: int = 8, most: int = 2, pull_cost: float = 2.0) -> dict[str, Any]:
    return {
        "until": until,
        "epochs_a_day": 4,
        "window_epochs": window,
        "pull_followers": 3,
        "push_followers": 2,
        "pull_cost": pull_cost,
        "push_cost": 3.0,
        "hysteresis": 1.25,
        "pulled_max": most,
    }


def end_of(log: list[Record]) -> int:
    return max((record.epoch for record in log), default=0) + 1


@given(log=logs)
def test_celebrities_have_many_followers_or_had_and_still_nearly_have(log: list[Record]) -> None:
    followers = Counter(author for _, author in state(FOLLOWING, log))
    before = {author for _, author in state(PULLED_AUTHORS, log)}
    assert snapshot(CELEBRITIES, log, numbers(end_of(log))) == {
        (author,): {"followers": n, "pulled": n >= 3 or (n == 2 and author in before)}
        for author, n in followers.items()
    }


@given(
    log=busy_logs,
    window=st.integers(1, 20),
    most=st.integers(0, 3),
    pull_cost=st.sampled_from([0.5, 2.0, 9.0]),
)
def test_edges_are_pulled_where_that_costs_less(
    log: list[Record], window: int, most: int, pull_cost: float
) -> None:
    until = end_of(log)
    planned = plan(log, until, window, most, pull_cost)
    found = snapshot(EDGE_PLAN, log, numbers(until, window, most, pull_cost))
    assert set(found) == planned
    assert all(row["pulled"] for row in found.values())


def plan(
    log: list[Record], until: int, window: int, most: int, pull_cost: float
) -> set[tuple[int, int]]:
    """The edges to pull, by hand: `(reader, author)`."""
    began = min((r.epoch for r in log if isinstance(r.event, HomeRead)), default=None)
    celebrities = {author for _, author in state(PULLED_AUTHORS, log)}
    before = set(state(PULLED_EDGES, log))
    edges = set(state(FOLLOWING, log))
    pulled = {edge for edge in edges & before if edge[1] in celebrities}
    if began is None:
        return pulled
    since = max(began, until - window)
    reads, posts = Counter[int](), Counter[int]()
    for record in log:
        if record.epoch >= since:
            match record.event:
                case HomeRead(user_id=reader, reads=n):
                    reads[reader] += n
                case TweetPosted() | TweetEdited() | Retweeted():
                    posts[record.event.author_id] += 1
    for reader in {reader for reader, _ in edges}:
        authors = {author for of, author in edges if of == reader}
        worth = {
            author: 3.0 * posts[author] * (1.25 if (reader, author) in before else 1 / 1.25)
            for author in authors - celebrities
        }
        cheaper = [a for a, saved in worth.items() if reads[reader] * pull_cost < saved]
        cheaper.sort(key=lambda author: (-worth[author], author))
        if reads[reader]:
            cheaper = cheaper[: max(0, most - len(authors & celebrities))]
        elif began > until - window:
            cheaper = []  # not known for long enough to take anybody for absent
        pulled |= {(reader, author) for author in cheaper}
    return pulled


@given(log=busy_logs, reader=users, author=users)
def test_an_edge_that_ended_is_in_no_plan(log: list[Record], reader: int, author: int) -> None:
    found = snapshot(EDGE_PLAN, log, numbers(end_of(log), pull_cost=0.1))
    edges = [
        record.event
        for record in log
        if isinstance(record.event, Followed | Unfollowed)
        and (record.event.follower_id, record.event.followee_id) == (reader, author)
    ]
    assert (reader, author) not in found or isinstance(edges[-1], Followed)
