"""Whom to follow is ranked from the edges that stand, with a reason, and stands whole or not at
all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from msgspec.structs import replace

from batch import silver, suggestions
from batch.command import BatchFailed
from batch.recommend.reasons import Reason, Reasons
from batch.recommend.standing import standing
from batch.recommend.talk import TAGS_OF_ONE, tagged, talk
from batch.stores import Cassandra, cassandra
from batch.suggestions import READ, Pointer, read_pointer
from batch.talk import TOPICS
from ingest.events import TweetPosted
from lake import tables
from settings import Settings
from tests.batch.environment import run
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
    CELEBRITY,
    DAVE,
    created,
    deleted,
    followed,
    liked,
    posted,
    scored,
    tag_blocked,
    unfollowed,
    unliked,
)
from tests.views.records import log_of
from views.tables import KEYSPACE

ROWS = tables.WHO_TO_FOLLOW.columns.remove(7)
LIKES = pa.schema({"user_id": pa.int64(), "tweet_id": pa.int64()})
EVE, NEW, LOCKED = 60, 61, CELEBRITY
READER = 990_077  # of these tests alone


def test_an_edge_stands_as_its_last_event_says() -> None:
    said = [
        (ALICE, BOB, "Unfollowed", 9),
        (ALICE, BOB, "Followed", 3),
        (ALICE, CAROL, "Followed", 12),
        (ALICE, CAROL, "Unfollowed", 11),
        (BOB, CAROL, "FollowRequested", 1),
        (BOB, ALICE, "Followed", 2),
        (BOB, ALICE, "FollowRequested", 5),
    ]
    columns = zip(*said, strict=True)
    names = ("follower_id", "followee_id", "kind", "pos")
    found = standing(pa.table([list(column) for column in columns], list(names)))
    edges = set(zip(found["src"].to_pylist(), found["dst"].to_pylist(), strict=True))
    assert edges == {(ALICE, CAROL), (BOB, ALICE)}


def says(id: int, author_id: int, text: str) -> TweetPosted:
    return replace(posted(id, author_id), text=text)


def reasons(*following: tuple[int, ...]) -> Reasons:
    """Of persons 0, 1, ... who follow these."""
    begins = np.cumsum([0, *map(len, following)])
    return Reasons(begins, np.array([p for some in following for p in some], np.int64))


def test_those_who_follow_few_are_named_first_and_three_at_most() -> None:
    graph = reasons((1, 2, 3, 4), (5, 6, 7), (5,), (5, 6), (5, 7), (), (0,), ())
    assert graph.of(0, np.array([5, 6, 7])) == [
        Reason("followed_by", [2, 3, 4], []),
        Reason("followed_by", [3, 1], []),
        Reason("followed_by", [4, 1], []),
    ]


def test_who_is_followed_by_no_friend_follows_one_or_is_popular() -> None:
    graph = reasons((1,), (), (0, 1), (1,))
    found = graph.of(0, np.array([2, 3]))
    assert found == [Reason("follows_you", [], []), Reason("popular", [], [])]


def told_of(table: pa.Table) -> set[tuple[int, str, float]]:
    return {tuple(row.values()) for row in table.to_pylist()}


def test_one_cares_for_what_one_likes_and_more_for_what_one_says() -> None:
    said = tagged([(1, ALICE, "#Cats and #cats"), (2, BOB, "#dogs"), (3, BOB, "no tag")])
    likes = pa.table({"user_id": [ALICE, CAROL], "tweet_id": [2, 1]})
    found = talk(said, likes, pa.array([1]))
    assert told_of(found.about) == {(ALICE, "cats", 1.0)}, "of the other somebody is not to be told"
    assert told_of(found.cares) == {
        (ALICE, "cats", 1.0), (ALICE, "dogs", 0.5), (BOB, "dogs", 1.0), (CAROL, "cats", 0.5),
    }  # fmt: skip


def test_nobody_is_about_more_tags_than_those_they_use_most() -> None:
    texts = [(1, ALICE, f"#t{n}") for n in range(TAGS_OF_ONE + 5)] + [(2, ALICE, "#zz #zzz")] * 2
    found = talk(tagged(texts), pa.table({"user_id": [], "tweet_id": []}, LIKES), pa.array([1, 2]))
    tags = [tag for _, tag, _ in sorted(told_of(found.about), key=lambda row: (-row[2], row[1]))]
    assert (len(tags), tags[:2]) == (TAGS_OF_ONE, ["zz", "zzz"])


def test_rows_say_whom_and_why_by_the_lake_alone(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    dropped = [followed(ALICE, DAVE), unfollowed(ALICE, DAVE)]
    edges = [followed(ALICE, BOB), followed(BOB, CAROL), followed(DAVE, ALICE)]
    tweets = [
        says(1, EVE, "#Cats and #dogs"), says(2, ALICE, "#dogs"), says(3, ALICE, "#cats"),
        *(says(4, EVE, "#gone"), says(5, ALICE, "#gone"), deleted(4, EVE)),
        *(says(6, EVE, "#spam"), says(7, ALICE, "#spam"), scored(6, EVE, "label", "spam")),
        *(says(8, EVE, "#kept"), says(9, ALICE, "#kept"), tag_blocked("kept")),
        *(says(10, LOCKED, "#cats #dogs"), replace(created(LOCKED), protected=True)),
        *(liked(NEW, 1), liked(BOB, 2), unliked(BOB, 2)),
    ]  # fmt: skip
    archive(lake, bronze_rows(log_of([*dropped, *edges, *tweets])))
    for topic in ("follows", *TOPICS):
        silver.refine(lake, topic, 10**6)
    done = run(lake, "-m", "tests.batch.run_who")
    assert done.code == 0, done.said
    of_alice = {
        row["candidate_id"]: (row["reason"], row["followed_by"], row["tags"])
        for row in done.result["rows"]
        if row["user_id"] == ALICE and row["reason"] != "popular"
    }
    assert of_alice == {
        CAROL: ("followed_by", str(BOB), None),
        DAVE: ("follows_you", None, None),
        EVE: ("talks_about", None, "cats,dogs"),
    }
    of_new = [row for row in done.result["rows"] if row["user_id"] == NEW]
    assert of_new[0]["candidate_id"] in (ALICE, EVE), (
        "who follows nobody is told of who talks of it"
    )
    assert {row["user_id"] for row in done.result["rows"]} == {ALICE, BOB, DAVE, EVE, LOCKED, NEW}


def test_a_lake_without_follows_suggests_nobody(tmp_path: Path) -> None:
    done = run(lake_in(tmp_path), "-m", "tests.batch.run_who")
    assert (done.code, done.result) == (0, {"rows": []}), done.said


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def store(cassandra_server: Settings) -> Iterator[Cassandra]:
    """Where no generation stands."""
    with cassandra(cassandra_server) as opened:
        for name in (suggestions.STANDING, suggestions.PREVIOUS):
            opened.one(f"DELETE FROM {KEYSPACE}.pointers WHERE view_name = ?", (name,))
        yield opened


@pytest.fixture
def lake(cassandra_server: Settings, tmp_path: Path) -> Settings:
    return lake_in(tmp_path, cassandra_server)


def told(*candidates: int) -> list[pa.RecordBatch]:
    """A generation that tells the reader of these."""
    said = {"user_id": READER, "score": 0.5, "reason": "followed_by", "followed_by": "3,4"}
    said |= {"tags": "a,b"}
    rows = [said | {"rank": rank, "candidate_id": id} for rank, id in enumerate(candidates, 1)]
    return [pa.RecordBatch.from_pylist(rows, ROWS)]


def read(store: Cassandra) -> list[Any]:
    """What a reader finds by the pointer."""
    query = READ.replace("rank", "candidate_id, followed_by, tags", 1)
    (rows,) = store.all([(query, (read_pointer(store).standing, READER))])
    assert all((row.followed_by, row.tags) == ([3, 4], ["a", "b"]) for row in rows)
    return [row.candidate_id for row in rows]


def lose(store: Cassandra, *generations: int) -> None:
    """As Cassandra's disk may be lost."""
    for name in (suggestions.STANDING, suggestions.PREVIOUS, suggestions.NEWEST):
        store.one(f"DELETE FROM {KEYSPACE}.pointers WHERE view_name = ?", (name,))
    for place in ((generation, READER) for generation in generations):
        gone = f"DELETE FROM {KEYSPACE}.who_to_follow WHERE generation = ? AND user_id = ?"
        store.one(gone, place)


