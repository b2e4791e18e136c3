"""A training set holds what was known at each time, and nothing that came later."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import CommitProperties, write_deltalake
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from lake import tables
from lake.commits import metadata
from lake.parity import parity
from lake.served_features import ServedLog
from lake.training import BadEntities, NotKnownYet, join, training_set, write_training_set
from settings import Settings
from tests.lake.filling import lake_in
from tests.laws.features import BEGAN_MS, CLOCK, PEOPLE, by_hand, logs, moments
from tests.views.cast import ALICE, BOB, liked, posted
from tests.views.memory import fold, history
from tests.views.records import Record, log_of
from views.features.tables import FEATURE_TABLES, PAIRS, TWEETS, USERS, FeatureTable

HOUR = 3_600_000


def gold(table: FeatureTable, log: Iterable[Record]) -> pa.Table:
    """The rows of the table as batch makes them."""
    names = (*table.entity, "through", *table.names)
    rows = [
        dict(zip(names, row, strict=True)) for row in history(table, CLOCK, fold(table.view, log))
    ]
    for row in rows:
        row["available_at_ms"] = CLOCK.known_from_ms(row["through"])
    return pa.Table.from_pylist(rows, tables.features(table).columns)


@examples(max_examples=15)
@given(log=logs(), data=st.data())
def test_each_row_has_what_a_count_by_hand_knew_at_its_time(
    log: list[Record], data: st.DataObject
) -> None:
    times = sorted(data.draw(st.lists(moments(log), min_size=1, max_size=5)))
    asked = pa.table(
        {
            "viewer_id": [id for _ in times for id in PEOPLE],
            "author_id": [PEOPLE[id % len(PEOPLE)] for _ in times for id in PEOPLE],
            "at_ms": [at for at in reversed(times) for _ in PEOPLE],
        }
    )
    made = join(PAIRS, asked, gold(PAIRS, log)).to_pylist()
    for row, found in zip(asked.to_pylist(), made, strict=True):
        known = by_hand(log, row["at_ms"])
        values = known.get(("pairs", (row["viewer_id"], row["author_id"])), {})
        assert {name: value for name, value in found.items() if value} == values


@pytest.fixture
def lake(tmp_path: Path) -> Settings:
    """Bob liked Alice's tweet 10 two minutes after she posted it; known for a month after."""
    events = log_of([posted(10, ALICE), liked(BOB, 10, ALICE)])
    log = [r._replace(append_ms=BEGAN_MS + n * 120_000) for n, r in enumerate(events)]
    settings = lake_in(tmp_path).model_copy(
        update={"feature_delay_seconds": CLOCK.delay_ms / 1_000, "features_served_share": 1.0}
    )
    through = CLOCK.through_at(BEGAN_MS + 31 * 24 * HOUR)
    said = CommitProperties(custom_metadata={"userMetadata": metadata(through)})
    for table in FEATURE_TABLES:
        open_table = tables.features(table).open(settings)
        write_deltalake(open_table, gold(table, log), mode="append", commit_properties=said)
    return settings


def test_a_like_is_known_when_its_epoch_was_over_and_counted_and_not_before(lake: Settings) -> None:
    liked_ms = BEGAN_MS + 120_000
    known = (liked_ms // CLOCK.epoch_ms + 1) * CLOCK.epoch_ms + CLOCK.delay_ms
    asked = pa.table({"user_id": [ALICE] * 3, "at_ms": [known, known - 1, known + 2 * HOUR]})
    made = training_set(lake, asked)
    assert made["user_likes_received_1h"].to_pylist() == [1, 0, 0]
    assert made["user_likes_received_1d"].to_pylist() == [1, 0, 1]
    assert made.select(asked.column_names) == asked


def test_rows_may_name_several_entities_and_such_as_never_did_anything(
    lake: Settings, tmp_path: Path
) -> None:
    source, output = tmp_path / "asked.parquet", tmp_path / "made.parquet"
    at_ms = BEGAN_MS + HOUR // 2
    asked = {"viewer_id": [BOB, 99], "author_id": [ALICE, ALICE], "tweet_id": [10, 98]}
    pq.write_table(pa.table(asked | {"at_ms": [at_ms, at_ms], "label": ["yes", "no"]}), source)
    assert write_training_set(lake, source, output) == 2
    made = pq.read_table(output)
    assert made.column_names == [*asked, "at_ms", "label", *TWEETS.names, *PAIRS.names]
    assert made["pair_likes_1h"].to_pylist() == made["tweet_likes_1h"].to_pylist() == [1, 0]


def test_a_time_that_batch_has_not_come_to_is_refused(lake: Settings) -> None:
    later = BEGAN_MS + 60 * 24 * HOUR
    with pytest.raises(NotKnownYet, match="hourly_features"):
        training_set(lake, pa.table({"user_id": [ALICE], "at_ms": [later]}))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"at_ms": [1]}, "no ids"),
        ({"user_id": [1]}, "no column at_ms"),
        ({"viewer_id": [1], "at_ms": [1]}, "no ids"),
        ({"user_id": ["1"], "at_ms": [1]}, "no whole numbers"),
        ({"user_id": pa.array([None], pa.int64()), "at_ms": [1]}, "has nulls"),
        ({"user_id": [1], "at_ms": [1], "user_posts_1h": [1]}, "already"),
    ],
)
def test_rows_that_do_not_say_whose_or_when_are_refused(
    columns: dict[str, object], said: str, lake: Settings
) -> None:
    with pytest.raises(BadEntities, match=said):
        training_set(lake, pa.table(columns))


def test_an_answer_that_the_lake_does_not_confirm_is_told(lake: Settings) -> None:
    at_ms = BEGAN_MS + HOUR // 2
    through = CLOCK.through_at(at_ms)
    known = training_set(lake, pa.table({"user_id": [ALICE], "at_ms": [at_ms]}))
    right = known.select(USERS.names).to_pylist()[0]
    with ServedLog(lake) as log:
        log.note("users", (ALICE,), right, at_ms, through, through)
        log.note("users", (ALICE,), right | {"user_posts_1h": 7}, at_ms, through, through)
        log.note("users", (ALICE,), right, at_ms, through + 10**9, through)
    found = parity(lake)
    assert found["users"][:3] == (2, 1, 1)
    assert "user_posts_1h 7 online, 1 in the lake" in found["users"].examples[0]
    assert found["pairs"][:3] == (0, 0, 0)
