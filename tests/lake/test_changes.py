"""What changed between two versions is told row by row, however it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from batch import silver
from lake import tables
from lake.changes import VersionGone, changes, versions
from lake.privacy import Role
from lake.table import Table
from lake.upkeep import upkeep
from settings import Settings
from tests.lake.filling import archive, bronze_rows, fold_by_hand, lake_in
from tests.views.cast import ALICE, BOB, liked
from tests.views.records import log_of
from views.tweet_counts import TWEET_COUNTS

GOLD = tables.gold(TWEET_COUNTS)
LIKES = tables.silver("likes")
Counts = dict[int, int]


def counted(settings: Settings, through: int, likes: Counts) -> int:
    """Writes those likes of tweets to gold; returns the version."""
    rows = {tweet: ({"like_count": count}, 1) for tweet, count in likes.items()}
    fold_by_hand(settings, TWEET_COUNTS, through, rows)
    return GOLD.open(settings).version()


def found(table: Table, settings: Settings, *between: Any, **said: Any) -> set[Any]:
    """`(change, key, likes)` of each change."""
    columns = "_change_type, key, like_count"
    return set(changes(table, settings, *between, **said).project(columns).fetchall())


def test_a_key_that_stands_in_both_is_an_update(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    first = counted(settings, 5, {10: 1, 11: 1, 12: 1})
    second = counted(settings, 6, {10: 4, 12: 1, 13: 2})
    difference = {
        ("update_preimage", 10, 1),
        ("update_postimage", 10, 4),
        ("delete", 11, 1),
        ("insert", 13, 2),
    }
    assert found(GOLD, settings, first, second) == difference
    counted(settings, 7, {})
    assert found(GOLD, settings, first, second) == difference


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One lake for all examples: to make one takes longer than to use it."""
    return lake_in(tmp_path_factory.mktemp("changes"))


@hypothesis_settings(max_examples=15)
@given(
    contents=st.lists(
        st.dictionaries(st.integers(1, 5), st.integers(1, 3), max_size=4), min_size=2, max_size=4
    )
)
def test_changes_make_the_later_version_of_the_earlier(
    shared: Settings, contents: list[Counts]
) -> None:
    settings = shared
    at = [counted(settings, number, likes) for number, likes in enumerate(contents)]
    standing = dict(contents[0])
    for change, key, likes in sorted(found(GOLD, settings, at[0], at[-1])):
        if change in ("delete", "update_preimage"):
            assert standing.pop(key) == likes
    for change, key, likes in found(GOLD, settings, at[0], at[-1]):
        if change in ("insert", "update_postimage"):
            assert standing.setdefault(key, likes) == likes
    assert standing == contents[-1]


def test_rows_that_are_written_anew_or_joined_did_not_change(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    archive(settings, bronze_rows(log_of([liked(ALICE, 10), liked(BOB, 10)])))
    silver.refine(settings, "likes", 10)
    version = LIKES.open(settings).version()
    archive(settings, bronze_rows(log_of([liked(ALICE, 10), liked(ALICE, 11)], partitions=5)[1:]))
    silver.refine(settings, "likes", 10)
    upkeep(LIKES, settings)
    came = changes(LIKES, settings, version)
    assert came.project("_change_type, user_id, tweet_id").fetchall() == [("insert", ALICE, 11)]


def test_a_time_stands_for_the_version_of_then(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    counted(settings, 5, {10: 1})
    then = datetime.now(UTC)
    counted(settings, 6, {10: 1, 11: 3})
    assert found(GOLD, settings, then) == {("insert", 11, 3)}
    assert [v.version for v in versions(GOLD, settings)] == [2, 1, 0]


def test_analysts_see_changes_in_pseudonyms(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    version = counted(settings, 5, {10: 1, 11: 1})
    counted(settings, 6, {10: 4, 11: 1})
    kinds = {(kind, likes) for kind, _, likes in found(GOLD, settings, version, role=Role.ANALYST)}
    assert kinds == {("update_preimage", 1), ("update_postimage", 4)}
    keys = {key for _, key, _ in found(GOLD, settings, version, role=Role.ANALYST)}
    assert len(keys) == 1
    assert keys.isdisjoint({10, 11})


@pytest.mark.parametrize("role", Role)
def test_a_column_that_came_later_is_null_before(tmp_path: Path, role: Role) -> None:
    settings = Settings(state_dir=tmp_path)
    older = pa.schema([f for f in LIKES.columns if f.name != "tweet_id"])
    rows = pa.Table.from_pylist([{"user_id": 1, "kind": "Liked", "pos": 1, "partition": 0}], older)
    write_deltalake(str(LIKES.path(settings)), rows)
    LIKES.create(settings)
    write_deltalake(LIKES.open(settings), pa.Table.from_pylist([], LIKES.columns), mode="overwrite")
    gone = changes(LIKES, settings, 0, role=role)
    assert gone.project("_change_type, kind, tweet_id").fetchall() == [("delete", "Liked", None)]


def test_a_version_whose_files_are_gone_is_said_to_be(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    version = counted(settings, 5, {10: 1})
    counted(settings, 6, {10: 4})
    GOLD.open(settings).vacuum(0, dry_run=False, enforce_retention_duration=False)
    with pytest.raises(VersionGone, match="version 1 of gold/tweet_counts"):
        changes(GOLD, settings, version)
