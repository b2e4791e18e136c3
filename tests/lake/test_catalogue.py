"""An analyst asks the lake in SQL, as it stands and as it stood."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from lake.catalogue import connect
from lake.tables import tables
from tests.lake.filling import fold_by_hand, lake_in
from views.tweet_counts import TWEET_COUNTS

LIKES = "SELECT sum(like_count) FROM gold.tweet_counts"


def test_every_table_is_a_view_of_its_name(tmp_path: Path) -> None:
    with connect(lake_in(tmp_path)) as lake:
        for table in tables():
            assert lake.execute(
                f"SELECT count(*) FROM {table.name.replace('/', '.')}"
            ).fetchone() == (0,)


def test_every_column_is_explained(tmp_path: Path) -> None:
    with connect(lake_in(tmp_path)) as lake:
        found = lake.execute("SELECT count(*) FROM columns WHERE meaning <> ''").fetchone()
    assert found == (sum(len(table.schema) for table in tables()),)


def test_a_question_about_an_earlier_time_gets_the_answer_of_that_time(tmp_path: Path) -> None:
    settings = lake_in(tmp_path)
    fold_by_hand(settings, TWEET_COUNTS, 5, {10: ({"like_count": 1}, 5)})
    between = datetime.now(UTC)
    fold_by_hand(settings, TWEET_COUNTS, 6, {10: ({"like_count": 4}, 6)})
    with connect(settings) as now, connect(settings, between) as then:
        assert now.execute(LIKES).fetchone() == (4,)
        assert then.execute(LIKES).fetchone() == (1,)
