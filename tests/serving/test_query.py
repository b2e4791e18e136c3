"""Which query parameters are understood, and what hears a client that says something else?"""

from __future__ import annotations

import pytest

from serving import query
from serving.errors import InvalidRequest

DECLARED = (
    query.choices("tweet.fields", "", {"id", "text", "lang"}),
    query.integer("max_results", "", 5, 100),
    query.time("start_time", ""),
    query.some("ids", "", "", query.an_id),
)


def read(*given: tuple[str, str]) -> dict[str, object]:
    return query.read_all(DECLARED, [("ids", "1"), *given])


def test_values_come_in_their_own_types() -> None:
    assert read(("max_results", "7"), ("start_time", "2015-01-21T00:00:00.5Z")) == {
        "ids": [1],
        "max_results": 7,
        "start_time": 1_421_798_400_500,
    }


def test_a_list_may_be_joined_by_commas_or_come_in_parts() -> None:
    together = read(("tweet.fields", "lang,text"))
    apart = read(("tweet.fields", "lang"), ("tweet.fields", "text"))
    assert together == apart == {"ids": [1], "tweet.fields": frozenset({"lang", "text"})}


def test_an_id_that_comes_twice_is_asked_for_once() -> None:
    assert read(("ids", "2,1,2")) == {"ids": [1, 2]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tweet.fields", "nope"),
        ("tweet.fields", "text,,id"),
        ("tweet.fields", "x" * 5_000),
        ("max_results", "4"),
        ("max_results", "101"),
        ("max_results", "-5"),
        ("max_results", "٧"),
        ("max_results", "9" * 5_000),
        ("start_time", "yesterday"),
        ("start_time", "2015-01-21T00:00:00"),
        ("ids", "x"),
        ("ids", "9" * 20),
        ("ids", ",".join(map(str, range(101)))),
        ("max_result", "7"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read((name, value))
    assert set(refused.value.parameters) == {name}


def test_what_is_required_is_missed() -> None:
    with pytest.raises(InvalidRequest) as refused:
        query.read_all(DECLARED, [])
    assert set(refused.value.parameters) == {"ids"}
