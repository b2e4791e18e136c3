"""Does OpenSearch find for any query what the query means, and for no reader what is not theirs?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any as Anything

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opensearchpy import OpenSearch

from ingest.events import TweetPosted
from ingest.events.words import folded
from ingest.ids import first_id_at, timestamp_ms
from serving.search.dsl import dsl
from serving.search.interests import Likings
from serving.search.query import BadQuery, parse
from serving.search.ranking import LIKED, ranked
from serving.search.terms import HAS, IS, All, Any, Node, Not, Term
from serving.search.visible import ANYBODY, MOST_BLOCKED, Reader, visible
from serving.stores.opensearch import SearchStore
from settings import Settings
from tests.serving.search_oracle import holds
from tests.views.cast import NAMES, retweeted
from views.search_documents import project
from views.search_index import document, tweets_body

pytestmark = pytest.mark.engines

INDEX = "tweets-of-the-test"
START = 1_790_000_000_000
WORDS = (
    *(
        "storm",
        "Storms",
        "flood",
        "flooding",
        "Café",
        "don’t",
        "don't",
        "🌊",
        "🔥",
        "東京タワー",
        "京都",
    ),
    *("#ClimateChange", "#climate_change", "#COVID19", "#Café", "#東京", "well-known", "U.S.A"),
    *("@alice", "@Bob", "@nobody", "$TWTR", "$ibm", "https://example.com/storm/a", "example.org"),
)
ASKED = (
    *("storm", "STORMS", "floods", "flood", "cafe", "café", "don't", "🌊", "東京", "タワー", "京"),
    *("climate", "change", "covid", "19", "well-known", "well", "example", "twtr", "nothing"),
)
NAMED: dict[str, int | None] = {name: id for id, name in NAMES.items()} | {"nobody": None}


def made(count: int) -> list[dict[str, Anything]]:
    """Documents of random tweets, with what their authors are."""
    chance, found = random.Random(5), []
    for number in range(count):
        id, author = first_id_at(START + number * 1_000), chance.choice(list(NAMES))
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 6)))
        answers, quotes = chance.random() < 0.3, chance.random() < 0.2
        event = TweetPosted(
            at_ms=0,
            id=id,
            author_id=author,
            text=text,
            lang=chance.choice(("en", "en", "ja", None)),
            conversation_id=first_id_at(START) + chance.randint(0, 1),
            reply_to_id=1 if answers else None,
            reply_to_user_id=chance.choice(list(NAMES)) if answers else None,
            quote_of_id=1 if quotes else None,
            media_ids="7" if chance.random() < 0.2 else None,
            mention_ids=chance.choice((None, "1,0", "3")),
        )
        if chance.random() < 0.1:
            event = retweeted(id, author, 1)
            event = type(event)(
                at_ms=0, id=id, author_id=author, tweet_id=1, tweet_author_id=chance.choice([1, 2])
            )
        (change,) = project(event)
        flags = {flag: chance.random() < 0.2 for flag in ("protected", "verified")}
        held = {flag: chance.random() < 0.1 for flag in ("withheld", "sensitive")}
        found.append(document(change.row, flags) | held)
    return found


DOCUMENTS = made(300)
BLANK: dict[str, Anything] = {
    **{name: [] for name in ("hashtags", "mentions", "mention_ids", "cashtags", "links", "kinds")},
    **dict.fromkeys(("reply_to_user_id", "retweet_of_user_id", "conversation_id", "lang")),
    "text": "",
}


@pytest.fixture(scope="module")
def store(index_server: Settings) -> Iterator[SearchStore]:
    lines: list[dict[str, Anything]] = []
    for each in DOCUMENTS:
        lines += [{"index": {"_id": str(each["id"])}}, each]
    with OpenSearch(index_server.opensearch_url, timeout=30) as client:
        client.indices.create(index=INDEX, body=tweets_body())
        assert not client.bulk(index=INDEX, body=lines, params={"refresh": "true"})["errors"]
    store = SearchStore(index_server.model_copy(update={"search_timeout_seconds": 20}))
    yield store
    store.close()


def term(kind: str, *values: str) -> st.SearchStrategy[Node]:
    return st.sampled_from([Term(kind, value) for value in values])


ids = st.integers(0, 299).map(lambda n: str(START + n * 1_000))
terms: st.SearchStrategy[Node] = st.one_of(
    term("word", *ASKED),
    term("phrase", "storm flood", "東京 storm", "climate change", "don't 🌊", "flood flooding"),
    term("tag", "climatechange", "CLIMATE_CHANGE", "café", "東京", "storm"),
    term("mention", "alice", "bob", "carol", "nobody"),
    term("cashtag", "TWTR", "ibm"),
    term("from", "alice", "bob", "nobody"),
    term("to", "carol", "dave"),
    term("retweets_of", "alice", "bob"),
    term("url", "example.com", "https://example.com/storm", "example", "storm/a", "a.b"),
    term("lang", "en", "ja", "und", "de"),
    term("conversation_id", str(first_id_at(START)), "7"),
    term("has", *HAS),
    term("is", *IS),
    st.builds(Term, st.sampled_from(["since", "until"]), ids),
)
nodes: st.SearchStrategy[Node] = st.recursive(
    terms,
    lambda parts: st.one_of(
        st.builds(Not, parts),
        st.builds(All, st.lists(parts, min_size=2, max_size=3).map(tuple)),
        st.builds(Any, st.lists(parts, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
readers = st.sampled_from([ANYBODY, Reader((1,)), Reader((2, 3), (4,)), Reader((1, 2, 3, 4, 5))])


def shown(row: dict[str, Anything], reader: Reader) -> bool:
    author = row["author_id"]
    return (
        not row["withheld"]
        and (not row["sensitive"] or reader.reads[:1] == (author,))
        and author not in reader.kept_away
        and (not row["protected"] or author in reader.reads)
    )


@settings(max_examples=150)
@given(node=nodes, reader=readers)
def test_what_is_found_is_what_the_query_means_and_the_reader_may_see(
    store: SearchStore, node: Node, reader: Reader
) -> None:
    found = store.ids(INDEX, visible(dsl(node, NAMED), reader), 1_000)
    rows = [BLANK | row for row in DOCUMENTS]
    should = [row["id"] for row in rows if holds(node, row, NAMED) and shown(row, reader)]
    assert found == should[::-1]


@pytest.mark.parametrize(
    "query", ["storm OR (flood -#COVID19)", '"storm flood" from:alice', "example.com 🌊 OR $TWTR"]
)
def test_a_query_as_it_is_typed_finds_what_it_means(store: SearchStore, query: str) -> None:
    node = parse(query)
    found = store.ids(INDEX, dsl(node, NAMED), 1_000)
    assert found == [r["id"] for r in DOCUMENTS[::-1] if holds(node, BLANK | r, NAMED)]


def test_the_deepest_query_that_is_understood_is_answered(store: SearchStore) -> None:
    deep = "a " + "(b OR (c " * 5 + "d" + "))" * 5
    assert store.ids(INDEX, visible(dsl(parse(deep), {}), Reader((1,), (2,))), 10) == []


@pytest.mark.parametrize("between", [" ", " OR "])
def test_the_most_words_that_are_understood_are_answered(store: SearchStore, between: str) -> None:
    letters = "bcdfghjkmnpq"
    words = [a + b for a in letters for b in letters][:60]
    while True:
        with suppress(BadQuery):
            node = parse(between.join(words))
            break
        words.pop()
    assert len(words) == 55
    reader = Reader(tuple(range(5_000)), tuple(range(MOST_BLOCKED * 2)))
    recent = {"range": {"id": {"gte": 1}}}
    query = visible(dsl(node, {}), reader, recent, recent)
    assert store.best(INDEX, ranked(query, START, Likings(["a"], [1]).query), 10) == []


def test_what_a_reader_cares_for_is_raised_and_said_so(store: SearchStore) -> None:
    query = dsl(parse("storm OR flood"), {})
    liked = Likings([folded("Covid19")], [2])
    plain = {found.id: found.score for found in store.best(INDEX, ranked(query, START), 300)}
    rows = {row["id"]: row for row in DOCUMENTS}
    raised = set()
    for found in store.best(INDEX, ranked(query, START, liked.query), 300):
        row = rows[found.id]
        cares = row["author_id"] == 2 or "COVID19" in row.get("hashtags", [])
        raised.add(cares)
        assert list(found.names) == (["liked"] if cares else [])
        assert found.score == pytest.approx(plain[found.id] * (LIKED if cares else 1))
    assert raised == {True, False}


@pytest.mark.parametrize(
    ("query", "finds"), [("since:9999-12-31", False), ("until:9999-12-31 since:0001-01-01", True)]
)
def test_times_that_no_id_tells_are_no_trouble(store: SearchStore, query: str, finds: bool) -> None:
    assert bool(store.ids(INDEX, dsl(parse(f"storm {query}"), {}), 10)) is finds


def test_counts_by_time_are_those_of_what_is_found(store: SearchStore) -> None:
    query = visible(dsl(parse("storm"), {}), ANYBODY)
    found = store.ids(INDEX, query, 1_000)
    counted = store.counted(INDEX, query, 60_000)
    assert counted == {
        minute: sum(timestamp_ms(id) // 60_000 == minute for id in found) for minute in counted
    }
    assert sum(counted.values()) == len(found)
