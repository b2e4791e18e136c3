"""Do the calls that put totals into Redis leave there what was said, the last of each?"""

from __future__ import annotations

from collections import defaultdict

import pytest
import redis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from realtime import put_totals, redis_functions
from realtime.put_totals import Total, calls
from settings import Settings
from views.seam import counts_key, speed_field

pytestmark = pytest.mark.engines

VIEW = "put_totals_test"
KEPT_SECONDS = 900
KEYS = range(4)
totals = st.lists(
    st.tuples(
        st.just(VIEW),
        st.sampled_from(KEYS),
        st.sampled_from(["likes", "replies"]),
        st.integers(100, 103),
        st.integers(-5, 2**62),
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def client(redis_server: Settings):
    with redis_functions.connect(redis_server.redis_url) as client:
        yield client


def put(client: redis.Redis, some: list[Total]) -> None:
    for call in calls(some, KEPT_SECONDS):
        client.fcall(*call)


def held(client: redis.Redis) -> dict[str, dict[str, int]]:
    found = {
        name: {field.decode(): int(value) for field, value in client.hgetall(name).items()}
        for name in (counts_key(VIEW, key) for key in KEYS)
    }
    return {name: fields for name, fields in found.items() if fields}


@given(totals, st.integers(1, 7))
@hypothesis_settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60
)
def test_the_last_of_each_total_holds(client, some: list[Total], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(put_totals, "AT_ONCE", at_once)
        put(client, some)
    expected: dict[str, dict[str, int]] = defaultdict(dict)
    for view, key, measure, epoch, total in some:
        expected[counts_key(view, key)][speed_field(epoch, measure)] = total
    try:
        assert held(client) == expected
        assert all(0 < client.ttl(key) <= KEPT_SECONDS for key in expected)
    finally:
        if expected:
            client.delete(*expected)


def test_a_key_of_very_many_totals_fits(client) -> None:
    """A job that begins anew has an epoch of each five minutes of more than a day for a key."""
    many: list[Total] = [(VIEW, 0, "likes", epoch, epoch) for epoch in range(9_000)]
    put(client, many)
    try:
        assert client.hlen(counts_key(VIEW, 0)) == len(many)
    finally:
        client.delete(counts_key(VIEW, 0))
