"""What does search cost: a tweet into the index, a search, and until what was posted is found?

On real tweets beside the repository where there are some, else on made-up ones; with the writer and
the queries of the platform, on an OpenSearch of its own. The peer is OpenSearch's own client with
nothing around it: its bulk helper into the same index, and a plain `match` of the same words.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

import duckdb
from opensearchpy import OpenSearch, helpers

from bench.figures import Figure, percentile
from bench.own_platform import own_platform
from bench.real_data import NoActivity, beside
from ingest.events import TweetPosted
from ingest.generator.text import text
from ingest.ids import IdMaker, first_id_at
from ingest.producer import Producer
from realtime.index import changes
from realtime.index_store import IndexStore, Said, make_month
from serving.language import language
from serving.search.dsl import dsl
from serving.search.query import parse
from serving.search.ranking import ranked
from serving.search.relevancy import BEST
from serving.search.visible import Reader, visible
from serving.stores.opensearch import SearchStore
from settings import Settings
from views.search_documents import SEARCH_DOCUMENTS
from views.search_index import (
    TWEETS,
    document,
    month_of,
    tweets_body,
    users_body,
    users_index,
)

REAL = "stream/congress_tweets_2015_jan_apr.parquet"
TWEETS_MADE = 20_000
SEARCHES = 300
POSTED = 100
SOMEBODY = Reader(tuple(range(200)), tuple(range(300, 320)))  # follows, and is kept away from, some
PATIENCE_S = 10.0


def figures() -> Iterator[Figure]:
    """The figures. Takes about three minutes."""
    events = _events()
    with own_platform("index") as settings:
        yield Figure("search", "tweets", len(events))
        yield from _written(settings, events)
        yield from _searched(settings, events)
        yield from _found_after(settings)


def _written(settings: Settings, events: Sequence[TweetPosted]) -> Iterator[Figure]:
    """As the writer writes them, in its batches; and the same documents by the bare client. Both on
    a server that has taken as many before: a cold one compiles for longer than it writes."""
    _bare(settings, events, "warm")
    ours = _as_the_writer(settings, events)
    bare = _bare(settings, events, "bare")
    yield Figure("search", "indexed_per_s", ours, "documents ready, by the bare client", bare)


def _as_the_writer(settings: Settings, events: Sequence[TweetPosted]) -> float:
    place, at_once = ("tweets", 0), settings.index_batch_records
    with closing(IndexStore(settings, generation=9)) as store:
        store.client.indices.create(index=users_index(9), body=users_body())
        store.begin({place: 0})
        make_month(store.client, month_of(events[0].id), 9, asked=False)
        next, began = store.progress() or {}, time.perf_counter()
        for at in range(0, len(events), at_once):
            said: list[Said] = []
            for number, event in enumerate(events[at : at + at_once], at):
                said += changes(SEARCH_DOCUMENTS, event, number)
            next = store.write(said, [], {place: at + at_once}, next)
        return len(events) / (time.perf_counter() - began)


def _bare(settings: Settings, events: Sequence[TweetPosted], index: str) -> float:
    documents = [
        document(said.row, None)
        for event in events
        for said in changes(SEARCH_DOCUMENTS, event, 0)
        if said.row is not None
    ]
    with OpenSearch(settings.opensearch_url, timeout=60) as client:
        client.indices.create(index=index, body=tweets_body())
        actions = ({"_index": index, "_id": d["id"], "_source": d} for d in documents)
        began = time.perf_counter()
        helpers.bulk(client, actions, chunk_size=settings.index_batch_records)
        client.indices.refresh(index=index)
        return len(events) / (time.perf_counter() - began)


def _searched(settings: Settings, events: Sequence[TweetPosted]) -> Iterator[Figure]:
    chance = random.Random(11)
    words = [word for e in events[:5_000] for word in e.text.split() if word.isalpha()]
    asked = [" ".join(chance.sample(words, chance.randint(1, 2))) for _ in range(SEARCHES)]
    now_ms = time.time_ns() // 1_000_000

    def newest(query: str) -> object:
        return store.ids("bare", visible(dsl(parse(query), {}), SOMEBODY), 20)

    def best(query: str) -> object:
        return store.best("bare", ranked(visible(dsl(parse(query), {}), SOMEBODY), now_ms), BEST)

    with closing(SearchStore(settings)) as store, OpenSearch(settings.opensearch_url) as client:

        def plain(query: str) -> object:
            match = {"match": {"text": {"query": query, "operator": "and"}}}
            return client.search(index="bare", body={"query": match, "size": 20})

        for ask in (newest, best, plain):
            for query in asked[:50]:
                ask(query)  # pages and plans are warm, as they are in a running one
        took: dict[str, list[float]] = {"newest": [], "best": [], "plain": []}
        for query in asked:
            for name, ask in (("newest", newest), ("best", best), ("plain", plain)):
                took[name].append(_ms(lambda ask=ask, query=query: ask(query)))
    for percent in (50, 99):
        bare = percentile(took["plain"], percent)
        for name in ("newest", "best"):
            value = percentile(took[name], percent)
            yield Figure("search", f"{name}_p{percent}_ms", value, "a plain match", bare)


def _found_after(settings: Settings) -> Iterator[Figure]:
    """From the acknowledgement of the log until a search finds it; one after another."""
    ids, waited = IdMaker(7), []
    with closing(Producer(settings)) as log, closing(SearchStore(settings)) as store:
        for number in range(POSTED):
            word = f"w{number}x{random.randrange(10**9)}"
            id = ids.next()
            event = TweetPosted(at_ms=0, id=id, author_id=7, text=word, conversation_id=id)
            log.append(event)
            began = time.perf_counter()
            query = dsl(parse(word), {})
            while store.ids(TWEETS, query, 1) != [id]:
                if time.perf_counter() - began > PATIENCE_S:
                    raise TimeoutError(f"{word} was not found within {PATIENCE_S} s")
                time.sleep(0.005)
            waited.append((time.perf_counter() - began) * 1000)
    for percent in (50, 99):
        yield Figure("search", f"posted_to_found_p{percent}_ms", percentile(waited, percent))


def _ms(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _events() -> list[TweetPosted]:
    """All of one month, so that one index is written."""
    start = first_id_at(1_790_000_000_000)
    return [
        TweetPosted(
            at_ms=0,
            id=start + (number << 22),
            author_id=author,
            text=said,
            lang=language(said),
            conversation_id=start + (number << 22),
        )
        for number, (author, said) in enumerate(_texts())
    ]


def _texts() -> list[tuple[int, str]]:
    try:
        file = beside(REAL)
    except NoActivity:
        chance = random.Random(3)
        return [(chance.randrange(500), text(chance)) for _ in range(TWEETS_MADE)]
    rows: list[tuple[Any, ...]] = duckdb.execute(
        "SELECT hash(user_screen_name) % 500, text FROM read_parquet(?) "
        "WHERE length(text) > 0 ORDER BY id LIMIT ?",
        [str(file), TWEETS_MADE],
    ).fetchall()
    return [(int(author), said) for author, said in rows]
