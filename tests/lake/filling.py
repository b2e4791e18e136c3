"""How does a test fill a lake of its own, without a log?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from deltalake import CommitProperties, Transaction, write_deltalake

from ingest.codec import encode
from ingest.events import Event
from ingest.positions import epoch_of
from lake import tables
from lake.archive import Place, app_id
from lake.commits import metadata
from settings import Settings
from tests.realtime.playing import moved
from tests.views.records import EPOCH_MS, Record
from views.contract import FoldView


def lake_in(folder: Path, like: Settings | None = None) -> Settings:
    """Settings of a lake in `folder`, empty, with the epochs of `tests.views.records`."""
    base = (like or Settings()).model_dump()
    made = Settings(**base | {"state_dir": folder, "epoch_seconds": EPOCH_MS // 1000})
    tables.create(made)
    return made


def bronze_rows(records: Iterable[Record]) -> list[dict[str, object]]:
    """As the archiver writes them."""
    return [
        {
            "topic": r.position.topic,
            "partition": r.position.partition,
            "offset": r.position.offset,
            "append_ms": r.append_ms,
            "epoch": epoch_of(r.append_ms, EPOCH_MS),
            "key": str(r.event.actor_id).encode(),
            "value": encode(r.event),
            "day": datetime.fromtimestamp(r.append_ms / 1000, UTC).date(),
        }
        for r in records
    ]


def archive(settings: Settings, rows: Iterable[dict[str, object]]) -> None:
    """Writes the rows to bronze, with the offsets they end at."""
    rows = list(rows)
    places = (((str(r["topic"]), int(str(r["partition"]))), int(str(r["offset"]))) for r in rows)
    _append(settings, rows, {place: offset + 1 for place, offset in places})


def archived_up_to(settings: Settings, ends: Mapping[Place, int]) -> None:
    """Says that bronze holds all that the log holds up to there."""
    _append(settings, [], ends)


def _append(
    settings: Settings, rows: Sequence[Mapping[str, object]], ends: Mapping[Place, int]
) -> None:
    write_deltalake(
        tables.BRONZE.open(settings),
        pa.Table.from_pylist(rows, tables.BRONZE.columns),
        mode="append",
        commit_properties=CommitProperties(
            app_transactions=[Transaction(app_id(*place), end) for place, end in ends.items()]
        ),
    )


def fold_by_hand(
    settings: Settings, view: FoldView, through: int, totals: dict[int, tuple[dict[str, int], int]]
) -> None:
    """Writes gold as a fold would: `key -> (totals, through)`."""
    zero = dict.fromkeys(view.measures, 0)
    rows = [{"key": k, "through": t} | zero | found for k, (found, t) in totals.items()]
    table = tables.gold(view)
    write_deltalake(
        table.open(settings),
        pa.Table.from_pylist(rows, table.columns),
        mode="overwrite",
        commit_properties=CommitProperties(custom_metadata={"userMetadata": metadata(through)}),
    )


def side_by_side(histories: Iterable[list[Event]], apart: int = 1_000) -> Iterator[Event]:
    """The events of several histories as one, the ids of each `apart` from those of the last."""
    for number, history in enumerate(histories):
        for event in history:
            yield moved(event, number * apart)
