"""Files are read whatever their columns are called, and what cannot be read is said by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.codec import decode, encode
from ingest.events import AccountCreated, Followed, Retweeted, TweetPosted
from replay.files import BadFile, load
from replay.playing import accounts, entries, follows
from tests.replay.files import FOLLOWS, TWEETS, follows_file, tweet, tweets_file, write

ALICE, BOB, CAROL = 1, 2, 3


def test_tweets_are_played_in_the_order_of_time_under_their_own_ids(tmp_path: Path) -> None:
    tweets = tweets_file(
        tmp_path, tweet(12, ALICE, minute=1), tweet(10, BOB, minute=3, retweet_of=12)
    )
    first, second = entries(load(tweets, follows_file(tmp_path)))
    assert isinstance(first, TweetPosted)
    assert (first.id, first.author_id, first.text, first.conversation_id) == (
        12, ALICE, "tweet 12", 12,
    )  # fmt: skip
    assert isinstance(second, Retweeted)
    assert (second.id, second.author_id, second.tweet_id, second.tweet_author_id) == (
        10, BOB, 12, ALICE,
    )  # fmt: skip
    assert second.at_ms - first.at_ms == 120_000


def test_edges_are_played_once_and_nobody_follows_themselves(tmp_path: Path) -> None:
    loaded = load(
        tweets_file(tmp_path, tweet(10, ALICE)),
        follows_file(tmp_path, (BOB, ALICE), (BOB, ALICE), (ALICE, ALICE), (CAROL, 77)),
    )
    found = {(e.follower_id, e.followee_id) for e in follows(loaded) if isinstance(e, Followed)}
    assert found == {(BOB, ALICE), (CAROL, 77)}
    assert loaded.edges == 2
    assert loaded.left_out == (
        "2 rows of follows.parquet that repeat an edge, lack an end or lead back",
    )


def test_authors_and_followers_have_accounts_with_names_that_are_accepted(tmp_path: Path) -> None:
    nameless = 2**62
    loaded = load(tweets_file(tmp_path, tweet(10, ALICE)), follows_file(tmp_path, (BOB, ALICE)))
    loaded.db.execute("INSERT INTO accounts VALUES ($id, 'not a name!')", {"id": nameless})
    events = list(accounts(loaded))
    for event in events:
        assert decode(encode(event), topic=event.topic) == event
    names = {e.id: e.username for e in events if isinstance(e, AccountCreated)}
    assert names[ALICE] == "user1"
    assert len(set(names.values())) == len(names) == 3


def test_a_limit_keeps_the_first_tweets_and_the_follows_of_their_authors(tmp_path: Path) -> None:
    loaded = load(
        tweets_file(tmp_path, tweet(12, CAROL), tweet(10, ALICE), tweet(11, BOB)),
        follows_file(tmp_path, (CAROL, ALICE), (ALICE, BOB), (ALICE, CAROL), (BOB, 77)),
        limit=2,
    )
    assert (loaded.entries, loaded.edges) == (2, 2)
    assert "first 2 tweets" in loaded.left_out[0]


@pytest.mark.parametrize("names", [("src", "dst"), ("src_id", "dst_id"), ("SRC", "DST")])
def test_ends_of_edges_may_have_either_name(tmp_path: Path, names: tuple[str, str]) -> None:
    path = write(tmp_path / "f.parquet", names, [(BOB, ALICE)])
    assert load(tweets_file(tmp_path, tweet(10, ALICE)), path).edges == 1


def test_a_missing_column_is_named_and_so_are_those_there_are(tmp_path: Path) -> None:
    path = write(tmp_path / "f.parquet", ("source", "target"), [(BOB, ALICE)])
    with pytest.raises(BadFile, match=r"f.parquet has no column .*src_id or src.*source, target"):
        load(tweets_file(tmp_path, tweet(10, ALICE)), path)


def test_a_file_that_is_no_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "noise.parquet").write_bytes(b"no parquet at all")
    with pytest.raises(BadFile, match=r"noise.parquet"):
        load(tmp_path / "noise.parquet", follows_file(tmp_path))


def test_tweet_ids_that_lost_digits_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", TWEETS, [tweet(2**60 + 1, ALICE, minute=1)], id="DOUBLE")
    with pytest.raises(BadFile, match="floating point"):
        load(path, follows_file(tmp_path))


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tweets_file(tmp_path, tweet(10, ALICE), tweet(10, BOB))
    with pytest.raises(BadFile, match="repeat the id"):
        load(path, follows_file(tmp_path))


def test_rows_without_an_author_are_left_out_and_said(tmp_path: Path) -> None:
    row = (10, None, None, "2015-01-01 00:00:00", "text", None)
    loaded = load(tweets_file(tmp_path, row, tweet(11, ALICE)), follows_file(tmp_path))
    assert loaded.entries == 1
    assert loaded.left_out == ("1 rows of tweets.parquet without an id, author, time or text",)


def test_csv_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "follows.csv"
    path.write_text(",".join(FOLLOWS) + "\n2,1\n")
    assert load(tweets_file(tmp_path, tweet(10, ALICE)), path).edges == 1
