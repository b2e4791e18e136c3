"""Is an answer from the graph computed once for all, and never believed when it is old?"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from redis import Redis

from serving.answers import Answer, Answers, Kept
from serving.errors import StoreUnavailable
from serving.stores.neo4j import Ranked
from serving.stores.redis import RedisStore
from settings import Settings
from tests.engines.waiting import until
from views.follow_graph import answer_key, computing_key, stamp_key

pytestmark = pytest.mark.engines

ALICE, BOB = 1, 2
FIRST: Ranked = [(7, 2), (5, 1)]
SECOND: Ranked = [(9, 3)]


def answers(settings: Settings) -> Answers:
    """Those of an API process of its own."""
    return Answers(settings, RedisStore(settings))


def away() -> Ranked:
    raise StoreUnavailable("neo4j", "it is away")


def never() -> Ranked:
    raise AssertionError("this is known already")


@pytest.fixture
def question() -> str:
    return f"test/{secrets.token_hex(8)}"


@pytest.fixture
def redis(redis_server: Settings) -> Iterator[Redis]:
    with Redis.from_url(redis_server.redis_url) as client:
        yield client
        client.delete(stamp_key(ALICE), stamp_key(BOB))


def test_many_callers_of_many_processes_compute_once(redis_server: Settings, question: str) -> None:
    began, computed = threading.Barrier(20), []

    def compute() -> Ranked:
        computed.append(1)
        until(lambda: len(waiting) == 20)
        return FIRST

    waiting: list[int] = []

    def ask(_: int) -> Answer:
        process = answers(redis_server)
        began.wait()
        waiting.append(1)
        return process.get(question, [ALICE], compute)

    with ThreadPoolExecutor(20) as pool:
        assert set(map(str, pool.map(ask, range(20)))) == {str(Answer(FIRST, False))}
    assert computed == [1]


def test_a_change_of_anybody_it_depends_on_ends_an_answer(
    redis_server: Settings, redis: Redis, question: str
) -> None:
    process = answers(redis_server)
    assert process.get(question, [ALICE, BOB], lambda: FIRST).rows == FIRST
    assert process.get(question, [ALICE, BOB], never).rows == FIRST
    redis.set(stamp_key(BOB), "3/17")
    assert process.get(question, [ALICE, BOB], lambda: SECOND) == Answer(SECOND, False)


def test_an_answer_that_was_computed_while_an_edge_changed_is_not_believed(
    redis_server: Settings, redis: Redis, question: str
) -> None:
    process = answers(redis_server)

    def compute() -> Ranked:
        redis.set(stamp_key(ALICE), "0/1")
        return FIRST

    process.get(question, [ALICE], compute)
    assert process.get(question, [ALICE], lambda: SECOND).rows == SECOND


def test_the_last_answer_is_given_while_the_graph_is_away_and_says_that_it_is_stale(
    redis_server: Settings, redis: Redis, question: str
) -> None:
    process = answers(redis_server)
    with pytest.raises(StoreUnavailable):
        process.get(question, [ALICE], away)
    process.get(question, [ALICE], lambda: FIRST)
    redis.set(stamp_key(ALICE), "1/2")
    assert process.get(question, [ALICE], away) == Answer(FIRST, True)
    assert process.get(question, [ALICE], lambda: SECOND) == Answer(SECOND, False)


def test_lives_are_at_most_five_minutes_and_not_all_alike(
    redis_server: Settings, redis: Redis
) -> None:
    process, ends = answers(redis_server), []
    for _ in range(10):
        question = secrets.token_hex(8)
        process.get(question, [ALICE], lambda: FIRST)
        ends.append(kept(redis, question).ends_at - time.time())
    assert 270 - 5 < min(ends) < max(ends) < 300
    assert max(ends) - min(ends) > 1


def test_one_renews_an_answer_that_is_about_to_end_while_others_take_it(
    redis_server: Settings, redis: Redis, question: str
) -> None:
    process = answers(redis_server)
    ending = Kept(FIRST, [None], time.time() + 0.5, took_s=1e9)  # so that everybody would renew it
    redis.set(answer_key(question), msgspec.msgpack.encode(ending))
    redis.set(computing_key(question), 1)
    assert process.get(question, [ALICE], never) == Answer(FIRST, False)  # somebody is at it
    redis.delete(computing_key(question))
    assert process.get(question, [ALICE], lambda: SECOND).rows == SECOND


def test_without_redis_each_asks_the_graph(settings: Settings, question: str) -> None:
    process = answers(settings.model_copy(update={"redis_port": 1}))
    assert process.get(question, [ALICE], lambda: FIRST) == Answer(FIRST, False)


def kept(redis: Redis, question: str) -> Kept:
    return msgspec.msgpack.decode(redis.get(answer_key(question)), type=Kept)
