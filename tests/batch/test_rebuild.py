"""Every view comes back from the lake alone, and nothing that happens meanwhile is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis

from batch.stores import Cassandra, cassandra, redis_client, timeline_shards
from ingest.bulk import append_all
from settings import Settings
from tests.batch.environment import run
from tests.engines.waiting import until
from tests.ingest.archiving import archiver, wait_until_archived
from tests.realtime.playing import home, moved, opened, own, world
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    accepted,
    blocked,
    created,
    deleted,
    edited,
    followed,
    hidden,
    liked,
    list_made,
    listed,
    posted,
    requested,
    retweeted,
    unfollowed,
    voted,
)
from views.poll_counts import POLL_COUNTS
from views.registry import VIEWS, fold_views
from views.rows import (
    BLOCKS,
    pack_row,
    relation_field,
    relations_key,
    retweet_key,
    tweet_key,
    unpack_row,
    user_key,
)
from views.seam import counts_key, pointer_key, read_counts
from views.search_terms import day_of
from views.tables import KEYSPACE, TABLES
from views.timelines import bucket_of, home_key, pack, unpack
from views.tweet_counts import TWEET_COUNTS
from views.user_counts import USER_COUNTS

pytestmark = pytest.mark.engines

DELETED = 12
LIST = 40
HISTORY = [
    *(created(user) for user in (ALICE, BOB, CAROL)),
    followed(ALICE, BOB),
    followed(ALICE, CAROL),
    followed(BOB, CAROL),
    unfollowed(BOB, CAROL),
    posted(10, BOB),
    posted(11, CAROL, reply_to_id=10),
    posted(DELETED, CAROL),
    deleted(DELETED, CAROL),
    retweeted(13, CAROL, 10),
    liked(ALICE, 10),
    liked(BOB, 10),
    liked(BOB, 10),
    requested(BOB, ALICE),
    requested(DAVE, ALICE),
    accepted(DAVE, ALICE),
    blocked(ALICE, CAROL),
    list_made(LIST, ALICE),
    listed(LIST, ALICE, BOB),
    posted(14, CAROL, quote_of_id=10, mention_ids=f"0,{ALICE}"),
    edited("14,15", CAROL, quote_of_id=10, mention_ids=f"0,{ALICE}"),
    hidden(11, BOB, 10),
    voted(ALICE, 10, 2),
]
LIVE = 99  # a tweet of Bob's that the speed layer delivers while the lake is read


@pytest.fixture(scope="module")
def lake(
    kafka_server: Settings,
    redis_server: Settings,
    cassandra_server: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    """A lake of its own beside the shared log and stores, with epochs of a second."""
    folder = tmp_path_factory.mktemp("lake")
    return kafka_server.model_copy(update={"state_dir": folder, "epoch_seconds": 1})


@pytest.fixture(scope="module")
def base() -> int:
    return world()


@pytest.fixture(scope="module")
def cache(lake: Settings) -> Iterator[redis.Redis]:
    with redis_client(lake) as client:
        yield client


@pytest.fixture(scope="module")
def lasting(lake: Settings) -> Iterator[Cassandra]:
    with cassandra(lake) as session:
        yield session


@pytest.fixture(scope="module")
def rebuilt(
    lake: Settings, base: int, cache: redis.Redis, lasting: Cassandra, tmp_path_factory: Any
) -> Iterator[dict[str, Any]]:
    """What `batch.rebuild` says, of all views at once."""
    log: Path = tmp_path_factory.mktemp("archiver") / "log"
    append_all(lake, [moved(event, base) for event in HISTORY])
    closed = time.time() + 3.5  # a second's epoch, and the margin that batch.land leaves
    opened(lake, base + ALICE, base + LIST)
    key = home_key(base + ALICE, lake.timeline_buckets)
    with timeline_shards(lake) as shards:
        shards.command(
            bucket_of(base + ALICE, lake.timeline_buckets), "APPEND", key, pack([base + LIVE])
        )
    newer = pack_row(2**40, {"id": base + BOB, "username": "bob", "name": "Renamed"})
    cache.set(user_key(base + BOB), newer)
    with archiver(lake, log, STARLING_EPOCH_SECONDS="1"):
        wait_until_archived(lake)
        until(lambda: time.time() > closed)
        done = run(lake, "-m", "batch.rebuild", *(view.name for view in VIEWS))
    assert done.code == 0, done.said
    yield done.result
    for view in fold_views():  # the pointers of this lake mean nothing to anybody else
        cache.delete(pointer_key(view.name))
        lasting.one(f"DELETE FROM {KEYSPACE}.pointers WHERE view_name = ?", (view.name,))


def row(value: bytes | None) -> dict[str, Any] | None:
    """The row that Redis holds; None for a tombstone."""
    assert value is not None
    _, body = unpack_row(value)
    return msgspec.json.decode(body) if body else None


def standing(ids: list[int], base: int) -> list[int]:
    """As readers see it: where a speed layer runs beside, it delivered the deleted tweet too."""
    return [id for id in ids if id != base + DELETED]


def test_every_view_is_told(rebuilt: dict[str, Any]) -> None:
    assert set(rebuilt["views"]) == {view.name for view in VIEWS}


def test_home_timelines_come_back_and_what_is_live_stays(
    rebuilt: dict[str, Any], lake: Settings, cache: redis.Redis, base: int
) -> None:
    seen = standing(home(lake, base + ALICE), base)
    assert seen == [base + n for n in (LIVE, 15, 14, 13, 11, 10)]
    assert home(lake, base + BOB) == []


def test_every_reader_has_a_base_timeline_who_has_nothing_left_to_read_too(
    rebuilt: dict[str, Any], lasting: Cassandra, base: int
) -> None:
    def found(reader: int) -> list[int]:
        kept = lasting.one(f"SELECT * FROM {KEYSPACE}.home_base WHERE reader_id = ?", (reader,))
        assert kept.through == rebuilt["through"]
        assert kept.at_ms // 1_000 <= time.time()
        return [id - base for id in unpack(kept.ids)]

    assert found(base + ALICE) == [15, 14, 13, 11, 10]
    assert found(base + BOB) == []
    assert found(base + LIST) == [10]


def test_user_timelines_come_back(
    rebuilt: dict[str, Any], lake: Settings, cache: redis.Redis, lasting: Cassandra, base: int
) -> None:
    assert standing(own(lake, base + CAROL), base) == [base + n for n in (15, 14, 13, 11)]
    found = f"SELECT id FROM {KEYSPACE}.user_timeline WHERE author_id = ?"
    ((*rows,),) = lasting.all([(found, (base + CAROL,))])
    assert [entry.id for entry in rows] == [base + n for n in (15, 14, 13, 11)]


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


def test_the_timeline_of_a_list_comes_back(
    rebuilt: dict[str, Any], lake: Settings, cache: redis.Redis, base: int
) -> None:
    assert standing(home(lake, base + LIST), base) == [base + 10]


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


def test_a_word_finds_its_tweets_again(
    rebuilt: dict[str, Any], lasting: Cassandra, base: int
) -> None:
    cql = f"SELECT id FROM {KEYSPACE}.search_terms WHERE term = ? AND day = ? AND id > ?"
    ((*rows,),) = lasting.all([(cql, ("tweet", day_of(base), base))])
    assert {10, 11, 12, 14, 15} <= {entry.id - base for entry in rows}


def test_an_unknown_view_is_named(lake: Settings) -> None:
    done = run(lake, "-m", "batch.rebuild", "nothing")
    assert done.code == 1
    assert "no view 'nothing'; there are tweets" in done.said
