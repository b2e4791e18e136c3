"""A home timeline is what its two states make it, however their events came."""

from __future__ import annotations

import random
from contextlib import closing

import pytest

from ingest.events import Event, Followed, Retweeted, TweetDeleted, TweetPosted, Unfollowed
from settings import Settings
from stores.shards import Shards
from tests.realtime.playing import home, moved, opened, own, play, world
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    CELEBRITY,
    deleted,
    followed,
    listed,
    posted,
    retweeted,
    unfollowed,
    unlisted,
)
from views.home_timeline import home_timelines
from views.timelines import ENTRY_BYTES, bucket_of, home_key

pytestmark = pytest.mark.engines


def test_tweets_and_retweets_reach_those_who_follow(speed_layer: Settings) -> None:
    w = world()
    opened(speed_layer, BOB + w, CAROL + w)
    play(speed_layer, [moved(followed(r, ALICE), w) for r in (BOB, CAROL)], ["fanout"])
    events = [posted(10, ALICE), retweeted(11, ALICE, 5), posted(12, BOB)]
    play(speed_layer, [moved(event, w) for event in events], ["fanout"])
    assert home(speed_layer, BOB + w) == [11 + w, 10 + w]
    assert home(speed_layer, CAROL + w) == [11 + w, 10 + w]
    assert home(speed_layer, ALICE + w) == []
    assert own(speed_layer, ALICE + w) == [11 + w, 10 + w]


def test_a_follow_brings_recent_tweets_and_an_unfollow_takes_them_out(
    speed_layer: Settings,
) -> None:
    w = world()
    opened(speed_layer, BOB + w)
    play(speed_layer, [moved(posted(id, ALICE), w) for id in (10, 11)], ["fanout"])
    play(speed_layer, [moved(followed(BOB, ALICE), w)], ["fanout"])
    assert home(speed_layer, BOB + w) == [11 + w, 10 + w]
    play(speed_layer, [moved(posted(12, ALICE), w)], ["fanout"])
    play(speed_layer, [moved(unfollowed(BOB, ALICE), w)], ["fanout"])
    play(speed_layer, [moved(posted(13, ALICE), w)], ["fanout"])
    assert home(speed_layer, BOB + w) == []


def test_a_list_reads_its_members_as_a_follower_would(speed_layer: Settings) -> None:
    w, listing = world(), 50
    opened(speed_layer, listing + w)
    play(speed_layer, [moved(posted(10, ALICE), w)], ["fanout"])
    events = [listed(listing, CAROL, ALICE), listed(listing, CAROL, BOB), posted(11, BOB)]
    for event in events:  # in this order, whichever topic the job reads first
        play(speed_layer, [moved(event, w)], ["fanout"])
    assert home(speed_layer, listing + w) == [11 + w, 10 + w]
    play(speed_layer, [moved(unlisted(listing, CAROL, ALICE), w)], ["fanout"])
    play(speed_layer, [moved(posted(12, ALICE), w)], ["fanout"])
    assert home(speed_layer, listing + w) == [11 + w]


def test_every_chunk_of_many_followers_is_reached(speed_layer: Settings) -> None:
    w, readers = world(), range(100, 2_600)
    opened(speed_layer, *(reader + w for reader in readers))
    play(speed_layer, [moved(followed(r, CELEBRITY), w) for r in readers], ["fanout"])
    play(speed_layer, [moved(posted(id, CELEBRITY), w) for id in range(10, 15)], ["fanout"])
    wanted = [id + w for id in range(14, 9, -1)]
    assert all(home(speed_layer, reader + w) == wanted for reader in readers)


def test_a_full_timeline_keeps_the_newest(speed_layer: Settings) -> None:
    w = world()
    opened(speed_layer, BOB + w, CAROL + w)
    play(speed_layer, [moved(followed(r, ALICE), w) for r in (BOB, CAROL)], ["fanout"])
    tweets = range(10_000, 10_000 + speed_layer.timeline_cap + speed_layer.timeline_slack + 50)
    play(speed_layer, [moved(posted(id, ALICE), w) for id in tweets], ["fanout"])
    newest = [id + w for id in reversed(tweets)][: speed_layer.timeline_cap]
    assert home(speed_layer, BOB + w) == newest
    buckets = speed_layer.timeline_buckets
    with closing(Shards(speed_layer)) as shards:
        key = home_key(BOB + w, buckets)
        stored = shards.command(bucket_of(BOB + w, buckets), "STRLEN", key)
    assert stored < len(tweets) * ENTRY_BYTES  # it was cut


@pytest.mark.parametrize("seed", range(4))
def test_a_random_history_played_twice_gives_what_its_states_say(
    speed_layer: Settings, seed: int
) -> None:
    """Follows and tweets are on two topics: nobody says which of them the job reads first."""
    w, events = world(), history(random.Random(seed))
    opened(speed_layer, *(reader + w for reader in range(1, 9)))
    play(speed_layer, [moved(event, w) for event in events], ["fanout"])
    play(speed_layer, [moved(event, w) for event in last_words(events)], ["fanout"])
    edges, tweets, gone = states(events)
    expected = home_timelines(edges, tweets, cap=speed_layer.timeline_cap)
    for reader in range(1, 9):
        found = [id - w for id in home(speed_layer, reader + w)]
        assert [id for id in found if id not in gone] == expected.get(reader, [])


def history(chance: random.Random) -> list[Event]:
    events: list[Event] = []
    for number in range(400):
        one, other = chance.sample(range(1, 9), 2)
        id = 1_000 + chance.choice([number, chance.randrange(400)])  # some ids come twice, or late
        author = id % 8 + 1
        kind = chance.randrange(10)
        if kind < 2:
            events.append(followed(one, other))
        elif kind < 4:
            events.append(unfollowed(one, other))
        elif kind < 5:
            events.append(deleted(id, author))
        elif kind < 6:
            events.append(retweeted(id, author, id - 500))
        else:
            events.append(posted(id, author))
    return events


def last_words(events: list[Event]) -> list[Event]:
    """The last event of each edge, and each tweet again: a replay must change nothing."""
    edges = {
        (e.follower_id, e.followee_id): e for e in events if isinstance(e, Followed | Unfollowed)
    }
    return [*edges.values(), *(e for e in events if isinstance(e, TweetPosted))]


def states(events: list[Event]):
    """Who follows whom at the end, who wrote what, and which tweets are deleted."""
    edges: set[tuple[int, int]] = set()
    tweets: dict[int, set[int]] = {}
    gone: set[int] = set()
    for event in events:
        match event:
            case Followed():
                edges.add((event.follower_id, event.followee_id))
            case Unfollowed():
                edges.discard((event.follower_id, event.followee_id))
            case TweetPosted() | Retweeted():
                tweets.setdefault(event.author_id, set()).add(event.id)
            case TweetDeleted():
                gone.add(event.id)
    return edges, {author: ids - gone for author, ids in tweets.items()}, gone
