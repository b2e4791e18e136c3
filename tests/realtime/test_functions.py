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
from views.timelines import PARTIAL, WHOLE, entries_of, is_whole, pack, settle, unpack

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


def opened(client: redis.Redis, header: bytes = WHOLE) -> int:
    """A reader whose timeline is there, and empty."""
    reader = next(fresh)
    client.set(f"tl:{{t}}:{reader}", header, ex=60)
    return reader


def timeline(client: redis.Redis, reader: int) -> bytes:
    return client.get(f"tl:{{t}}:{reader}")


@given(batches)
@against_redis
def test_pushes_in_any_order_with_repeats_lose_and_double_nothing(client, batches) -> None:
    reader = opened(client)
    for entries in batches:
        assert push(client, "tl:{t}:", entries, f" {reader} ") == 1
    entries = entries_of(timeline(client, reader))
    assert is_whole(timeline(client, reader))
    assert client.ttl(f"tl:{{t}}:{reader}") > 0
    everything = pack([id for batch in batches for id in batch])
    assert settle(entries, cap=CAP) == settle(everything, cap=CAP)
    assert len(unpack(entries)) <= CAP + SLACK


@given(batches, st.lists(ids, max_size=8))
@against_redis
def test_what_is_removed_is_gone_and_what_was_cut_stays_cut(client, batches, gone) -> None:
    reader = opened(client)
    for entries in batches:
        push(client, "tl:{t}:", entries, str(reader))
    client.fcall("timeline_remove", 1, "tl:{t}:", pack(gone), str(reader), CAP)
    stood = settle(pack([id for batch in batches for id in batch]), cap=CAP)
    left = settle(entries_of(timeline(client, reader)), cap=CAP)
    assert left == [id for id in stood if id not in gone]


def test_one_call_writes_many_readers(client) -> None:
    readers = [opened(client) for _ in range(1_000)]
    assert push(client, "tl:{t}:", [7], f" {' '.join(map(str, readers))} ") == 1_000
    assert {timeline(client, reader) for reader in readers} == {WHOLE + pack([7])}


def test_a_timeline_that_nobody_reads_is_not_written(client) -> None:
    there, away = opened(client), next(fresh)
    for entries in ([7], [8, 9]):
        assert push(client, "tl:{t}:", entries, f"{away} {there}") == 1
    assert timeline(client, away) is None


@given(st.lists(st.booleans(), max_size=60))
@against_redis
def test_whoever_is_away_among_others_stays_away(client, there) -> None:
    readers = [opened(client) if is_there else next(fresh) for is_there in there]
    for entry in (7, 8):
        pushed = push(client, "tl:{t}:", [entry], " ".join(map(str, readers)))
        assert pushed == there.count(True)
    values = [timeline(client, reader) for reader in readers]
    assert values == [WHOLE + pack([7, 8]) if is_there else None for is_there in there]


def test_a_timeline_takes_the_memory_that_it_fills(client) -> None:
    """Not twice that, as APPEND alone would have it."""
    reader, cap, slack = opened(client), 800, 200
    ids = [2**60 + (n << 22) for n in range(cap + 2 * slack + 1)]
    push(client, "tl:{t}:", ids[:-slack], str(reader), cap, slack)  # and cut
    for id in ids[-slack:]:
        push(client, "tl:{t}:", [id], str(reader), cap, slack)
    held = len(timeline(client, reader))
    assert held == 8 * (1 + cap + slack)
    assert client.memory_usage(f"tl:{{t}}:{reader}") < 1.05 * held


def test_what_is_pushed_while_a_timeline_is_built_is_in_it(client) -> None:
    reader = opened(client, header=b"building")
    push(client, "tl:{t}:", [30, 20], str(reader))
    keys = (f"tl:{{t}}:{reader}", f"pl:{{t}}:{reader}")
    client.fcall("pulls_add", 2, "tl:{t}:", "pl:{t}:", pack([5]), str(reader))

    def finish(nonce: bytes):
        return client.fcall(
            *("timeline_finish", 2, *keys, nonce, pack([10, 20]), pack([5, 6]), CAP, 60)
        )

    assert finish(b"of other") is None
    assert finish(b"building") == WHOLE + pack([10, 20, 30])
    assert unpack(client.get(keys[1])) == [5, 6]
    assert all(50 < client.ttl(key) <= 60 for key in keys)
    assert finish(b"building") is None


