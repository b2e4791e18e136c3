"""What must hold of silver: typed events, each record of bronze accounted for?"""

from __future__ import annotations

from ingest.events import EVENTS
from lake.expectations import Expectation, critical, warning

PLACE = ["partition", "pos"]

HOUR_MS = 3_600_000


def of_topic(topic: str) -> list[Expectation]:
    """Of each row of `silver/<topic>`. `delay_ms` is append time less event time."""
    events = [event for event in EVENTS if event.topic == topic]
    actors: dict[str, list[str]] = {}
    for event in events:
        actors.setdefault(event.actor_field, []).append(event.__name__)
    return [
        *(
            critical("column_values_to_not_be_null", "a row must say where it stood", column=column)
            for column in [*PLACE, "append_ms", "epoch", "kind"]
        ),
        critical("compound_columns_to_be_unique", "a record counts once", column_list=PLACE),
        critical(
            "column_values_to_be_in_set",
            "views know no other events of this topic",
            column="kind",
            value_set=[event.__name__ for event in events],
        ),
        *(
            expectation
            for column, kinds in sorted(actors.items())
            for where in [_only(kinds) if len(actors) > 1 else {}]
            for expectation in (
                critical("column_values_to_not_be_null", "someone did it", column=column, **where),
                critical(
                    *("column_values_to_be_between", "ids are positive"),
                    **{"column": column, "min_value": 1, **where},
                ),
            )
        ),
        warning(
            "column_values_to_be_between",
            "clocks of the API and the broker agree, and events do not wait for hours",
            column="delay_ms",
            min_value=-60_000,
            max_value=HOUR_MS,
            mostly=0.99,
        ),
    ]


def _only(kinds: list[str]) -> dict[str, str]:
    """The argument by which Great Expectations looks at events of these kinds alone."""
    return {"row_condition": f"kind in {kinds!r}", "condition_parser": "pandas"}


RECONCILIATION = [
    critical(
        "column_pair_values_to_be_equal",
        "each record of bronze is an event of silver or rejected with a reason",
        column_A="bronze",
        column_B="accounted",
    ),
    critical(
        "column_values_to_be_between",
        "a producer that writes mostly nonsense must be stopped before readers see it",
        column="rejected_share_of_many",
        max_value=0.2,
    ),
    warning(
        "column_values_to_be_between",
        "rejected records are worth a look",
        column="rejected",
        max_value=0,
    ),
]
"""Of each topic. `rejected_share_of_many` is 0 below a thousand records: few tell nothing."""