@pytest.mark.engines
def test_generations_stand_whole_and_one_can_be_gone_back_to(
    lake: Settings, store: Cassandra, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BatchFailed, match="to go back to"):
        suggestions.rollback(lake)
    done = suggestions.advance(lake, told(11, 12))
    first, second = done["generation"], done["generation"] + 1
    assert (done["rows"], read(store), read_pointer(store)) == (2, [11, 12], Pointer(first, 0))
    suggestions.advance(lake, told(13))
    assert (read(store), read_pointer(store)) == ([13], Pointer(second, first))

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(suggestions, "move", killed)
        with pytest.raises(Killed):
            suggestions.advance(lake, told(14, 15, 16))
    assert (read(store), read_pointer(store)) == ([13], Pointer(second, first))

    assert suggestions.rollback(lake)["people"] == 1
    assert (read(store), read_pointer(store)) == ([11, 12], Pointer(first, second))
    suggestions.advance(
        lake, told(17)
    )  # not as the one that was killed, of whose rows two more lie
    stands = ([17], Pointer(second + 2, first))
    assert (read(store), read_pointer(store)) == stands

    lose(store, *stands[1])
    assert read(store) == []
    assert suggestions.restore(lake)["rows"] == 1
    assert (read(store), read_pointer(store)) == stands
    suggestions.rollback(lake)
    lose(store, *stands[1])
    suggestions.restore(lake)
    assert (read(store), read_pointer(store)) == ([11, 12], Pointer(first, second + 2))


@pytest.mark.engines
def test_a_generation_of_which_rows_are_missing_does_not_stand(
    lake: Settings, store: Cassandra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestions, "put", lambda *_: 2)
    with pytest.raises(BatchFailed, match="0 of 2 rows"):
        suggestions.advance(lake, told(11, 12))
    assert read_pointer(store) == Pointer(0, 0)
