"""A burst says the same in fewer records."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from realtime.deliveries import Action, fat

edges = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from([Action.FOLLOW.value, Action.UNFOLLOW.value, Action.NOTHING.value]),
        st.integers(10, 14).map(str),
    ),
    min_size=1,
    max_size=30,
)


@given(edges, st.integers(0, 1_000))
def test_the_order_in_which_things_happen_to_one_author_stays(found, first: int) -> None:
    rows = list(fat("follows/3", [(*edge, first + n) for n, edge in enumerate(found)]))
    said: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for author, action, subjects, _, _ in rows:
        said[author] += [(action, subject) for subject in subjects.split()]
    wanted: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for author, action, subject in found:
        if action != Action.NOTHING:
            wanted[author].append((action, subject))
    assert {author: of for author, of in said.items() if of} == wanted


@given(edges, st.integers(0, 1_000))
def test_only_the_last_says_that_the_burst_is_applied(found, first: int) -> None:
    rows = list(fat("follows/3", [(*edge, first + n) for n, edge in enumerate(found)]))
    marks = [(row[3], row[4]) for row in rows]
    assert marks[-1] == ("follows/3", first + len(found) - 1)
    assert set(marks[:-1]) <= {("follows/3", first - 1)}


def test_a_thousand_who_follow_one_author_are_one_record() -> None:
    burst = [(7, Action.FOLLOW.value, str(reader), reader) for reader in range(1_000)]
    followed, end = fat("follows/0", burst)
    assert followed[:3] == (7, "follow", " ".join(str(reader) for reader in range(1_000)))
    assert (end[1], end[4]) == ("nothing", 999)
