"""Which values did each feature ever have, and from when on could they be known?

One SELECT over `activity(entity columns, measure, epoch, total)`, in the dialect that Spark and
DuckDB share. An epoch's total enters its windows when the epoch is over and leaves each of them
later (`Clock.leaves`); a value is the sum of all that entered, less what left. So there is a row
for an entity only where a value may have changed, the values of `through` stand until its next row,
and one pass in order of time makes all of them.
"""

from __future__ import annotations

from views.features.tables import DAYS_WITH, STANDS, Feature, FeatureTable
from views.features.windows import DAY_MS, WINDOWS, Clock, Window

LOOKBACK_MS = max(w.length_ms for w in WINDOWS) + DAY_MS
"""What happened longer ago is in no window; only what stands remembers it."""


def activity_sql(table: FeatureTable) -> str:
    """The rows of `activity`, from `folded(key, measure, epoch, total)`: a pair's measure, `likes
    42`,
    becomes an id of its own."""
    if not table.is_pair:
        return f"SELECT key AS {table.entity[0]}, measure, epoch, total FROM folded"
    first, second = table.entity
    return (
        f"SELECT key AS {first}, CAST(SPLIT_PART(measure, ' ', 2) AS BIGINT) AS {second}, "
        "SPLIT_PART(measure, ' ', 1) AS measure, epoch, total FROM folded"
    )


def history_sql(table: FeatureTable, clock: Clock) -> str:
    """Rows `entity columns, through, feature columns`: the values from `through` on."""
    entity = ", ".join(table.entity)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in table.names)
    running = ", ".join(
        f"CAST(SUM({name}) OVER (PARTITION BY {entity} ORDER BY through) AS BIGINT) AS {name}"
        for name in table.names
    )
    return f"""
WITH wide AS ({_wide(table)}),
moves AS ({" UNION ALL ".join(_moves(table, clock))}),
steps AS (SELECT {entity}, through, {sums} FROM moves GROUP BY {entity}, through)
SELECT {entity}, through, {running} FROM steps"""


def _wide(table: FeatureTable) -> str:
    entity = ", ".join(table.entity)
    measures = ", ".join(
        f"SUM(CASE WHEN measure = '{m}' THEN total ELSE 0 END) AS {m}" for m in table.view.measures
    )
    return f"SELECT {entity}, epoch, {measures} FROM activity GROUP BY {entity}, epoch"


def _moves(table: FeatureTable, clock: Clock) -> list[str]:
    """What enters and what leaves."""
    days = [f for f in table.features if f.kind == DAYS_WITH]
    found = [_move(table, "wide", "epoch + 1", {f.name: _adds(f) for f in table.features})]
    for window in WINDOWS:
        leaving = {f.name: f"-({_adds(f)})" for f in table.features if f.window == window}
        found.append(_move(table, "wide", _leaves(window, clock), leaving))
    for measures in dict.fromkeys(f.measures for f in days):
        active = _active_days(table, measures, clock)
        counting = [f for f in days if f.measures == measures]
        found.append(_move(table, active, "epoch + 1", {f.name: "1" for f in counting}))
        for f in counting:
            assert f.window is not None
            found.append(_move(table, active, _leaves(f.window, clock), {f.name: "-1"}))
    return found


def _move(table: FeatureTable, source: str, through: str, adds: dict[str, str]) -> str:
    values = ", ".join(f"{adds.get(name, '0')} AS {name}" for name in table.names)
    return f"SELECT {', '.join(table.entity)}, {through} AS through, {values} FROM {source}"


def _adds(feature: Feature) -> str:
    if feature.kind == DAYS_WITH:
        return "0"  # days are counted apart
    return (" - " if feature.kind == STANDS else " + ").join(feature.measures)


def _active_days(table: FeatureTable, measures: tuple[str, ...], clock: Clock) -> str:
    """The first active epoch of each day; a day leaves its windows as one, they begin at
    midnight."""
    entity = ", ".join(table.entity)
    day = f"epoch * {clock.epoch_ms} - epoch * {clock.epoch_ms} % {DAY_MS}"
    return (
        f"(SELECT {entity}, MIN(epoch) AS epoch FROM wide WHERE {' + '.join(measures)} > 0 "
        f"GROUP BY {entity}, {day}) AS active"
    )


def _leaves(window: Window, clock: Clock) -> str:
    """`Clock.leaves`, as SQL: integers all the way, for engines divide differently."""
    unit, begins = clock.unit_ms(window.unit), f"epoch * {clock.epoch_ms}"
    left = f"({begins} - {begins} % {unit} + {unit + window.length_ms + clock.epoch_ms - 1})"
    return f"CAST(({left} - {left} % {clock.epoch_ms}) / {clock.epoch_ms} AS BIGINT)"
