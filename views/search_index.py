"""How do documents lie in OpenSearch, and how is a text cut into what is looked for?

    tweets-2026-11-g1    the tweets of a month, by their ids, in generation 1
    users-g1             people
    tweets, users        aliases: the generation that is asked; tweets-archive: months at rest

A text is cut where Unicode ends words; case, accents and width do not matter; Chinese, Japanese and
Korean are found by pairs of signs, or by one. Pictures are words. Links say nothing here: they have
a field of their own. A tag is found whole, and by the words it is joined of: #ClimateChange is
climate, and change. Beside that a tweet is found by other forms of its words, as its language has
them, in the field `stems.<lang>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.ids import timestamp_ms
from views.moderation_states import DECISION, SCORE, holds

JOB = "index"
"""Under this name the writer says how far it is."""
TOPICS = ("tweets", "accounts", "likes", "moderation")
TWEETS, ARCHIVE, USERS, PROGRESS = "tweets", "tweets-archive", "users", "index-progress"
REFRESH = "1s"  # at the latest what was written is found; its writer asks for it sooner

ENGAGED_BY = ("like_count", "retweet_count", "reply_count", "quote_count")
"""What was made of a tweet: the measures of `tweet_counts` that its `engagement` is log2 of."""

STEMS: Mapping[str, str] = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""OpenSearch's analyser for each language whose words are known to it in their forms."""

_FOLD = ["cjk_width", "lowercase", "decimal_digit", "asciifolding"]
_ANALYSIS = {
    "char_filter": {
        "no_links": {
            "type": "pattern_replace",
            "pattern": r"https?://\S+",
            "replacement": " ",
        },
        "plain_quotes": {"type": "mapping", "mappings": ["\u2019 => '"]},
    },
    "filter": {
        "signs": {"type": "cjk_bigram", "output_unigrams": True},
        "joined_words": {
            "type": "word_delimiter_graph",
            "preserve_original": False,
            "catenate_all": False,
            "stem_english_possessive": False,
        },
    },
    "analyzer": {
        "text": {
            "char_filter": ["no_links", "plain_quotes"],
            "tokenizer": "standard",
            "filter": [*_FOLD, "signs"],
        },
        "asked": {
            "char_filter": ["plain_quotes"],
            "tokenizer": "standard",
            "filter": [*_FOLD, "cjk_bigram"],
        },
        "tag_words": {"tokenizer": "keyword", "filter": ["joined_words", *_FOLD]},
        "tag_asked": {"tokenizer": "standard", "filter": _FOLD},
        "link_parts": {"tokenizer": "letters_and_digits", "filter": ["lowercase"]},
        "beginnings": {"tokenizer": "beginning", "filter": _FOLD},
    },
    "tokenizer": {
        "letters_and_digits": {"type": "pattern", "pattern": r"[^\p{L}\p{N}]+"},
        "beginning": {
            "type": "edge_ngram",
            "min_gram": 1,
            "max_gram": 15,
            "token_chars": ["letter", "digit"],
        },
    },
    "normalizer": {"folded": {"type": "custom", "filter": _FOLD}},
}
_ID = {"type": "long"}
_NAME = {"type": "keyword", "normalizer": "folded", "ignore_above": 300}
_BEGINS = {"type": "text", "analyzer": "beginnings", "search_analyzer": "asked", "norms": False}
_FLAG = {"type": "boolean", "null_value": False}

MODERATED_FLAGS: Mapping[str, Any] = {"withheld": _FLAG, "sensitive": _FLAG}
"""By moderation; from the rows of both sources, which lie in the document as `moderated`."""

_TWEETS: Mapping[str, Any] = {
    "id": _ID,
    "author_id": _ID,
    "created_at": {"type": "date", "format": "epoch_millis"},
    "kinds": {"type": "keyword"},
    "text": {"type": "text", "analyzer": "text", "search_analyzer": "asked"},
    "stems": {
        "properties": {
            lang: {"type": "text", "analyzer": name, "norms": False, "index_options": "freqs"}
            for lang, name in STEMS.items()
        }
    },
    "lang": {"type": "keyword"},
    "hashtags": _NAME
    | {
        "fields": {
            "words": {"type": "text", "analyzer": "tag_words", "search_analyzer": "tag_asked"}
        }
    },
    "mentions": _NAME,
    "mention_ids": _ID,
    "cashtags": _NAME,
    "links": {"type": "text", "analyzer": "link_parts", "norms": False},
    "conversation_id": _ID,
    "reply_to_user_id": _ID,
    "retweet_of_user_id": _ID,
    "protected": _FLAG,
    "verified": _FLAG,
    **MODERATED_FLAGS,
    "engagement": {"type": "byte"},
}
_USERS: Mapping[str, Any] = {
    "id": _ID,
    "username": _NAME | {"fields": {"begins": _BEGINS}},
    "name": _BEGINS,
    "protected": _FLAG,
    "verified": _FLAG,
}


def acts(counts: Mapping[str, int]) -> int:
    """How often somebody acted on a tweet.

    >>> acts({"like_count": 3, "reply_count": 1, "bookmark_count": 9})
    4
    """
    return sum(max(0, counts.get(name, 0)) for name in ENGAGED_BY)


def month_of(id: int) -> str:
    """`2026-11`: the month (UTC) that a tweet's id tells."""
    return f"{datetime.fromtimestamp(timestamp_ms(id) / 1000, UTC):%Y-%m}"


def tweets_index(month: str, generation: int) -> str:
    return f"{TWEETS}-{month}-g{generation}"


def users_index(generation: int) -> str:
    return f"{USERS}-g{generation}"


def generation_of(index: str) -> int:
    """The generation that an index of tweets or users belongs to.

    >>> generation_of(tweets_index("2026-11", 3))
    3
    """
    return int(index.rpartition("-g")[2])


def tweets_body(*, shards: int = 1) -> dict[str, Any]:
    """How a new index of tweets is made."""
    return _body(_TWEETS, shards)


def users_body(*, shards: int = 1) -> dict[str, Any]:
    return _body(_USERS, shards)


def document(row: Mapping[str, Any], author: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is written of a tweet: the view's row, its words' stems, and what its author is."""
    found = {name: value for name, value in row.items() if value not in (None, [])}
    if (lang := row.get("lang")) in STEMS:
        found["stems"] = {lang: _without(row["links"], row["text"])}
    for flag in ("protected", "verified"):
        found[flag] = bool(author and author[flag])
    return found


def moderated(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a document says by moderation: the rows by source, each with `pos`, and the flags."""
    held = holds(rows.get(SCORE), rows.get(DECISION))
    return {"moderated": dict(rows), "withheld": held.withheld, "sensitive": held.sensitive}


def says_nothing(row: Mapping[str, Any], source: str) -> bool:
    """Whether a document without this row says the same as one with it."""
    return source == SCORE and not holds(row, None).sensitive


def version(offset: int) -> int:
    """The external version of a document by the log. A partial update counts one up, and what the
    log says next is still newer.

    >>> version(1) - version(0) > 1_000_000
    True
    """
    return (offset + 1) << 20


def _without(parts: Iterable[str], text: str) -> str:
    for part in parts:
        text = text.replace(part, " ")
    return text


def _body(properties: Mapping[str, Any], shards: int) -> dict[str, Any]:
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": 0,
            "refresh_interval": REFRESH,
            # A deletion is remembered for as long as an older record of it may be read again.
            "gc_deletes": "1h",
            "analysis": _ANALYSIS,
        },
        "mappings": {"dynamic": False, "properties": dict(properties)},
    }
