"""The made-up world behaves as was measured, and the same seed makes the same world."""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice, pairwise, takewhile
from statistics import NormalDist, fmean, stdev

import msgspec
import pytest

from ingest.codec import decode, encode
from ingest.events import Event, Followed, Retweeted, TweetPosted
from ingest.generator.actions import Action, Delete, Like, Post, Retweet, Unlike, Unretweet
from ingest.generator.activity import World
from ingest.generator.events import Teller
from ingest.generator.graph import follow_graph
from ingest.generator.measured import LogNormal, measured
from ingest.generator.timing import DAY, moments

USERS, DAYS = 400, 28
START_MS = 1_700_000_000_000
ENTRIES = (Post, Retweet)


def distance(values: list[float], expected: LogNormal) -> float:
    """The Kolmogorov-Smirnov distance between values and a log-normal."""
    normal = NormalDist(*expected)
    ranked = sorted(math.log(value) for value in values)
    steps = ((rank / len(ranked), normal.cdf(value)) for rank, value in enumerate(ranked))
    return max(abs(below - exact) for below, exact in steps)


@pytest.fixture(scope="module")
def month() -> list[tuple[float, int]]:
    """Four weeks of entries, `(seconds, user)`."""
    end = DAYS * DAY
    return list(takewhile(lambda m: m[0] < end, moments("month", USERS, measured())))


@pytest.fixture(scope="module")
def actions() -> list[Action]:
    return list(islice(World("actions", 200).activity(), 20_000))


def test_the_same_seed_makes_the_same_world(actions: list[Action]) -> None:
    assert list(islice(World("actions", 200).activity(), 20_000)) == actions


def test_another_seed_makes_another_world(actions: list[Action]) -> None:
    assert list(islice(World("other", 200).activity(), 100)) != actions[:100]


def test_actions_come_in_the_order_of_time(actions: list[Action]) -> None:
    assert all(a.at_ms <= b.at_ms for a, b in pairwise(actions))


def test_accounts_write_as_often_as_measured(month: list[tuple[float, int]]) -> None:
    entries = Counter(user for _, user in month)
    daily = [entries[user] / DAYS for user in range(USERS) if entries[user] > 0]
    assert len(daily) > 0.98 * USERS
    assert distance(daily, measured().entries_per_day) < 0.1
    assert fmean(daily) == pytest.approx(measured().entries_per_day.mean, rel=0.2)


