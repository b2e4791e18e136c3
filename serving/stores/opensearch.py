"""What does OpenSearch know? Which tweets and people have what is looked for."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException, RequestError

from serving.errors import StoreUnavailable
from serving.stores.guard import Guard
from settings import Settings

Query = Mapping[str, Any]
"""A query in OpenSearch's own language."""
NONE = {"engagement": [0]}


class Scored(NamedTuple):
    """`engagement` is what is written in the document; `names` are of the parts of the query that
    bear one and that it has."""

    id: int
    score: float
    engagement: int
    names: Collection[str]


class QueryRefused(RuntimeError):
    """OpenSearch does not understand what it was asked: our fault, and no reason to spare it."""


class SearchStore:
    """Thread-safe; connects on first use. Every method may raise `StoreUnavailable`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._making = threading.Lock()
        self._client: OpenSearch | None = None
        self.guard = Guard("opensearch", (OpenSearchException, OSError))

    def ids(self, index: str, query: Query, count: int, *, newest_first: bool = True) -> list[int]:
        """The newest so many that have it, newest first; or the oldest, oldest first."""
        order = "desc" if newest_first else "asc"
        body = {"query": query, "size": count, "sort": [{"id": order}], "_source": False}
        hits = self._search(index, body | {"track_total_hits": False})["hits"]["hits"]
        return [int(hit["_id"]) for hit in hits]

    def best(self, index: str, query: Query, count: int) -> list[Scored]:
        """Those that fit best by the score of the query."""
        order = [{"_score": "desc"}, {"id": "desc"}]
        body = {"query": query, "size": count, "sort": order, "_source": False}
        body |= {"docvalue_fields": ["engagement"], "track_total_hits": False}
        return [
            Scored(
                *(int(hit["_id"]), float(hit["_score"])),
                *hit.get("fields", NONE)["engagement"],
                hit.get("matched_queries", ()),
            )
            for hit in self._search(index, body)["hits"]["hits"]
        ]

    def counted(self, index: str, query: Query, unit_ms: int) -> dict[int, int]:
        """How many have it in each unit of time, by the unit's number since 1970."""
        by_time = {
            "field": "created_at",
            "fixed_interval": f"{unit_ms}ms",
            "min_doc_count": 1,
        }
        body = {"query": query, "size": 0, "aggs": {"units": {"date_histogram": by_time}}}
        buckets = self._search(index, body)["aggregations"]["units"]["buckets"]
        return {int(b["key"]) // unit_ms: int(b["doc_count"]) for b in buckets}

    def most_used(
        self, index: str, query: Query, field: str, count: int, pattern: str
    ) -> list[tuple[str, int]]:
        """The values of the field that match, with how many documents have each."""
        terms = {"field": field, "size": count, "include": pattern}
        body = {"query": query, "size": 0, "aggs": {"values": {"terms": terms}}}
        buckets = self._search(index, body)["aggregations"]["values"]["buckets"]
        return [(str(b["key"]), int(b["doc_count"])) for b in buckets]

    def ping(self) -> None:
        with self.guard():
            self._connected().cluster.health()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def _search(self, index: str, body: Mapping[str, Any]) -> Any:
        timeout_s = self._settings.search_timeout_seconds
        with self.guard():
            try:
                answer = self._connected().search(
                    index=index,
                    body=dict(body) | {"timeout": f"{int(timeout_s * 1000)}ms"},
                    params={"ignore_unavailable": "true", "allow_no_indices": "true"},
                )
            except RequestError as error:
                raise QueryRefused(str(error)) from error
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise StoreUnavailable("opensearch", "it did not look at everything in time")
        return answer

    def _connected(self) -> OpenSearch:
        with self._making:
            if self._client is None:
                self._client = OpenSearch(
                    self._settings.opensearch_url,
                    timeout=self._settings.search_timeout_seconds + 0.5,
                    max_retries=0,
                    pool_maxsize=self._settings.api_threads,
                )
            return self._client


def among(field: str, values: Sequence[Any]) -> Query:
    """Those whose field has one of the values."""
    return {"terms": {field: list(values)}}
