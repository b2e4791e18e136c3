"""Chunks hold each follower once, however they came and went."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from realtime.followers import DictOfChunks, Followers
from views.timelines import bucket_of

readers = st.integers(1, 2**63 - 1) | st.integers(1, 30)
steps = st.lists(st.tuples(st.booleans(), readers), max_size=200)


@given(steps, st.integers(1, 8), st.integers(1, 4))
def test_chunks_hold_exactly_those_who_follow(steps, size: int, buckets: int) -> None:
    followers = Followers(DictOfChunks(), buckets=buckets, size=size)
    expected: set[int] = set()
    for follows, reader in steps:
        if follows:
            assert followers.add(reader) is (reader not in expected)
            expected.add(reader)
        else:
            assert followers.remove(reader) is (reader in expected)
            expected.discard(reader)
    found = [(bucket, [int(r) for r in chunk.split()]) for bucket, chunk in followers.chunks()]
    assert sorted(r for _, chunk in found for r in chunk) == sorted(expected)
    assert all(bucket_of(r, buckets) == bucket for bucket, chunk in found for r in chunk)
    assert all(len(chunk) <= size for _, chunk in found)


def test_ids_of_one_moment_fill_chunks_evenly() -> None:
    followers = Followers(DictOfChunks(), buckets=1, size=1_000)
    for number in range(50_000):
        followers.add((1_700_000_000_000 + number) << 22)
    chunks = [len(chunk.split()) for _, chunk in followers.chunks()]
    assert len(chunks) <= 100  # at least half full
