"""Do pages cover a list once each, whatever arrives meanwhile?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.errors import InvalidRequest
from serving.paging import Cursor, PageTokens, cut

TOKENS = PageTokens("a key")
ids = st.integers(1, 10_000)


@given(st.sets(ids, max_size=60), st.integers(1, 7), st.lists(st.sets(ids, max_size=5)))
def test_pages_cover_the_list_once_while_newer_entries_arrive(
    first: set[int], limit: int, arrivals: list[set[int]]
) -> None:
    entries, seen, cursor = set(first), [], Cursor()
    arriving = iter(arrivals)
    while page := cut(sorted(entries, reverse=True), cursor, limit):
        seen += page
        cursor = Cursor(older_than=page[-1])
        entries |= {id + 10_000 for id in next(arriving, set())}
    assert seen == sorted(first, reverse=True)


@given(st.sets(ids, min_size=1, max_size=60), st.integers(1, 7), st.data())
def test_going_up_covers_what_is_newer_once(
    entries: set[int], limit: int, data: st.DataObject
) -> None:
    ordered = sorted(entries, reverse=True)
    start = data.draw(st.sampled_from(ordered))
    seen, cursor = [], Cursor(newer_than=start)
    while page := cut(ordered, cursor, limit):
        seen = page + seen
        cursor = Cursor(newer_than=page[0])
    assert seen == [id for id in ordered if id > start]


@given(st.integers(0, 2**63 - 1))
def test_a_token_gives_back_its_cursor(id: int) -> None:
    assert TOKENS.cursor("home/1", TOKENS.next("home/1", id)) == Cursor(older_than=id)
    assert TOKENS.cursor("home/1", TOKENS.previous("home/1", id)) == Cursor(newer_than=id)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "o12",
        "nonsense.signature",
        TOKENS.next("home/2", 5),  # of another list
        PageTokens("another key").next("home/1", 5),
        TOKENS.next("home/1", 5).replace("o5", "o6"),
        "ö.ü",
    ],
)
def test_a_token_that_was_not_made_here_for_this_list_is_refused(token: str) -> None:
    with pytest.raises(InvalidRequest):
        TOKENS.cursor("home/1", token)
