"""What must hold of features before anybody is given them?"""

from __future__ import annotations

from itertools import pairwise

from lake.expectations import Expectation, critical, warning
from views.features.tables import COUNT, DAYS_WITH, STANDS, Feature, FeatureTable
from views.features.windows import DAY_MS, WINDOWS


def of_table(table: FeatureTable) -> list[Expectation]:
    """Of each row of `gold/features_<entity>`. `known_ms` is computed anew from `through`."""
    return [
        *(
            critical("column_values_to_not_be_null", "a feature is a number", column=column)
            for column in (*table.entity, "through", "available_at_ms", *table.names)
        ),
        critical(
            "compound_columns_to_be_unique",
            "an entity has one value of a feature at a time",
            column_list=[*table.entity, "through"],
        ),
        critical(
            "column_pair_values_to_be_equal",
            "who trains on a value must not get it before it could be known",
            column_A="available_at_ms",
            column_B="known_ms",
        ),
        *_values(table),
        *_nested(table),
    ]


def _values(table: FeatureTable) -> list[Expectation]:
    """A count is never below zero, days fit into their window, what stands is 0 or 1."""
    return [
        critical(
            "column_values_to_be_between",
            "what came to be is counted, never taken back",
            column=feature.name,
            min_value=0,
            max_value=_most(feature),
        )
        for feature in table.features
    ]


def _most(feature: Feature) -> int:
    if feature.kind == STANDS:
        return 1
    if feature.kind == DAYS_WITH and feature.window:
        return feature.window.length_ms // DAY_MS + 1  # it begins at midnight, and ends in a day
    return 2**53


def _nested(table: FeatureTable) -> list[Expectation]:
    """What is in a window is in the longer one."""
    counts = {(f.measures, f.window): f.name for f in table.features if f.kind == COUNT}
    return [
        critical(
            "column_pair_values_a_to_be_greater_than_b",
            "a longer window holds what a shorter one does",
            column_A=counts[measures, longer],
            column_B=counts[measures, shorter],
            or_equal=True,
        )
        for shorter, longer in pairwise(WINDOWS)
        for measures in dict.fromkeys(measures for measures, _ in counts)
    ]


FRESHNESS = [
    critical(
        "column_values_to_be_between",
        "tiles of an earlier epoch must not be published as those of this one",
        column="epochs_behind",
        max_value=0,
    ),
    warning(
        "column_values_to_be_between",
        "features are made each hour",
        column="minutes_old",
        max_value=120,
    ),
]
"""Of each table: epochs that gold lacks of what was asked, and how long ago its last one ended."""
