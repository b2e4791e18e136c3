"""How well does the sketch count what is rare?"""

from __future__ import annotations

import math
from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from views.trends.sketch import ALL, DEPTH, WIDTH, bound, cells, contributed, estimate

TAGS = st.lists(st.sampled_from([f"tag{n}" for n in range(20)]), max_size=60)


def sketch(tags: list[str]) -> Counter[int]:
    return Counter(cell for tag in tags for cell in cells(tag))


@given(TAGS, TAGS)
def test_two_sketches_added_are_the_sketch_of_both(some: list[str], others: list[str]) -> None:
    assert sketch(some) + sketch(others) == sketch(some + others)


@given(TAGS)
def test_an_estimate_is_never_too_low(tags: list[str]) -> None:
    counted = sketch(tags)
    assert all(
        estimate(tag, counted.__getitem__) >= number for tag, number in Counter(tags).items()
    )


def test_each_row_has_its_own_counters() -> None:
    assert [cell // WIDTH for cell in cells("storm")] == list(range(DEPTH))


def test_the_error_stays_within_what_the_paper_says() -> None:
    random = Random(1)
    tags = [f"tag{int(random.paretovariate(1.0))}" for _ in range(100_000)]
    truth, counted = Counter(tags), sketch(tags)
    bound = math.e / WIDTH * len(tags)
    errors = [estimate(tag, counted.__getitem__) - number for tag, number in truth.items()]
    assert min(errors) >= 0
    assert sum(error > bound for error in errors) <= math.exp(-DEPTH) * len(errors)


def test_a_tag_is_the_same_as_in_search() -> None:
    assert estimate("cafe", sketch(["Café", "ＣＡＦＥ"]).__getitem__) == 2
    apart = sketch(["がん", "서울", "край"])
    assert [estimate(tag, apart.__getitem__) for tag in ("かん", "서우", "краи")] == [0, 0, 0]


def test_a_tweet_adds_one_to_each_counter_of_its_tags_and_to_that_of_all() -> None:
    added = Counter(contributed("#Storm #storm and #Flood, #1"))
    assert added == sketch(["storm", "flood"]) + Counter({ALL: 2})
    assert bound(added[ALL]) == 1
    assert contributed("no tag") == []
