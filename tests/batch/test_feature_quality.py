"""Features that cannot be right are given to nobody, and are named."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from deltalake import CommitProperties, write_deltalake

from lake import ledgers, tables
from lake.commits import metadata
from settings import Settings
from tests.batch.environment import run
from tests.lake.filling import lake_in
from views.features.tables import FEATURE_TABLES, USERS
from views.features.windows import Clock

THROUGH = 3_000_000


def hold(settings: Settings, rows: list[dict[str, int]]) -> None:
    """Lets gold hold these rows of users, and be made through `THROUGH`."""
    said = CommitProperties(custom_metadata={"userMetadata": metadata(THROUGH)})
    for table in FEATURE_TABLES:
        gold = tables.features(table)
        made = pa.Table.from_pylist(rows if table is USERS else [], gold.columns)
        write_deltalake(gold.open(settings), made, mode="append", commit_properties=said)


def test_a_value_known_too_early_or_larger_in_a_shorter_window_stops_and_is_named(
    tmp_path: Path,
) -> None:
    settings = lake_in(tmp_path)
    clock = Clock.of(settings.epoch_seconds, settings.feature_delay_seconds)
    sound = dict.fromkeys(USERS.names, 0) | {
        "user_id": 7,
        "through": THROUGH,
        "available_at_ms": clock.known_from_ms(THROUGH),
    }
    early = {"user_id": 8, "available_at_ms": sound["available_at_ms"] - 1}
    hold(settings, [sound, sound | early, sound | {"user_id": 9, "user_posts_1h": 2}])
    done = run(settings, "-m", "batch.feature_quality", "--through", str(THROUGH))
    assert done.code == 65
    assert (
        "column_pair_values_to_be_equal(available_at_ms, known_ms) failed for 1 of 3" in done.said
    )
    ledger = ledgers.FEATURES_QUALITY.open(settings).to_pyarrow_table().to_pylist()
    failed = {row["expectation"]: row["unexpected"] for row in ledger if not row["passed"]}
    assert failed == {
        "column_pair_values_to_be_equal(available_at_ms, known_ms)": 1,
        "column_pair_values_a_to_be_greater_than_b(user_posts_1d, user_posts_1h)": 1,
        "column_values_to_be_between(minutes_old)": 3,
    }
