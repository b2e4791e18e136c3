"""Every named merge is associative and commutative and has its zero."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.merges import MAX, SUM, Merge

totals = st.integers(0, 2**63)
every_merge = pytest.mark.parametrize("merge", [SUM, MAX], ids=lambda m: m.name)


@every_merge
@given(a=totals, b=totals, c=totals)
def test_the_order_of_merging_is_no_matter(merge: Merge, a: int, b: int, c: int) -> None:
    assert merge.combine(a, b) == merge.combine(b, a)
    assert merge.combine(merge.combine(a, b), c) == merge.combine(a, merge.combine(b, c))
    assert merge.combine(merge.zero, a) == a
