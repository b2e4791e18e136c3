"""What belongs on a home, and that a page of it is never changed by what comes later."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.home_rules import belongs
from serving.pages import Page, fill
from serving.paging import Cursor
from serving.relations import Relation
from serving.retweets_below import RetweetsBelow
from serving.rows import Found, TweetRow
from serving.standing import Standing
from tests.views.cast import ALICE, BOB, CAROL, DAVE

FOLLOWED = {CAROL: Relation(following=True), ALICE: Relation(following=True)}

# Whose tweet, whom it answers, and whether Bob, who follows Alice and Carol, has it on his home.
CASES = {
    "of somebody who is followed": (ALICE, None, True),
    "of somebody who is not": (DAVE, None, False),
    "one's own": (BOB, None, True),
    "one's own reply to anybody": (BOB, DAVE, True),
    "a reply to the reader": (ALICE, BOB, True),
    "a reply to somebody who is followed": (ALICE, CAROL, True),
    "a reply to somebody who is not": (ALICE, DAVE, False),
    "a thread": (ALICE, ALICE, True),
    "a reply to the reader of somebody who is not followed": (DAVE, BOB, False),
}


@pytest.mark.parametrize("case", CASES)
def test_a_home_has_those_who_are_followed_and_what_they_say_to_them(case: str) -> None:
    author, answered, shown = CASES[case]
    reply_to = None if answered is None else 7
    row = TweetRow(9, author, "hello", reply_to_id=reply_to, reply_to_user_id=answered)
    assert belongs(BOB, row, FOLLOWED) is shown


class RowsInMemory:
    def __init__(self, rows: Sequence[TweetRow]) -> None:
        self.rows = {row.id: row for row in rows}
        self.fetched = 0

    def fetch(self, *, tweets: Sequence[int]) -> Found:
        self.fetched += 1
        return Found(tweets={id: self.rows[id] for id in tweets if id in self.rows})


def reader(
    rows: RowsInMemory, hidden: Collection[int], window: int
) -> Callable[[Sequence[int], Cursor, int], Page[TweetRow]]:
    """Reads pages of timelines of these rows, of which some are not shown to this reader."""
    below = RetweetsBelow(rows, since=lambda id: id - window)

    def shown(ids: list[int]) -> tuple[list[TweetRow], Found]:
        return [rows.rows[id] for id in ids if id in rows.rows and id not in hidden], Found()

    def page(timeline: Sequence[int], at: Cursor, limit: int) -> Page[TweetRow]:
        standing = Standing(timeline, cap=1_000)

        def seen(ids: list[int]) -> tuple[list[TweetRow], Found]:
            found, more = shown(ids)
            return below.collapse(found, standing, shown, set(rows.rows) - set(hidden)), more

        return fill(standing.page, seen, at, limit)

    return page


@st.composite
def timelines(draw: st.DrawFn) -> list[TweetRow]:
    """Rows, the oldest first: tweets 1, 2 and 3 that may not stand there, others and retweets."""
    of = st.one_of(st.none(), st.integers(1, 3))
    first = 4 - draw(st.integers(0, 3))
    sources = [TweetRow(id, ALICE) for id in range(first, 4)]
    kinds = draw(st.lists(of, max_size=40))
    return sources + [TweetRow(id, CAROL, retweet_of_id=of) for id, of in enumerate(kinds, 4)]


def expected(ids: list[int], rows: RowsInMemory, hidden: Collection[int], window: int) -> list[int]:
    """By the letter: `ids` are newest first."""
    kept = []
    for at, id in enumerate(ids):
        source = rows.rows[id].retweet_of_id
        under = [other for other in ids[at + 1 :] if other >= id - window and other not in hidden]
        repeats = source is not None and (
            (source in ids and source not in hidden)
            or any(rows.rows[other].retweet_of_id == source for other in under)
        )
        if id not in hidden and not repeats:
            kept.append(id)
    return kept


@given(timelines(), st.sets(st.integers(1, 44), max_size=8), st.integers(1, 9), st.data())
def test_pages_of_a_home_repeat_nothing_and_stay_as_they_were_read(
    all_rows: list[TweetRow], hidden: set[int], limit: int, data: st.DataObject
) -> None:
    rows, window = RowsInMemory(all_rows), data.draw(st.integers(1, 30))
    page = reader(rows, hidden, window)
    order = [row.id for row in all_rows][::-1]
    arrived = data.draw(st.integers(0, len(order)))
    old = order[arrived:]

    read, at = [], Cursor()
    while True:
        found = page(order[arrived:], at, limit)
        read += [row.id for row in found.rows]
        if found.older_than is None:
            break
        at = Cursor(older_than=found.older_than)
        arrived = max(0, arrived - data.draw(st.integers(0, 3)))  # some come meanwhile
    assert read == expected(old, rows, hidden, window)
    again = page(order, Cursor(older_than=old[0] + 1 if old else 1), len(order) + 1)
    assert [row.id for row in again.rows] == read


def test_rows_are_asked_for_where_a_page_has_retweets_and_once() -> None:
    plain = [TweetRow(id, ALICE) for id in range(1, 20)]
    rows = RowsInMemory([*plain, TweetRow(20, CAROL, retweet_of_id=900)])
    page = reader(rows, (), 200)
    page(range(1, 20), Cursor(), 5)
    assert rows.fetched == 0
    for _ in range(2):
        assert [row.id for row in page(range(1, 21), Cursor(), 3).rows] == [20, 19, 18]
    assert rows.fetched == 1


@given(
    st.dictionaries(st.integers(1, 4), st.sets(st.integers(1, 60)), max_size=4),
    st.integers(1, 6),
    st.integers(1, 30),
    st.integers(1, 7),
)
def test_tails_of_timelines_are_as_good_as_all_of_them(
    authors: dict[int, set[int]], tail: int, cap: int, count: int
) -> None:
    everything = sorted(set().union(*authors.values()), reverse=True)[:cap] if authors else []
    tails = [sorted(ids)[-tail:] for ids in authors.values()]
    floor = max((ids[0] for ids in tails if len(ids) == tail), default=0)

    def shallow() -> Standing:
        known = {id for ids in tails for id in ids}
        return Standing(known, cap=cap, floor=floor, deepen=lambda: set().union(*authors.values()))

    standing, down, at = shallow(), [], Cursor()
    while page := standing.page(at, count):
        down += page
        at = Cursor(older_than=page[-1])
    assert down == everything
    assert [id for id in range(61) if shallow().holds(id)] == everything[::-1]
    for at_id in everything:
        under = [id for id in everything if at_id - count <= id < at_id]
        assert list(shallow().between(at_id - count, at_id)) == under
        over = everything[: everything.index(at_id)]
        assert shallow().page(Cursor(newer_than=at_id), count) == over[-count:]


def test_what_is_deep_is_fetched_once_and_only_where_a_page_needs_it() -> None:
    asked: list[int] = []

    def deepen() -> range:
        asked.append(1)
        return range(1, 100)

    standing = Standing(range(90, 100), cap=50, floor=90, deepen=deepen)
    assert standing.page(Cursor(), 10) == list(islice(range(99, 0, -1), 10))
    assert standing.holds(95)
    assert not asked
    assert standing.page(Cursor(older_than=90), 100) == list(range(89, 49, -1))
    assert standing.page(Cursor(older_than=50), 5) == []
    assert asked == [1]
