"""Rows, edges and counts come back from the lake alone, to both stores."""

from __future__ import annotations

from typing import Any

import pytest
import redis

from batch.stores import Cassandra
from tests.batch.rebuilding import LIST, row
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
)
from views.poll_counts import POLL_COUNTS
from views.rows import (
    BLOCKS,
    relation_field,
    relations_key,
    retweet_key,
    tweet_key,
    user_key,
)
from views.seam import counts_key, pointer_key, read_counts
from views.tables import KEYSPACE, TABLES
from views.tweet_counts import TWEET_COUNTS
from views.user_counts import USER_COUNTS

pytestmark = pytest.mark.engines


def test_tweets_come_back_and_deleted_ones_do_not(
    rebuilt: dict[str, Any], cache: redis.Redis, lasting: Cassandra, base: int
) -> None:
    found = row(cache.get(tweet_key(base + 10)))
    assert found is not None
    assert (found["author_id"], found["text"]) == (base + BOB, "tweet 10")
    assert row(cache.get(tweet_key(base + 12))) is None
    text = f"SELECT text FROM {KEYSPACE}.tweets WHERE id = ?"
    assert lasting.one(text, (base + 10,)).text == "tweet 10"
    assert lasting.one(text, (base + 12,)) is None


def test_retweets_come_back(
    rebuilt: dict[str, Any], cache: redis.Redis, lasting: Cassandra, base: int
) -> None:
    assert row(cache.get(retweet_key(base + CAROL, base + 10))) == {"id": base + 13}
    cql = f"SELECT id FROM {KEYSPACE}.retweets WHERE author_id = ? AND tweet_id = ?"
    assert lasting.one(cql, (base + CAROL, base + 10)).id == base + 13


def test_edges_come_back_and_those_that_hide_are_in_redis_too(
    rebuilt: dict[str, Any], cache: redis.Redis, lasting: Cassandra, base: int
) -> None:
    def beside(view: str, id: int) -> list[int]:
        table = TABLES[view]
        cql = f"SELECT {table.key[1]} FROM {KEYSPACE}.{view} WHERE {table.key[0]} = ?"
        ((*rows,),) = lasting.all([(cql, (base + id,))])
        return [row[0] - base for row in rows]

    assert beside("followers", BOB) == [ALICE]
    assert beside("following", ALICE) == [CAROL, BOB]
    assert beside("following", BOB) == []
    assert beside("liking_users", 10) == [BOB, ALICE]
    assert beside("follow_requests", ALICE) == [BOB]
    assert beside("blocked_by", CAROL) == [ALICE]
    assert beside("list_memberships", BOB) == [LIST]
    blocks = relation_field(BLOCKS, base + CAROL)
    assert row(cache.hget(relations_key(base + ALICE), blocks)) == {"at_ms": 0}


def test_users_come_back_by_id_and_by_name_and_a_newer_row_stays(
    rebuilt: dict[str, Any], cache: redis.Redis, lasting: Cassandra, base: int
) -> None:
    alice, bob = row(cache.get(user_key(base + ALICE))), row(cache.get(user_key(base + BOB)))
    assert alice is not None
    assert bob is not None
    assert (alice["name"], bob["name"]) == ("Alice", "Renamed")
    by_id = f"SELECT username FROM {KEYSPACE}.users WHERE id = ?"
    assert lasting.one(by_id, (base + ALICE,)).username == "alice"


def test_counts_come_back(rebuilt: dict[str, Any], cache: redis.Redis, base: int) -> None:
    def counts(view: Any, key: int) -> dict[str, int]:
        pointer = int(cache.get(pointer_key(view.name)) or 0)
        fields = cache.hgetall(counts_key(view.name, base + key))
        return read_counts(view.merge, view.measures, fields, pointer)

    assert counts(TWEET_COUNTS, 10) == {
        "like_count": 2,
        "retweet_count": 1,
        "reply_count": 1,
        "quote_count": 1,
        "bookmark_count": 0,
    }
    assert counts(USER_COUNTS, CAROL) == {
        "followers_count": 1,
        "following_count": 0,
        "tweet_count": 3,
        "listed_count": 0,
    }
    assert counts(POLL_COUNTS, 10)["option_2"] == 1


@pytest.mark.parametrize(
    ("table", "key", "column", "entries"),
    [
        ("mentions", {"user_id": ALICE}, "id", [15, 14]),
        ("quotes", {"tweet_id": 10}, "id", [15, 14]),
        ("reposts", {"tweet_id": 10}, "id", [13]),
        ("conversations", {"conversation_id": 10}, "id", [11, 10]),
        ("hidden_replies", {"conversation_id": 10}, "tweet_id", [11]),
    ],
)
def test_entries_come_back(
    rebuilt: dict[str, Any],
    lasting: Cassandra,
    base: int,
    table: str,
    key: dict[str, int],
    column: str,
    entries: list[int],
) -> None:
    ((name, id),) = key.items()
    cql = f"SELECT {column} FROM {KEYSPACE}.{table} WHERE {name} = ?"
    ((*rows,),) = lasting.all([(cql, (base + id,))])
    assert [getattr(entry, column) - base for entry in rows] == entries


def test_an_edited_tweet_comes_back_in_its_versions(
    rebuilt: dict[str, Any], lasting: Cassandra, base: int
) -> None:
    cql = f"SELECT text, edit_ids FROM {KEYSPACE}.tweets WHERE id = ?"
    for id in (14, 15):
        found = lasting.one(cql, (base + id,))
        assert (found.text, found.edit_ids) == (f"tweet {id}", f"{base + 14},{base + 15}")
