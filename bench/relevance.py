"""Does what fits best come first? NDCG against tweets of crises whose worth people have judged.

Tweets of thirteen crises (CrisisLex T26), all in one index. A crisis is searched for by keywords
it is known by, as of its last tweet; a tweet of it that informs counts 2, one that is only about it
1, any other 0. Judged are the first twenty, by Starling's ranking, by the text alone (BM25), and by
time alone. Engagement and whom one follows are not in the data, so they play no part.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from statistics import mean
from typing import NamedTuple

import duckdb
import msgspec
from opensearchpy import OpenSearch, helpers

from bench.figures import Figure
from bench.own_platform import own_platform
from bench.real_data import beside
from ingest.events import TweetPosted
from ingest.ids import first_id_at, timestamp_ms
from serving.language import language
from serving.search.dsl import Dsl, dsl
from serving.search.query import LONGEST, parse
from serving.search.ranking import ranked
from serving.stores.opensearch import SearchStore
from settings import Settings
from views.search_documents import project
from views.search_index import document, tweets_body

LABELLED = "trends/crisislex_t26_labeled.parquet"
EVENTS = "trends/crisislex_t26_events.parquet"
GAINS = {"Related and informative": 2, "Related - but not informative": 1}
INDEX = "judged"
FIRST = 20


class Judged(NamedTuple):
    id: int
    text: str
    event: str
    gain: int


def figures() -> Iterator[Figure]:
    """The figures. Raises `NoActivity` where the labelled tweets are not there."""
    tweets, queries = _tweets(), _queries()
    with own_platform("opensearch") as settings:
        yield from judged(settings, tweets, queries)


def judged(
    settings: Settings, tweets: Sequence[Judged], queries: dict[str, str]
) -> Iterator[Figure]:
    """Mean NDCG of the queries, by how the answers are ordered."""
    _index(settings, tweets)
    found: dict[str, list[float]] = {"ranked": [], "text": [], "recency": []}
    with closing(SearchStore(settings)) as store:
        for event, query in queries.items():
            gains = {tweet.id: tweet.gain for tweet in tweets if tweet.event == event}
            as_of = max(map(timestamp_ms, gains))
            before = {"range": {"id": {"lt": first_id_at(as_of + 1)}}}
            asked: Dsl = {"bool": {"must": [dsl(parse(query), {})], "filter": [before]}}
            by_fit = [hit.id for hit in store.best(INDEX, ranked(asked, as_of), FIRST)]
            by_text = [hit.id for hit in store.best(INDEX, asked, FIRST)]
            by_time = store.ids(INDEX, asked, FIRST)
            for name, ids in (("ranked", by_fit), ("text", by_text), ("recency", by_time)):
                found[name].append(ndcg([gains.get(id, 0) for id in ids], gains.values()))
    ours = mean(found["ranked"])
    yield Figure("relevance", "queries", len(queries))
    yield Figure("relevance", "ndcg_20", ours, "the text alone", mean(found["text"]))
    yield Figure("relevance", "ndcg_20", ours, "time alone", mean(found["recency"]))


def ndcg(gains: Sequence[int], all_gains: Sequence[int] | object) -> float:
    """The discounted gain of an order over that of the best there could be (Järvelin, Kekäläinen:
    "Cumulated gain-based evaluation of IR techniques", 2002)."""
    best = sorted(all_gains, reverse=True)[:FIRST]  # type: ignore[call-overload]
    return _discounted(gains) / _discounted(best)


def _discounted(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(rank + 2) for rank, gain in enumerate(gains))


def _index(settings: Settings, tweets: Sequence[Judged]) -> None:
    with OpenSearch(settings.opensearch_url, timeout=60) as client:
        client.indices.create(index=INDEX, body=tweets_body())
        helpers.bulk(client, map(_action, tweets), chunk_size=2_000)
        client.indices.refresh(index=INDEX)


def _action(tweet: Judged) -> dict[str, object]:
    event = TweetPosted(
        at_ms=0,
        id=tweet.id,
        author_id=0,
        text=tweet.text,
        lang=language(tweet.text),
        conversation_id=tweet.id,
    )
    (change,) = project(event)
    return {"_index": INDEX, "_id": tweet.id, "_source": document(change.row, None)}


def _tweets() -> list[Judged]:
    rows = duckdb.execute(
        "SELECT DISTINCT ON (tweet_id) tweet_id, text, event, informativeness FROM read_parquet(?)",
        [str(beside(LABELLED))],
    ).fetchall()
    return [Judged(id, text, event, GAINS.get(label, 0)) for id, text, event, label in rows]


def _queries() -> dict[str, str]:
    """By event its keywords, any of which will do, as many as a query holds."""
    rows = duckdb.execute(
        "SELECT event, keywords FROM read_parquet(?) ORDER BY event", [str(beside(EVENTS))]
    ).fetchall()
    return {event: _any_of(msgspec.json.decode(words, type=list[str])) for event, words in rows}


def _any_of(keywords: Sequence[str]) -> str:
    query = ""
    for keyword in keywords:
        longer = f"{query} OR {keyword}" if query else keyword
        if len(longer) > LONGEST:
            break
        query = longer
    return query
