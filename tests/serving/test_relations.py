"""How a reader stands to others is said by Redis or Cassandra, whichever is there, or by nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from serving.errors import StoreUnavailable
from serving.own_rows import OwnRows
from serving.relations import Relation, Relations
from serving.rows import Found, Rows
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from tests.realtime.playing import moved, world
from tests.views.cast import ALICE, BOB, CAROL, DAVE, blocked, followed, muted, requested, unblocked
from views.rows import LOADED, relations_key

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
        CAROL: Relation(muting=True),
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
        return alone.read(alice, others, redis.command(*alone.command(alice, others)))

    assert said() == {base + BOB: Relation(blocking=True)}
    redis.command("HDEL", relations_key(alice), LOADED)
    with pytest.raises(StoreUnavailable):
        said()


def test_nobody_stands_to_anybody_in_any_way(api_server: Settings, base: int) -> None:
    found = rows(api_server).fetch(users=[base + BOB], viewer_id=0)
    assert relations(found, base) == {BOB: Relation()}


def test_where_neither_store_answers_nothing_is_guessed(settings: Settings) -> None:
    with pytest.raises(StoreUnavailable):
        rows(settings, redis=False, cassandra=False).fetch(users=[1], viewer_id=2)
