"""How a reader stands to others is said by Redis or Cassandra, whichever is there, or by nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.events import Event
from serving.errors import StoreUnavailable
from serving.own_rows import OwnRows
from serving.relations import Relation, Relations
from serving.rows import Found, Rows
from serving.stores.cassandra import UNSET, CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from tests.realtime.playing import moved, world
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    blocked,
    followed,
    muted,
    requested,
    unblocked,
    unfollowed,
)
from views.following import FOLLOWING
from views.rows import LOADED, following_key, put, relations_key
from views.tables import TABLES, statement

pytestmark = pytest.mark.engines

NOWHERE = 1  # a port on which nothing listens


def rows(settings: Settings, *, redis: bool = True, cassandra: bool = True) -> Rows:
    there = settings.model_copy(
        update={
            **({} if redis else {"redis_port": NOWHERE}),
            **({} if cassandra else {"cassandra_port": NOWHERE}),
        }
    )
    return Rows(there, RedisStore(there), CassandraStore(there))


@pytest.fixture(scope="module")
def base(api_server: Settings) -> Iterator[int]:
    """Alice blocks Bob, mutes Carol, and is blocked by Dave; Bob's block was taken back."""
    base = world()
    cassandra = CassandraStore(api_server)
    own = OwnRows(RedisStore(api_server), cassandra)
    happened = (
        *(blocked(ALICE, BOB), muted(ALICE, CAROL), blocked(DAVE, ALICE), blocked(BOB, ALICE)),
        *(unblocked(BOB, ALICE), followed(ALICE, CAROL), requested(ALICE, DAVE)),
    )
    for pos, event in enumerate(happened):
        own.apply(moved(event, base), pos)
    yield base
    cassandra.close()


def relations(found: Found, base: int) -> dict[int, Relation]:
    return {id - base: relation for id, relation in found.relations.items()}


@pytest.mark.parametrize("redis", [True, False], ids=["with Redis", "without Redis"])
def test_both_stores_say_the_same(api_server: Settings, base: int, redis: bool) -> None:
    asked = [base + id for id in (BOB, CAROL, DAVE)]
    found = rows(api_server, redis=redis).fetch(users=asked, viewer_id=base + ALICE)
    assert relations(found, base) == {
        BOB: Relation(blocking=True),
        CAROL: Relation(muting=True, following=True),
        DAVE: Relation(blocked_by=True),
    }
    found = rows(api_server, redis=redis).fetch(users=asked, viewer_id=base + ALICE, follows=True)
    assert relations(found, base)[CAROL] == Relation(muting=True, following=True)
    assert relations(found, base)[DAVE] == Relation(blocked_by=True, requested=True)


def test_a_hash_that_is_loaded_needs_no_cassandra_and_one_that_is_not_is_no_answer(
    api_server: Settings, base: int
) -> None:
    alice, others = base + ALICE, [base + BOB]
    rows(api_server).fetch(users=others, viewer_id=alice)
    redis = RedisStore(api_server)
    alone = Relations(
        redis, CassandraStore(api_server.model_copy(update={"cassandra_port": NOWHERE}))
    )

    def said() -> dict[int, Relation]:
        return alone.read(alice, others, redis.pipeline(alone.commands(alice, others)))

    assert said() == {base + BOB: Relation(blocking=True)}
    for key in (relations_key(alice), following_key(alice)):
        redis.command("HDEL", key, LOADED)
        with pytest.raises(StoreUnavailable):
            said()
        redis.command("HSET", key, LOADED, "1")
    assert said() == {base + BOB: Relation(blocking=True)}


def test_whom_somebody_follows_is_kept_of_those_who_read(api_server: Settings) -> None:
    base = world()
    alice, bob, carol = (base + id for id in (ALICE, BOB, CAROL))
    redis, cassandra = RedisStore(api_server), CassandraStore(api_server)
    own = OwnRows(redis, cassandra)
    stores = rows(api_server)

    def speed_layer(event: Event, pos: int) -> None:
        for change in FOLLOWING.project(moved(event, base)):
            cql, values = statement(TABLES["following"], change, pos=pos, unset=UNSET)
            cassandra.finish(cassandra.begin([(cql, values)]))
            redis.command("FCALL", *put("following", change, pos=pos, ttl_s=60))

    def followed_by_alice() -> dict[int, bool]:
        found = stores.fetch(users=[bob, carol], viewer_id=alice)
        return {id - base: relation.following for id, relation in found.relations.items()}

    speed_layer(followed(ALICE, BOB), 1)
    assert redis.command("EXISTS", following_key(alice)) == 0
    assert followed_by_alice() == {BOB: True, CAROL: False}
    speed_layer(followed(ALICE, CAROL), 2)
    assert followed_by_alice() == {BOB: True, CAROL: True}
    own.apply(moved(unfollowed(ALICE, BOB), base), 3)
    speed_layer(followed(ALICE, BOB), 1)  # once more, and too late
    assert followed_by_alice() == {BOB: False, CAROL: True}
    redis.command("DEL", following_key(alice))
    assert followed_by_alice() == {BOB: False, CAROL: True}
    cassandra.close()


def test_a_hash_that_went_while_it_was_loaded_is_loaded_again(api_server: Settings) -> None:
    redis, key = RedisStore(api_server), following_key(world())
    _, nonce, _ = redis.pipeline(redis.begin_edges(key, b"one"))
    assert redis.pipeline(redis.begin_edges(key, b"two"))[1] == nonce == b"one"
    redis.command("DEL", key)
    redis.pipeline(redis.begin_edges(key, b"three"))
    assert redis.command(*redis.load_edges(key, nonce, [])) == 0
    assert redis.command("HGET", key, LOADED) is None
    assert redis.command(*redis.load_edges(key, b"three", [])) == 1
    assert redis.command("HGET", key, LOADED) is not None


def test_nobody_stands_to_anybody_in_any_way(api_server: Settings, base: int) -> None:
    found = rows(api_server).fetch(users=[base + BOB], viewer_id=0)
    assert relations(found, base) == {BOB: Relation()}


def test_where_neither_store_answers_nothing_is_guessed(settings: Settings) -> None:
    with pytest.raises(StoreUnavailable):
        rows(settings, redis=False, cassandra=False).fetch(users=[1], viewer_id=2)
