"""Does the index come back from the lake while it is asked, and do old months come to rest?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from opensearchpy import OpenSearch

from batch import silver
from ingest.ends import log_ends
from ingest.ids import first_id_at
from ingest.positions import epoch_of
from ingest.reading import consumer, start_at
from realtime.archive_index import archive as put_to_rest
from realtime.archive_index import month_in
from realtime.index_store import current_generation
from realtime.reindex import NotWhole, generations, reindex, rollback
from settings import Settings
from tests.engines.waiting import until
from tests.lake.filling import archive, lake_in
from tests.realtime.playing import moved, world
from tests.realtime.test_index import client, found, play
from tests.views.cast import ALICE, BOB, created, deleted, posted
from views.search_index import ARCHIVE, TOPICS, TWEETS, tweets_index

__all__ = ["client"]
pytestmark = pytest.mark.engines

FEBRUARY_2025 = 1_739_000_000_000
YEAR_BEFORE = first_id_at(1_705_000_000_000)  # January 2024


def lake_of(settings: Settings, folder: Path) -> Settings:
    """A lake that has all of these topics that the log has now."""
    lake = lake_in(folder, like=settings)
    ends, rows = log_ends(settings, TOPICS), list[dict[str, Any]]()
    left = {place: end for place, end in ends.items() if end}
    with closing(consumer(settings, "test")) as reader:
        reader.assign(start_at(reader, dict.fromkeys(left, 0)))
        while left:
            for record in reader.consume(5_000, 1.0):
                rows.append(row_of(record, lake))
                place = record.topic(), record.partition()
                if record.offset() + 1 >= left.get(place, 0):
                    left.pop(place, None)
    archive(lake, rows)
    for topic in TOPICS:
        silver.refine(lake, topic, max(row["epoch"] for row in rows) + 1)
    return lake


def row_of(record: Any, lake: Settings) -> dict[str, Any]:
    append_ms = record.timestamp()[1]
    return {
        "topic": record.topic(),
        "partition": record.partition(),
        "offset": record.offset(),
        "append_ms": append_ms,
        "epoch": epoch_of(append_ms, lake.epoch_ms),
        "key": record.key(),
        "value": record.value(),
        "day": None,
    }


@pytest.mark.long
def test_a_new_generation_has_what_lake_and_log_say_and_is_asked_at_once(
    index_server: Settings, client: OpenSearch, tmp_path: Path
) -> None:
    w = world()
    protected = msgspec.structs.replace(created(ALICE), protected=True)
    first = [moved(e, w) for e in (protected, *(posted(n, ALICE) for n in range(10, 30)))]
    play(index_server, [*first, moved(deleted(11, ALICE), w)])
    lake = lake_of(index_server, tmp_path)
    play(index_server, [moved(posted(n, BOB), w) for n in range(30, 35)])  # not in the lake

    before = current_generation(client)
    january = tweets_index("2025-01", before)
    client.delete(index=january, id=str(w + 12), params={"refresh": "true"})
    bogus = {"id": w + 99, "author_id": 1}
    client.index(index=january, id=str(w + 99), body=bogus, params={"refresh": "true"})
    assert found(client, w).keys() == {10, *range(13, 35), 99}

    done = reindex(lake)
    assert (done["generation"], current_generation(client)) == (before + 1, before + 1)
    assert found(client, w).keys() == {10, *range(12, 35)}
    assert {d["protected"] for n, d in found(client, w).items() if n < 30} == {True}
    play(index_server, [moved(posted(40, BOB), w)])
    assert 40 in found(client, w)

    assert rollback(lake) == {"generation": before, "was": before + 1}
    until(lambda: found(client, w).keys() == {10, *range(13, 35), 40, 99}, 60)

    # One that lacks what is asked now is not believed, and leaves no trace in what is asked.
    lines = [
        line
        for n in range(200, 300)
        for line in ({"index": {"_id": str(w + n)}}, {"id": w + n, "author_id": 1})
    ]
    client.bulk(index=january, body=lines, params={"refresh": "true"})
    with pytest.raises(NotWhole, match="lacks"):
        reindex(lake)
    assert current_generation(client) == before
    assert sorted(generations(client)) == [before, before + 1]
    client.delete_by_query(
        index=january,
        body={"query": {"range": {"id": {"gte": w + 99, "lt": w + 300}}}},
        params={"refresh": "true"},
    )


def test_old_months_come_to_rest_and_are_found_and_what_is_deleted_there_is(
    index_server: Settings, client: OpenSearch
) -> None:
    w = world()
    ids = [YEAR_BEFORE + (w >> 8) % 10**9 + n for n in range(2)]
    old = [msgspec.structs.replace(posted(10, ALICE), id=id, author_id=w) for id in ids]
    play(index_server, old)
    query = {"query": {"terms": {"id": ids}}}

    def count(index: str) -> int:
        return int(client.count(index=index, body=query)["count"])

    rested = put_to_rest(index_server, FEBRUARY_2025)["rested"]
    assert "2024-01" in map(month_in, rested)
    assert all(month_in(index) < "2024-12" for index in rested)
    assert (count(ARCHIVE), count(TWEETS)) == (2, 0)
    index = tweets_index("2024-01", current_generation(client))
    flat = {"flat_settings": "true"}
    made = client.indices.get(index=index, params=flat)[index]["settings"]
    assert (made["index.codec"], made["index.blocks.write"]) == ("best_compression", "true")
    assert put_to_rest(index_server, FEBRUARY_2025)["rested"] == []

    gone = msgspec.structs.replace(deleted(10, ALICE), id=ids[0], author_id=w)
    play(index_server, [gone, moved(posted(1, BOB), w)])
    assert count(ARCHIVE) == 1
    assert put_to_rest(index_server, FEBRUARY_2025)["rested"] == [index]
