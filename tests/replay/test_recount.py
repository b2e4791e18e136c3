"""The recount takes the last word on each edge and entry, as the cases work out by hand."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pyarrow as pa
import pytest

from ingest.codec import encode
from ingest.events import Event
from ingest.generator.activity import World
from ingest.generator.events import Teller
from replay.recount import Recount, recount
from tests.views.cases import CASES, Case
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    bookmarked,
    deleted,
    followed,
    liked,
    posted,
    requested,
    retweeted,
    unbookmarked,
    unfollowed,
    unliked,
    unretweeted,
)

CAST = (ALICE, BOB, CAROL)


def bronze(events: list[Event]) -> pa.Table:
    """As the archiver lands them, offsets counted by topic as in a log of one partition."""
    seen: Counter[str] = Counter()
    rows = []
    for event in events:
        rows.append({"topic": event.topic, "offset": seen[event.topic], "value": encode(event)})
        seen[event.topic] += 1
    schema = pa.schema(
        {"topic": pa.string(), "offset": pa.int64(), "value": pa.binary()}  # type: ignore[arg-type]
    )
    return pa.Table.from_pylist(rows, schema)


def count(*events: Event, newest: int = 100) -> Recount:
    return recount(bronze(list(events)), CAST, newest=newest)


def test_the_last_word_on_an_edge_counts() -> None:
    found = count(
        followed(BOB, ALICE), followed(BOB, ALICE), requested(BOB, ALICE),
        followed(CAROL, ALICE), unfollowed(CAROL, ALICE),
    )  # fmt: skip
    assert found.user_counts[ALICE]["followers_count"] == 1
    assert found.user_counts[BOB]["following_count"] == 1
    assert found.user_counts[CAROL]["following_count"] == 0


def test_likes_retweets_replies_and_quotes_that_stand_are_counted() -> None:
    found = count(
        posted(10, ALICE),
        liked(BOB, 10), liked(BOB, 10), liked(CAROL, 10), unliked(CAROL, 10),
        retweeted(11, BOB, 10), unretweeted(11, BOB, 10), retweeted(12, BOB, 10),
        posted(13, BOB, reply_to_id=10), posted(14, CAROL, quote_of_id=10),
        posted(15, CAROL, reply_to_id=10), deleted(15, CAROL, reply_to_id=10),
        bookmarked(BOB, 10), bookmarked(CAROL, 10), unbookmarked(CAROL, 10),
    )  # fmt: skip
    assert found.tweet_counts[10] == {
        "like_count": 1, "retweet_count": 1, "reply_count": 1, "quote_count": 1,
        "bookmark_count": 1,
    }  # fmt: skip
    assert 15 not in found.tweet_counts
    assert found.user_counts[BOB]["tweet_count"] == 2


def test_a_home_shows_followees_and_oneself_without_what_was_deleted() -> None:
    found = count(
        followed(BOB, ALICE),
        posted(10, ALICE), posted(11, BOB), posted(12, CAROL), retweeted(13, ALICE, 12),
        posted(14, ALICE), deleted(14, ALICE), retweeted(15, ALICE, 11), unretweeted(15, ALICE, 11),
        retweeted(16, ALICE, 14),
    )  # fmt: skip
    assert found.homes[BOB] == [13, 11, 10]
    assert found.homes[CAROL] == [12]


def test_a_home_has_replies_to_those_who_are_near_and_a_retweet_once() -> None:
    found = count(
        followed(BOB, ALICE), followed(BOB, CAROL),
        posted(10, DAVE), posted(11, ALICE),
        posted(12, ALICE, reply_to_id=11, reply_to_user_id=ALICE),
        posted(13, ALICE, reply_to_id=10, reply_to_user_id=DAVE),
        posted(14, CAROL, reply_to_id=11, reply_to_user_id=ALICE),
        posted(15, BOB, reply_to_id=10, reply_to_user_id=DAVE),
        posted(16, ALICE, reply_to_id=15, reply_to_user_id=BOB),
        retweeted(17, CAROL, 11), retweeted(18, ALICE, 10), retweeted(19, CAROL, 10),
        retweeted(20, CAROL, 13), retweeted(21, BOB, 10),
    )  # fmt: skip
    assert found.homes[BOB] == [20, 18, 16, 15, 14, 12, 11]


def test_a_retweet_of_what_ends_a_full_home_is_in_doubt() -> None:
    said = [posted(id, ALICE) for id in range(1_000, 1_800)]
    found = count(
        followed(BOB, ALICE), *said,
        retweeted(1_900, ALICE, 1_001), retweeted(1_901, ALICE, 1_700),
    )  # fmt: skip
    assert found.doubtful[BOB] == {1_900}
    assert found.homes[BOB][0] == 1_799


def test_a_home_is_cut_to_the_newest() -> None:
    found = count(*(posted(id, ALICE) for id in range(10, 20)), newest=2)
    assert found.homes[ALICE] == [19, 18]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_agrees_with_the_cases_of_the_views(case: Case) -> None:
    users = {key for key, _ in case.user_counts} | {e.actor_id for e in case.events}
    found = recount(bronze(case.events), users, newest=10)
    totals = {
        (key, measure): total
        for key, counts in found.user_counts.items()
        for measure, total in counts.items()
        if total
    }
    assert totals == case.user_counts


def test_it_counts_a_made_up_world() -> None:
    world = World("recount", 30)
    teller = Teller(world, start_ms=1_700_000_000_000, worker=1)
    events = [*teller.beginning(), *teller.events(islice(world.activity(), 1_000))]
    found = recount(bronze(events), teller.user_ids, newest=50)
    assert len(found.user_counts) == 30
    assert sum(c["followers_count"] for c in found.user_counts.values()) == sum(
        c["following_count"] for c in found.user_counts.values()
    )
    assert all(len(home) <= 50 and home == sorted(home, reverse=True)
               for home in found.homes.values())  # fmt: skip
