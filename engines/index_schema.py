"""Is there an index of this month's tweets, and one of people? `python -m engines.index_schema`.

Where a generation is asked already it is left alone: `./starling reindex` makes the next.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from ingest.ids import first_id_at
from realtime.index_store import current_generation, make_month
from settings import Settings, load
from views import search_index as names

FIRST = 1
PROGRESS = {"mappings": {"dynamic": False}}


def apply(settings: Settings) -> None:
    with OpenSearch(settings.opensearch_url, timeout=30) as client:
        _make(client, names.PROGRESS, PROGRESS)
        try:
            generation = current_generation(client)
        except NotFoundError:
            generation = FIRST
            _make(
                client,
                names.users_index(generation),
                names.users_body() | {"aliases": {names.USERS: {}}},
            )
        month = names.month_of(first_id_at(time.time_ns() // 1_000_000))
        make_month(client, month, generation, asked=True)
        # A field that came since an index was made.
        flags = {"properties": dict(names.MODERATED_FLAGS)}
        client.indices.put_mapping(index=names.tweets_index("*", generation), body=flags)


def _make(client: OpenSearch, index: str, body: Mapping[str, object]) -> None:
    try:
        client.indices.create(index=index, body=body)
    except RequestError as error:
        if error.error != "resource_already_exists_exception":
            raise


if __name__ == "__main__":
    apply(load())
