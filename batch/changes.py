"""Which rows changed in some epochs, and what became of them since?

A StateView's own `project` over a few epochs of silver, or over the archive's newest records: small
enough to go without Spark. For the whole lake see `batch/states.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pyarrow.compute as pc

from batch import land
from batch.sample import sampled
from ingest.codec import Undecodable, decode
from ingest.events.columns import event_of
from lake import tables
from settings import Settings
from views.contract import Change, StateView

ARCHIVE_SECONDS = 60  # the archiver is a second behind where nothing is wrong

Key = Any


class Changed(NamedTuple):
    """A change of a key, where it stands in the log, and whose act it was."""

    change: Change
    pos: int
    epoch: int
    actor_id: int


def last_changes(
    settings: Settings, view: StateView, epochs: range, limit: int
) -> tuple[dict[Key, Changed], float]:
    """By key its last change in these epochs, of about `limit` events at most.

    Where there are more, a sample of the actors is looked at; its share of them is returned too.
    """
    epoch, kinds = pc.field("epoch"), [event.__name__ for event in view.events]
    where = (epoch >= epochs.start) & (epoch < epochs.stop) & pc.field("kind").isin(kinds)
    silver = {t: tables.silver(t).open(settings).to_pyarrow_dataset() for t in view.topics}
    events = sum(dataset.count_rows(filter=where) for dataset in silver.values())
    share = min(1.0, limit / events) if events else 1.0
    found: dict[Key, Changed] = {}
    for topic, dataset in silver.items():
        actor = next(event.actor_field for event in view.events if event.topic == topic)
        chosen = where if share == 1.0 else where & sampled(actor, share)
        for batch in dataset.to_batches(filter=chosen):
            for row in batch.to_pylist():
                event = event_of(row)
                for change in view.project(event):
                    new = Changed(change, row["pos"], row["epoch"], event.actor_id)
                    if change.key not in found or found[change.key].pos < new.pos:
                        found[change.key] = new
    return found, share


def changes_since(
    settings: Settings, view: StateView, through: int, keys: Mapping[Key, Changed]
) -> dict[Key, list[Changed]]:
    """All changes of these keys from epoch `through` up to now, from the archive.

    Raises `BatchFailed` where the archive does not come up with the log.
    """
    found: dict[Key, list[Changed]] = {key: [] for key in keys}
    if not keys:
        return found
    land.wait_archived(settings, land.ends_of(settings, None), ARCHIVE_SECONDS)
    actors = [str(actor).encode() for actor in {changed.actor_id for changed in keys.values()}]
    bronze = tables.BRONZE.open(settings).to_pyarrow_dataset()
    where = (pc.field("epoch") >= through) & pc.field("key").isin(actors)
    for topic in view.topics:
        columns = ["value", "offset", "epoch"]
        rows = bronze.to_table(columns=columns, filter=where & (pc.field("topic") == topic))
        for row in rows.to_pylist():
            for new in _changed(view, topic, row):
                if new.change.key in found:
                    found[new.change.key].append(new)
    return found


def _changed(view: StateView, topic: str, row: Mapping[str, Any]) -> Iterable[Changed]:
    """What a row of bronze changes; nothing where it is no event."""
    try:
        event = decode(row["value"], topic=topic)
    except Undecodable:
        return
    for change in view.project(event):
        yield Changed(change, row["offset"], row["epoch"], event.actor_id)
