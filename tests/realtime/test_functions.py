"""What Redis does to a timeline is what views.timelines says it means."""

from __future__ import annotations

import itertools

import pytest
import redis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from realtime import redis_functions
from settings import Settings
from views.rows import pack_row, unpack_row
from views.timelines import pack, settle, unpack

pytestmark = pytest.mark.engines

CAP, SLACK = 5, 3
ids = st.integers(1, 12) | st.integers(2**62, 2**62 + 9)
batches = st.lists(st.lists(ids, min_size=1, max_size=14), max_size=12)
against_redis = hypothesis_settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
fresh = itertools.count(9_000_000_000)


@pytest.fixture(scope="module")
def client(redis_server: Settings):
    with redis_functions.connect(redis_server.redis_url) as client:
        yield client


def push(client: redis.Redis, prefix: str, entries, readers: str, cap=CAP, slack=SLACK) -> int:
    return client.fcall("timeline_push", 1, prefix, pack(entries), readers, cap, slack)


@given(batches)
@against_redis
def test_pushes_in_any_order_with_repeats_lose_and_double_nothing(client, batches) -> None:
    reader = next(fresh)
    for entries in batches:
        assert push(client, "tl:{t}:", entries, f" {reader} ") == 1
    entries = client.get(f"tl:{{t}}:{reader}") or b""
    everything = pack([id for batch in batches for id in batch])
    assert settle(entries, cap=CAP) == settle(everything, cap=CAP)
    assert len(unpack(entries)) <= CAP + SLACK


@given(batches, st.lists(ids, max_size=8))
@against_redis
def test_what_is_removed_is_gone_and_what_was_cut_stays_cut(client, batches, gone) -> None:
    reader = next(fresh)
    for entries in batches:
        push(client, "tl:{t}:", entries, str(reader))
    client.fcall("timeline_remove", 1, "tl:{t}:", pack(gone), str(reader), CAP)
    stood = settle(pack([id for batch in batches for id in batch]), cap=CAP)
    left = settle(client.get(f"tl:{{t}}:{reader}") or b"", cap=CAP)
    assert left == [id for id in stood if id not in gone]


def test_one_call_writes_many_readers(client) -> None:
    readers = [next(fresh) for _ in range(1_000)]
    assert push(client, "tl:{t}:", [7], f" {' '.join(map(str, readers))} ") == 1_000
    assert {client.get(f"tl:{{t}}:{reader}") for reader in readers} == {pack([7])}


def test_a_long_disordered_timeline_keeps_its_newest_800(client) -> None:
    reader = next(fresh)
    wanted = range(2**60, 2**60 + 5_000)
    for step in range(7):  # every seventh, seven times over, then all again at once
        push(client, "tl:{t}:", wanted[step::7], str(reader), 800, 400)
    push(client, "tl:{t}:", wanted, str(reader), 800, 400)
    assert unpack(client.get(f"tl:{{t}}:{reader}")) == list(wanted[-800:])


@given(st.permutations([*range(4), *range(4)]), st.integers(0, 3))
@against_redis
def test_the_row_with_the_highest_position_stands(client, order, deleted_at: int) -> None:
    key = f"tw:{next(fresh)}"
    for pos in order:
        row = None if pos == deleted_at else {"id": pos}
        client.fcall("state_put", 1, key, pack_row(pos, row), 60)
    pos, row = unpack_row(client.get(key))
    assert (pos, row) == (3, None if deleted_at == 3 else b'{"id":3}')
    assert 0 < client.ttl(key) <= 60


def test_the_rows_of_a_hash_go_each_by_its_own_position(client) -> None:
    key = f"rel:{next(fresh)}"

    def put(*pairs: str | bytes) -> int:
        return client.fcall("edge_put", 1, key, 60, *pairs)

    older, newer = pack_row(1, {"at_ms": 1}), pack_row(2, None)
    assert put("a", newer, "b", older) == 2
    assert put("a", older, "b", newer, "c", older) == 2
    assert client.hgetall(key) == {b"a": newer, b"b": newer, b"c": older}
    assert 0 < client.ttl(key) <= 60
