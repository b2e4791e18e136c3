"""How do old months of the search engine come to rest? `python -m realtime.archive_index`.

What is older than the last `search_months` is joined into one segment, packed smaller, and closed
to writes; recent search does not look at it any more, search of all time does, through the alias
`tweets-archive`. What is deleted or changes there is still written: the writer opens the month for
it, and it is put to rest again the next time.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from opensearchpy import OpenSearch

import settings as settings_module
from ingest.ids import first_id_at
from realtime.index_store import current_generation
from settings import Settings
from views import search_index as names
from views.search_index import ARCHIVE, TWEETS

PATIENCE_S = 1_800  # of joining the segments of a month


def archive(settings: Settings, now_ms: int) -> dict[str, Any]:
    """Puts old months of the generation that is asked to rest; returns which were not."""
    with OpenSearch(settings.opensearch_url, timeout=PATIENCE_S) as client:
        every = names.tweets_index("*", current_generation(client))
        before = oldest_month(now_ms, settings.search_months)
        flat = {"flat_settings": "true"}
        rested = []
        for index, made in sorted(client.indices.get(index=every, params=flat).items()):
            blocked = made["settings"].get("index.blocks.write") == "true"
            if month_in(index) < before and not (blocked and ARCHIVE in made["aliases"]):
                rest(client, index)
                rested.append(index)
    return {"before": before, "rested": rested}


def rest(client: OpenSearch, index: str) -> None:
    """Each step may be done again."""
    client.indices.close(index=index)
    try:
        client.indices.put_settings(index=index, body={"index.codec": "best_compression"})
    finally:
        client.indices.open(index=index, params={"wait_for_active_shards": "1"})
    client.indices.forcemerge(index=index, params={"max_num_segments": "1"})
    client.indices.put_settings(index=index, body={"index.blocks.write": True})
    moved = [
        {"remove": {"index": index, "alias": TWEETS, "must_exist": False}},
        {"add": {"index": index, "alias": ARCHIVE}},
    ]
    client.indices.update_aliases(body={"actions": moved})


def month_in(index: str) -> str:
    """The month of an index of tweets.

    >>> month_in("tweets-2026-11-g3")
    '2026-11'
    """
    return index.removeprefix(f"{TWEETS}-").rpartition("-g")[0]


def oldest_month(now_ms: int, months: int) -> str:
    """The oldest of the last so many, that of now included.

    >>> oldest_month(1_800_000_000_000, 3)
    '2026-11'
    """
    year, month = map(int, names.month_of(first_id_at(now_ms)).split("-"))
    months_since_0 = year * 12 + month - months
    return f"{months_since_0 // 12:04}-{months_since_0 % 12 + 1:02}"


def main() -> int:
    done = archive(settings_module.load(), time.time_ns() // 1_000_000)
    print(json.dumps(done))
    return 0


if __name__ == "__main__":
    sys.exit(main())
