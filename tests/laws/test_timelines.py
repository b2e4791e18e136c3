"""A timeline says the same however its entries came in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from views.timelines import bucket_of, pack, settle, unpack

ids = st.lists(st.integers(0, 2**63 - 1))


@given(ids)
def test_what_is_packed_unpacks(found: list[int]) -> None:
    assert unpack(pack(found)) == found


@given(ids, st.integers(1, 20), st.data())
def test_a_cut_loses_nothing_that_counts(found: list[int], cap: int, data: st.DataObject) -> None:
    """Cutting early, then appending the rest in any order with repeats, is settling at the end."""
    at = data.draw(st.integers(0, len(found)))
    rest = data.draw(st.permutations(found))
    cut_early = pack(settle(pack(found[:at]), cap=cap)) + pack(rest)
    assert settle(cut_early, cap=cap) == settle(pack(found), cap=cap)


@given(st.integers(1, 64))
def test_ids_made_in_different_milliseconds_fill_every_bucket(buckets: int) -> None:
    assert {bucket_of(ms << 22, buckets) for ms in range(64 * buckets)} == set(range(buckets))
