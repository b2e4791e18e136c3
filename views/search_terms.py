"""Which recent tweets have this word? A stand-in for a search engine: docs/decisions/0041.

A row a distinct word of a tweet, by the day (UTC) that the tweet's id tells, so that a word of
every day is many partitions. Deleted tweets and superseded versions stay; readers drop them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, TweetEdited, TweetPosted
from ingest.events.words import terms
from ingest.ids import timestamp_ms
from views.contract import Change, Put, StateView

DAY_MS = 86_400_000
MAX_TERMS = 60  # of a tweet; 280 characters hold hardly more


def day_of(id: int) -> int:
    """The UTC day an id was made on, in days since 1970."""
    return timestamp_ms(id) // DAY_MS


def indexed(term: str) -> bool:
    """Whether the term finds anything by itself. Words like "to" and "is" say little and are many:
    they are looked for only in tweets that another word has found."""
    return len(term) > 2 or not term.isascii()


def project(event: Event) -> Iterator[Change]:
    """An entry keyed `(term, day, id)` for each word and #tag but the shortest."""
    match event:
        case TweetPosted() | TweetEdited():
            day = day_of(event.id)
            for term in list(filter(indexed, terms(event.text)))[:MAX_TERMS]:
                yield Put((term, day, event.id), {})


SEARCH_TERMS = StateView(
    name="search_terms",
    doc=__doc__,
    topics=("tweets",),
    events=(TweetPosted, TweetEdited),
    project=project,
    rows_an_event=13,
)