def test_a_removal_ends_what_is_being_built(client) -> None:
    reader = opened(client, header=b"building")
    client.fcall("timeline_remove", 1, "tl:{t}:", pack([1]), str(reader), CAP)
    assert timeline(client, reader) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(250, 262)), max_size=20))
@against_redis
def test_a_pull_list_names_each_author_once(client, steps) -> None:
    """Ids whose bytes may also be found across the border of two entries."""
    reader, authors = opened(client), set()
    ids = {n: n << 56 | n for n in range(250, 263)} | {256: 0x01_00_01_00_01_00_01_00}
    for adds, n in steps:
        author = ids[n] & 2**63 - 1
        if adds:
            added = ("pulls_add", 2, "tl:{t}:", "pl:{t}:", pack([author]), str(reader))
            assert client.fcall(*added) == 1
            authors.add(author)
        else:
            removed = client.fcall("pulls_remove", 1, "pl:{t}:", pack([author]), str(reader))
            assert removed == (author in authors)
            authors.discard(author)
        pulls = unpack(client.get(f"pl:{{t}}:{reader}") or b"")
        assert sorted(pulls) == sorted(authors)


def test_who_reads_nothing_has_no_pull_list(client) -> None:
    away = next(fresh)
    assert client.fcall("pulls_add", 2, "tl:{t}:", "pl:{t}:", pack([5]), str(away)) == 0
    assert client.get(f"pl:{{t}}:{away}") is None


@given(batches, st.booleans())
@against_redis
def test_a_user_timeline_is_always_in_order(client, batches, whole: bool) -> None:
    key, said = f"ut:{{t}}:{next(fresh)}", []
    if whole:
        assert client.fcall("author_put", 1, key, b"", CAP, 60) == 0
    for number, entries in enumerate(batches):
        there = client.fcall("author_push", 1, key, pack(entries), CAP, SLACK, 60)
        assert there == (whole or number > 0)
        said += entries
        value = client.get(key)
        found = unpack(entries_of(value))
        assert value.startswith(WHOLE if whole else PARTIAL)
        assert found == sorted(set(found))
        assert settle(pack(found), cap=CAP) == settle(pack(said), cap=CAP)
        assert len(found) <= CAP + SLACK
    newest = 2**62 + 10
    assert client.fcall("author_put", 1, key, pack([3, newest]), CAP, 60) > 0
    assert unpack(client.get(key)[8:]) == settle(pack([*said, 3, newest]), cap=CAP)[::-1]
    assert client.fcall("author_remove", 1, key, pack([newest])) == 1
    assert client.fcall("author_remove", 1, key, pack([newest])) == 0
    assert is_whole(client.get(key))


def test_reads_are_reported_at_once_and_then_together(client) -> None:
    reader = opened(client)
    keys = [f"{kind}:{{t}}:{reader}" for kind in ("tl", "pl", "rd")]

    def seen(report_ms: int) -> int:
        return client.fcall("reader_seen", 3, *keys, 600, report_ms)

    assert [seen(60_000) for _ in range(4)] == [1, 0, 0, 0]
    assert seen(0) == 4
    assert client.ttl(keys[0]) > 60

    away = [f"{kind}:{{t}}:{next(fresh)}" for kind in ("tl", "pl", "rd")]
    client.set(away[0], b"building", ex=10)
    client.fcall("reader_seen", 3, *away, 600, 1)
    assert client.ttl(away[0]) <= 10  # one that is being built ends with its builder


def test_a_long_disordered_timeline_keeps_its_newest_800(client) -> None:
    reader = opened(client)
    wanted = range(2**60, 2**60 + 5_000)
    for step in range(7):  # every seventh, seven times over, then all again at once
        push(client, "tl:{t}:", wanted[step::7], str(reader), 800, 400)
    push(client, "tl:{t}:", wanted, str(reader), 800, 400)
    assert unpack(entries_of(timeline(client, reader))) == list(wanted[-800:])


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
