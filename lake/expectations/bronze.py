"""What must hold of bronze: every record of the log, once, with its place and time?"""

from __future__ import annotations

from ingest.topics import DEAD_LETTERS, EVENT_TOPICS
from lake.expectations import critical, warning

PLACE = ["topic", "partition", "offset"]

EVENTS = [
    *(
        critical(
            "column_values_to_not_be_null", "a record without a place cannot be found", column=c
        )
        for c in [*PLACE, "append_ms", "epoch"]
    ),
    critical(
        "compound_columns_to_be_unique",
        "the archiver writes a record once, however it was killed",
        column_list=PLACE,
    ),
    critical(
        "column_values_to_be_in_set",
        "no other topics are archived",
        column="topic",
        value_set=[*EVENT_TOPICS, DEAD_LETTERS],
    ),
    critical(
        "column_pair_values_to_be_equal",
        "both layers must cut time at the same places",
        column_A="epoch",
        column_B="epoch_of_append_ms",
    ),
    warning(
        "column_values_to_match_regex",
        "the key of an event is its actor's id; any other breaks the order of the actor's events",
        column="key",
        regex=r"^\d+$",
        mostly=0.999,
    ),
]
"""Of each record. `epoch_of_append_ms` is computed anew; `key` is text, "0" for dead letters."""

PARTITIONS = [
    critical(
        "column_pair_values_to_be_equal",
        "between the first and the last record of a partition none is missing",
        column_A="archived",
        column_B="expected",
    ),
]
"""Of each partition: the distinct offsets in bronze between the first and last of the window."""
