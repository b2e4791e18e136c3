"""What features are made of is held against the speed layer before anything of it is published."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from batch.drift_gate import TooMuchDrift
from batch.feature_drift import work
from lake import ledgers
from tests.batch.feature_desk import Desk
from views.features import stored
from views.features.tables import PAIRS, TWEETS, USERS, FeatureTable
from views.seam import COUNTED, COUNTED_FIELDS, speed_field

pytestmark = pytest.mark.engines

BEFORE, FIRST, SECOND, THROUGH = 1_000, 1_010, 1_020, 1_030
ALICE, BOB, CAROL, TWEET = 7, 8, 9, 50


@pytest.fixture(autouse=True)
def published_before(desk: Desk) -> None:
    """The speed layer counts since long ago, and an earlier run published."""
    desk.client.hset(COUNTED, COUNTED_FIELDS[0], 0)
    desk.client.set(stored.POINTER, FIRST)


def sped(desk: Desk, table: FeatureTable, key: int, measure: str, epoch: int, n: int = 1) -> None:
    """What the speed layer writes."""
    desk.client.hset(stored.speed_key(table, (key,)), speed_field(epoch, measure), n)


def drift(desk: Desk, through: int = THROUGH) -> dict[str, Any]:
    return work(desk.settings, argparse.Namespace(through=through, keys=1_000, wait=0.0))


def ledger(desk: Desk) -> set[tuple[Any, ...]]:
    rows = ledgers.DRIFT.open(desk.settings).to_pyarrow_table().to_pylist()
    names = ("view", "measure", "epoch", "keys", "differing", "lake_total", "speed_total")
    return {tuple(row[name] for name in names) for row in rows}


def test_layers_that_agree_have_no_drift_of_a_pair_either(desk: Desk) -> None:
    desk.did(THROUGH, USERS, (ALICE,), ("posts", FIRST))
    desk.did(THROUGH, TWEETS, (TWEET,), ("likes", SECOND))
    desk.did(THROUGH, PAIRS, (ALICE, BOB), ("likes", SECOND))
    desk.did(THROUGH, PAIRS, (ALICE, CAROL), ("likes", SECOND))
    sped(desk, USERS, ALICE, "posts", FIRST)
    sped(desk, TWEETS, TWEET, "likes", SECOND)
    sped(desk, PAIRS, ALICE, f"likes {BOB}", SECOND)
    sped(desk, PAIRS, ALICE, f"likes {CAROL}", SECOND)
    assert drift(desk)["percent"] == dict.fromkeys(
        ("user_activity", "tweet_activity", "pair_activity"), 0
    )
    assert ledger(desk) == {
        ("user_activity", "posts", FIRST, 1, 0, 1, 1),
        ("tweet_activity", "likes", SECOND, 1, 0, 1, 1),
        ("pair_activity", "likes", SECOND, 2, 0, 2, 2),
    }


def test_what_one_layer_alone_saw_stands_in_the_ledger_once(desk: Desk) -> None:
    desk.did(THROUGH, PAIRS, (ALICE, BOB), ("likes", SECOND))
    sped(desk, PAIRS, ALICE, f"likes {CAROL}", SECOND)
    drift(desk)
    assert drift(desk)["activities"]["pair_activity"]["absolute_difference"] == 2
    assert ledger(desk) == {("pair_activity", "likes", SECOND, 2, 2, 1, 1)}


def test_what_batch_took_away_when_it_published_is_not_compared(desk: Desk) -> None:
    desk.did(THROUGH, USERS, (ALICE,), ("posts", BEFORE))
    assert drift(desk)["activities"]["user_activity"] == {
        "epochs": THROUGH - FIRST,
        "compared": 0,
        "differing": 0,
        "absolute_difference": 0,
    }
    desk.client.delete(stored.POINTER)
    assert drift(desk)["activities"]["user_activity"]["epochs"] == 0


def test_much_drift_stops_the_publication_and_says_where(desk: Desk) -> None:
    least = desk.settings.drift_stops_least
    desk.did(THROUGH, USERS, (ALICE,), *[("posts", FIRST + n) for n in range(10)])
    sped(desk, USERS, ALICE, "posts", SECOND, least)
    with pytest.raises(TooMuchDrift, match=f"user_activity .*posts of epoch {SECOND}.*{ALICE}"):
        drift(desk)
    assert ("user_activity", "posts", SECOND, 1, 1, 0, least) in ledger(desk)
    with pytest.raises(TooMuchDrift):  # an hour later it has not become right
        drift(desk, THROUGH + 10)
    told = [row for row in ledger(desk) if row[2] == SECOND]
    assert told == [("user_activity", "posts", SECOND, 1, 1, 0, least)]
    desk.client.set(stored.POINTER, THROUGH)  # somebody has let it through
    assert drift(desk, THROUGH + 10)["percent"]["user_activity"] == 0
    assert told == [row for row in ledger(desk) if row[2] == SECOND]
