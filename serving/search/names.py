"""Whose name begins so, and which tags do?

People are found by the beginnings of the words of their names and usernames; tags by their own, as
far as the reader may see a tweet of the last week that has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ingest.events.words import plain
from ingest.ids import first_id_at
from serving.search.dsl import either
from serving.search.found import RECENT_MS
from serving.search.visible import Reader, reader, visible
from serving.stores.cassandra import CassandraStore
from serving.stores.opensearch import SearchStore, among
from views.search_index import TWEETS, USERS

Dsl = dict[str, Any]
TAG = re.compile(r"\w{1,64}")


class Names:
    """Methods raise `StoreUnavailable` while the search engine is away."""

    def __init__(self, store: SearchStore, cassandra: CassandraStore) -> None:
        self._store, self._cassandra = store, cassandra

    def users(self, viewer_id: int, words: Sequence[str], *, before: int, limit: int) -> list[int]:
        """Those whose names have a word that begins as each of these, the newest account first."""
        query = _named(words, reader(self._cassandra, viewer_id))
        older = {"range": {"id": {"lt": before}}}
        return self._store.ids(USERS, {"bool": {"must": [query], "filter": [older]}}, limit)

    def likely_users(self, viewer_id: int, words: Sequence[str], limit: int) -> list[int]:
        """The same, those first whom the reader may mean: the name itself, one followed, one known
        to be who they say."""
        who = reader(self._cassandra, viewer_id)
        likely: list[Dsl] = [
            {"constant_score": {"filter": {"term": {"username": " ".join(words)}}, "boost": 100}},
            {"constant_score": {"filter": dict(among("id", who.reads)), "boost": 10}},
            {"constant_score": {"filter": {"term": {"verified": True}}, "boost": 5}},
        ]
        query = {"bool": {"filter": [_named(words, who)], "should": likely}}
        return [found.id for found in self._store.best(USERS, query, limit)]

    def likely_tags(
        self, viewer_id: int, beginning: str, limit: int, now_ms: int
    ) -> list[tuple[str, int]]:
        """Tags (folded) that begin so, with how many tweets of the last week have them."""
        begins = plain(beginning)
        if not TAG.fullmatch(begins):
            return []
        recent = {"range": {"id": {"gte": first_id_at(now_ms - RECENT_MS)}}}
        has = {"prefix": {"hashtags": {"value": begins}}}
        query = visible(has, reader(self._cassandra, viewer_id), recent)
        # In brackets: a plain prefix takes a short cut in OpenSearch 2.19 that fails on an index
        # none of whose tweets has a tag.
        return self._store.most_used(TWEETS, query, "hashtags", limit, f"{begins}(.*)")


def _named(words: Sequence[str], who: Reader) -> Dsl:
    every: list[Dsl] = [
        either(
            [
                {"prefix": {"username": {"value": word}}},
                {"match": {"username.begins": {"query": word, "operator": "and"}}},
                {"match": {"name": {"query": word, "operator": "and"}}},
            ]
        )
        for word in words
    ]
    away = [dict(among("id", who.kept_away))] if who.kept_away else []
    return {"bool": {"filter": every, "must_not": away}}