def test_hours_and_weekdays_are_as_busy_as_measured() -> None:
    # Without bursts, which shift the shares of any few weeks and leave their shape.
    calm = msgspec.structs.replace(measured(), crowd_sigma=0.0)
    month = list(takewhile(lambda m: m[0] < DAYS * DAY, moments("calm", USERS, calm)))
    hours = Counter(int(seconds // 3600 % 24) for seconds, _ in month)
    days = Counter(int(seconds // DAY % 7) for seconds, _ in month)
    for share, hour in zip(calm.hours, range(24), strict=True):
        assert hours[hour] / len(month) == pytest.approx(share, abs=0.01)
    for share, day in zip(calm.weekdays, range(7), strict=True):
        assert days[day] / len(month) == pytest.approx(share, abs=0.015)


def test_a_crowd_wakes_up_together_as_measured(month: list[tuple[float, int]]) -> None:
    hours = Counter(int(seconds // 3600) for seconds, _ in month)
    figures, total = measured(), len(month) / DAYS / 24
    strays = {}
    for hour, entries in hours.items():
        usual = total * 24 * figures.hours[hour % 24] * 7 * figures.weekdays[hour // 24 % 7]
        if usual >= 20:
            strays[hour] = math.log(entries / usual)
    noise = fmean(1 / hours[hour] for hour in strays)
    spread = math.sqrt(stdev(strays.values()) ** 2 - noise)
    assert spread == pytest.approx(figures.crowd_sigma, rel=0.3)
    kept = fmean(strays[h] * strays[h + 1] for h in strays if h + 1 in strays) / spread**2
    assert kept == pytest.approx(figures.crowd_kept, abs=0.2)


def test_short_gaps_are_as_frequent_as_measured(month: list[tuple[float, int]]) -> None:
    """In busy hours real time runs faster than warped time; ten minutes there are short anyhow."""
    last: dict[int, float] = {}
    gaps = []
    for seconds, user in month:
        if user in last:
            gaps.append(seconds - last[user])
        last[user] = seconds
    figures = measured()
    ten_minutes = NormalDist(*figures.short_gap_seconds).cdf(math.log(600))
    share = sum(gap < 600 for gap in gaps) / len(gaps)
    assert share == pytest.approx(figures.short_gaps * ten_minutes, abs=0.12)
    assert share > figures.short_gaps * ten_minutes  # long gaps add a little, never take away


def test_kinds_of_entries_are_mixed_as_measured(actions: list[Action]) -> None:
    settled = actions[2_000:]  # at the very start there is nothing to pass on
    entries = [a for a in settled if isinstance(a, ENTRIES)]
    figures = measured()
    replies = sum(isinstance(a, Post) and a.reply_to is not None for a in entries)
    passed_on = sum(
        isinstance(a, Retweet) or (isinstance(a, Post) and a.quote_of is not None) for a in entries
    )
    assert replies / len(entries) == pytest.approx(figures.reply, abs=0.01)
    assert passed_on / len(entries) == pytest.approx(figures.retweet, abs=0.04)
    likes = sum(type(a) is Like for a in settled)
    assert likes / len(entries) == pytest.approx(
        figures.retweet * figures.likes_per_retweet, abs=0.02
    )


def test_nothing_is_undone_that_was_not_done_and_nothing_is_done_twice(
    actions: list[Action],
) -> None:
    standing: set[tuple[str, int, int]] = set()
    opposites = {Unlike: "Like", Unretweet: "Retweet"}
    for action in actions:
        match action:
            case Like() | Retweet():
                done = (type(action).__name__, action.user, action.tweet)
                assert done not in standing
                standing.add(done)
            case Unlike() | Unretweet():
                standing.remove((opposites[type(action)], action.user, action.tweet))


def test_degrees_are_spread_as_measured() -> None:
    figures, users = measured(), 3_000
    graph = follow_graph("degrees", users, figures, following=60)
    assert all(user not in others and len(set(others)) == len(others)
               for user, others in enumerate(graph))  # fmt: skip
    outward = [len(others) for others in graph]
    spread = LogNormal(
        math.log(60 / figures.following.mean) + figures.following.mu, figures.following.sigma
    )
    # Whole numbers: the smallest degrees stand in steps, so compare where the steps are small.
    for degree in (10, 30, 100, 300):
        share = sum(d <= degree for d in outward) / users
        exact = NormalDist(*spread).cdf(math.log(degree + 0.5))
        assert share == pytest.approx(exact, abs=0.03)


def test_fame_is_spread_as_measured() -> None:
    figures, users = measured(), 3_000
    graph = follow_graph("fame", users, figures, following=5)  # few, so that nobody has them all
    inward = sorted(Counter(other for others in graph for other in others).values())
    normal = NormalDist()
    expected = normal.cdf(figures.followers.sigma - normal.inv_cdf(0.9))  # of a log-normal
    assert sum(inward[-users // 10 :]) / sum(inward) == pytest.approx(expected, abs=0.1)


def test_names_are_unlike_and_accepted_and_texts_fit() -> None:
    world = World("names", 3_000, following=5)
    assert len({person.username for person in world.people}) == 3_000
    told = Teller(world, start_ms=START_MS, worker=1)
    for event in told.beginning():
        assert decode(encode(event), topic=event.topic) == event
    for action in islice(world.activity(), 2_000):
        if isinstance(action, Post):
            assert 0 < len(action.text) <= 280


def test_actions_become_events_with_ids_in_the_order_of_time(actions: list[Action]) -> None:
    teller = Teller(World("actions", 200), start_ms=START_MS, worker=1)
    events = list(teller.events(actions))
    assert len(events) == len(actions)
    entries = [event.id for event in events if isinstance(event, TweetPosted)]
    assert entries == sorted(set(entries))
    for action, event in zip(actions, events, strict=True):
        assert isinstance(event, Event)
        assert event.actor_id == teller.user_ids[action.user]
        assert decode(encode(event), topic=event.topic) == event


def test_an_unretweet_names_the_entry_it_takes_away(actions: list[Action]) -> None:
    teller = Teller(World("actions", 200), start_ms=START_MS, worker=1)
    entries: dict[int, Retweeted] = {}
    for action, event in zip(actions, teller.events(actions), strict=True):
        if isinstance(event, Retweeted):
            entries[event.id] = event
        elif isinstance(action, Unretweet):
            gone = entries.pop(event.id)  # type: ignore[attr-defined]
            assert (gone.author_id, gone.tweet_id) == (event.actor_id, event.tweet_id)  # type: ignore[attr-defined]


def test_the_edges_at_the_start_are_the_graph() -> None:
    world = World("edges", 30)
    edges = [e for e in Teller(world, start_ms=START_MS, worker=1).beginning()
             if isinstance(e, Followed)]  # fmt: skip
    assert len(edges) == sum(len(followees) for followees in world.follows)


def test_only_own_tweets_are_deleted(actions: list[Action]) -> None:
    author = {a.tweet: a.user for a in actions if isinstance(a, Post)}
    for action in actions:
        if isinstance(action, Delete):
            assert author[action.tweet] == action.user
