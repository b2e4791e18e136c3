"""For which jobs does a reader wait, and for which positions?"""

from __future__ import annotations

import pytest

from ingest.positions import Position
from serving.errors import InvalidRequest
from serving.read_after import marks, positions


def test_positions_are_read_from_the_header() -> None:
    assert positions("tweets/3/123, likes/0/5") == [
        Position("tweets", 3, 123),
        Position("likes", 0, 5),
    ]


@pytest.mark.parametrize(
    "header", ["", "x", "tweets/1", "tweets/a/1", "tweets/1/-1", ",", "a/1/2,"]
)
def test_what_is_no_position_is_refused(header: str) -> None:
    with pytest.raises(InvalidRequest):
        positions(header)


TOPICS = {
    "tweets": {"fanout", "state", "folds"},
    "follows": {"fanout", "state", "folds"},
    "lists": {"fanout", "state", "folds"},
    "likes": {"state", "folds"},
    "bookmarks": {"state", "folds"},
    "blocks": {"state"},
    "mutes": {"state"},
    "accounts": {"state"},
    "polls": {"state", "folds"},
    "reads": set(),
    "classes": {"fanout", "state"},
    "plans": {"fanout", "state"},
}


def test_a_write_is_visible_once_every_job_that_reads_its_topic_has_it() -> None:
    jobs = {topic: {job for job, _ in marks([Position(topic, 0, 1)])} for topic in TOPICS}
    assert jobs == TOPICS


def test_only_who_asks_the_graph_waits_for_the_graph() -> None:
    follow = [Position("follows", 0, 1)]
    assert ("graph", follow[0]) not in marks(follow)
    assert {job for job, _ in marks(follow, ["graph"])} == TOPICS["follows"] | {"graph"}
    assert marks([Position("blocks", 0, 1)], ["graph"]) == marks([Position("blocks", 0, 1)])
