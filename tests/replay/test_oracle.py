"""The oracle, against graphs small enough to work out by hand."""

from __future__ import annotations

from pathlib import Path

from replay.files import load
from replay.oracle import Expected, expected
from tests.replay.files import Row, follows_file, tweet, tweets_file

ALICE, BOB, CAROL, DAVE = 1, 2, 3, 4


def outcome(
    folder: Path, tweets: list[Row], follows: list[tuple[int, int]], cap: int = 800
) -> Expected:
    return expected(load(tweets_file(folder, *tweets), follows_file(folder, *follows)).db, cap=cap)


def test_each_entry_goes_to_each_follower_of_its_author(tmp_path: Path) -> None:
    found = outcome(
        tmp_path,
        [tweet(10, ALICE), tweet(11, BOB), tweet(12, ALICE)],
        [(BOB, ALICE), (CAROL, ALICE), (CAROL, BOB), (DAVE, CAROL)],
    )
    assert found.deliveries == 5
    assert found.readers == 2
    assert found.timelines == {BOB: [12, 10], CAROL: [12, 11, 10], DAVE: []}


def test_a_timeline_keeps_the_newest(tmp_path: Path) -> None:
    tweets = [tweet(id, ALICE) for id in range(10, 20)]
    found = outcome(tmp_path, tweets, [(BOB, ALICE)], cap=3)
    assert found.deliveries == 10
    assert found.timelines == {BOB: [19, 18, 17]}


def test_a_retweet_is_an_entry_and_counts_once_an_author(tmp_path: Path) -> None:
    found = outcome(
        tmp_path,
        [
            tweet(10, ALICE),
            tweet(11, BOB, retweet_of=10),
            tweet(12, BOB, retweet_of=10),
            tweet(13, CAROL, retweet_of=10),
            tweet(14, CAROL, retweet_of=5),
        ],
        [(DAVE, BOB)],
    )
    assert found.timelines == {DAVE: [12, 11]}
    assert found.tweet_counts == {10: {"retweet_count": 2}, 5: {"retweet_count": 1}}
    assert found.user_counts[BOB]["tweet_count"] == 1
    assert found.user_counts[CAROL]["tweet_count"] == 2


def test_followers_and_following_are_counted_for_all_ends_of_edges(tmp_path: Path) -> None:
    found = outcome(tmp_path, [tweet(10, ALICE)], [(BOB, ALICE), (CAROL, ALICE), (BOB, 99)])
    assert found.user_counts == {
        ALICE: {"followers_count": 2, "following_count": 0, "tweet_count": 1},
        BOB: {"followers_count": 0, "following_count": 2, "tweet_count": 0},
        CAROL: {"followers_count": 0, "following_count": 1, "tweet_count": 0},
        99: {"followers_count": 1, "following_count": 0, "tweet_count": 0},
    }


def test_own_tweets_are_no_deliveries(tmp_path: Path) -> None:
    found = outcome(tmp_path, [tweet(10, ALICE)], [(ALICE, ALICE), (BOB, ALICE)])
    assert found.deliveries == 1
    assert found.timelines == {BOB: [10]}
