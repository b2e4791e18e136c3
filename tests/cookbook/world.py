"""Which world are the recipes of docs/cookbook.md cooked in?

Four weeks of eighty made-up people: some are there from the first day, others come later, many
leave. It is the generator's world, so the same everywhere; nobody real is meant. The lake holds it
as two batch runs left it, after three weeks and after four.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from batch.drift import Cell, drifts
from batch.ledger import append
from ingest.events import AccountCreated, Event, Followed
from ingest.generator.actions import Action, Delete, Like, Post, Retweet, Unlike, Unretweet
from ingest.generator.activity import World
from ingest.generator.events import Teller
from ingest.positions import Position
from settings import Settings
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.lake.lived import bring_up
from tests.views.records import Record

START_MS = 1_767_571_200_000  # Monday, 2026-01-05
DAY_MS = 86_400_000
DAYS = 28
USERS = 80
STAY_DAYS = 20  # in the mean, then one leaves


def cooked(folder: Path) -> Settings:
    """The lake, in two runs, with what the speed layer is said to have told of the last day."""
    settings = lake_in(folder)
    log = list(records())
    for days in (21, DAYS):
        known = [r for r in log if r.append_ms < START_MS + days * DAY_MS]
        fresh = [r for r in known if days == 21 or r.append_ms >= START_MS + 21 * DAY_MS]
        archive(settings, bronze_rows(fresh))
        through = known[-1].epoch + 1
        bring_up(settings, through)
    _drift(settings, through)
    return settings


def records() -> Iterator[Record]:
    """The events as the broker takes them, 40 ms after they were decided."""
    ends: dict[tuple[str, int], int] = {}
    for event in sorted(events(), key=lambda e: e.at_ms):
        place = (event.topic, event.actor_id % 2)
        ends[place] = ends.get(place, -1) + 1
        yield Record(Position(*place, ends[place]), event.at_ms + 40, event)


def events() -> Iterator[Event]:
    """What those did who were there, with those who were there."""
    chance = random.Random("cookbook")
    world = World("cookbook", USERS)
    teller = Teller(world, start_ms=START_MS, worker=7)
    joined = [0 if chance.random() < 0.4 else chance.randrange(24) * DAY_MS for _ in range(USERS)]
    left = [since + chance.expovariate(1 / STAY_DAYS) * DAY_MS for since in joined]
    for event in teller.beginning():
        if isinstance(event, AccountCreated):
            since = joined[teller.user_ids.index(event.id)]
            yield replace(event, at_ms=START_MS + since)
        elif isinstance(event, Followed):
            pair = (event.follower_id, event.followee_id)
            since = max(joined[teller.user_ids.index(id)] for id in pair)
            yield replace(event, at_ms=START_MS + since + 1)
    done: set[tuple[type[Action], int, int]] = set()
    for action in world.activity():
        if action.at_ms >= DAYS * DAY_MS:
            return
        others = [getattr(action, "followee", action.user), action.user]
        there = joined[action.user] < action.at_ms < left[action.user]
        if there and all(joined[o] < action.at_ms for o in others) and _can(action, teller, done):
            yield teller.event(action)


def _can(action: Action, teller: Teller, done: set[tuple[type[Action], int, int]]) -> bool:
    """Whether all that it is about was told."""
    match action:
        case Post():
            about = [t for t in (action.reply_to, action.quote_of) if t is not None]
            return all(tweet in teller.tweets for tweet in about)
        case Like() | Retweet():
            done.add((type(action), action.user, action.tweet))
            return action.tweet in teller.tweets
        case Unlike():
            return (Like, action.user, action.tweet) in done and action.tweet in teller.tweets
        case Unretweet():
            return (Retweet, action.user, action.tweet) in done and action.tweet in teller.tweets
        case Delete():
            return action.tweet in teller.tweets
    return True


def _drift(settings: Settings, through: int) -> None:
    """A ledger of a speed layer that missed a like in two hundred, and no follower."""
    epochs = range(through - 3_600, through, 300)
    likes = {Cell(n, "like_count", e): n % 3 + 1 for e in epochs for n in range(50)}
    speed = {c: n - (c.key == 7 and c.epoch % 1_500 < 300) for c, n in likes.items()}
    append(settings, "tweet_counts", through, drifts(likes, speed))
    followers = {Cell(n, "followers_count", e): 1 for e in epochs for n in range(10)}
    append(settings, "user_counts", through, drifts(followers, followers))
