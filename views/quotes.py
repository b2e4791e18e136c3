"""Which tweets quote this one, newest first?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, TweetDeleted, TweetEdited, TweetPosted
from views.contract import Change, Delete, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """An entry keyed `(tweet_id, id)`, the quoted tweet first."""
    match event:
        case TweetPosted() | TweetEdited() | TweetDeleted() if event.quote_of_id is not None:
            key = (event.quote_of_id, event.id)
            yield Delete(key) if isinstance(event, TweetDeleted) else Put(key, {})


QUOTES = StateView(
    name="quotes",
    doc=__doc__,
    topics=("tweets",),
    events=(TweetPosted, TweetEdited, TweetDeleted),
    project=project,
)
