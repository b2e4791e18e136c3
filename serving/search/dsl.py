"""How is a query said to OpenSearch?

Words and phrases count for how well a tweet fits; all else holds or does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any as Anything

from ingest.ids import first_id_at
from serving.paging import NEWEST
from serving.search.terms import NARROWING, All, Any, Node, Not, Term, terms
from views.search_index import STEMS

Dsl = dict[str, Anything]
NOTHING: Dsl = {"match_none": {}}
TEXT = ["text", "hashtags.words"]
# Chinese, Japanese and Korean, and Thai.
_SIGNS = re.compile(
    "[\u0e00-\u0e7f\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00016fe0-\U0001b2ff"
    "\U00020000-\U0003ffff]"
)
STEMMED = [f"stems.{lang}" for lang in STEMS]
LONGEST_WORD = 255  # letters; OpenSearch cuts what is longer into several
MOST_CLAUSES = 1_000  # OpenSearch takes 1,024 in all; who reads, and when, are some


def dsl(node: Node, named: Mapping[str, int | None]) -> Dsl:
    """The query in OpenSearch's language. `named` has the id of each username in it, or None."""
    match node:
        case Term():
            return _term(node, named)
        case Not():
            return {"bool": {"must_not": [dsl(node.part, named)]}}
        case Any():
            should = [dsl(part, named) for part in node.parts]
            return {"bool": {"should": should, "minimum_should_match": 1}}
        case All():
            parts: Dsl = {}
            for part in node.parts:
                if isinstance(part, Not):
                    parts.setdefault("must_not", []).append(dsl(part.part, named))
                else:
                    how = "filter" if _narrows(part) else "must"
                    parts.setdefault(how, []).append(dsl(part, named))
            return {"bool": parts}


def clauses(term: Term) -> int:
    """How many of OpenSearch's clauses it becomes, at most."""
    if term.kind == "word" and _has_forms(term.value):
        return len(TEXT) + len(STEMMED) * (1 + len(term.value) // LONGEST_WORD)
    return 4  # two fields; a number's counts twice


def either(queries: Iterable[Dsl]) -> Dsl:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def _narrows(node: Node) -> bool:
    return all(term.kind in NARROWING for term in terms(node))


def _term(term: Term, named: Mapping[str, int | None]) -> Dsl:
    value = term.value
    match term.kind:
        case "word":
            said = _phrase(value)
            return either([said, _stemmed(value)]) if _has_forms(value) else said
        case "phrase":
            return _phrase(value)
        case "tag":
            return {"term": {"hashtags": {"value": value}}}
        case "cashtag":
            return _has("cashtags", value)
        case "mention":
            by_name = _has("mentions", value)
            id = named.get(value)
            return by_name if id is None else either([by_name, _has("mention_ids", id)])
        case "from" | "to" | "retweets_of":
            id = named.get(value)
            return NOTHING if id is None else _has(USER_FIELDS[term.kind], id)
        case "url":
            return {"match_phrase": {"links": value}}
        case "lang":
            return _has("lang", value)
        case "conversation_id":
            return _has("conversation_id", int(value))
        case "is" if value == "verified":
            return _has("verified", True)
        case "has" | "is":
            return _has("kinds", f"{term.kind}:{value}")
        case "since":
            return {"range": {"id": {"gte": _id_at(value)}}}
        case "until":
            return {"range": {"id": {"lt": _id_at(value)}}}
    raise ValueError(f"nobody looks for {term}")


USER_FIELDS = {
    "from": "author_id",
    "to": "reply_to_user_id",
    "retweets_of": "retweet_of_user_id",
}


def _id_at(ms: str) -> int:
    """The first id of that time, or the last that there can be."""
    return min(first_id_at(int(ms)), NEWEST)


def _has_forms(word: str) -> bool:
    """Whether it is one word, of a script that sets words apart."""
    return word.isalpha() and not _SIGNS.search(word)


def _has(field: str, value: Anything) -> Dsl:
    return {"term": {field: value}}


def _phrase(text: str) -> Dsl:
    return {"multi_match": {"query": text, "fields": TEXT, "type": "phrase"}}


def _stemmed(word: str) -> Dsl:
    """In another form, which counts for half."""
    return {"multi_match": {"query": word, "fields": STEMMED, "boost": 0.5}}
