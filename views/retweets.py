"""Has this user retweeted this tweet, and as which entry?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, Retweeted, Unretweeted
from views.contract import Change, Delete, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """The retweet's own id, keyed `(author_id, tweet_id)`: at most one at a time."""
    match event:
        case Retweeted():
            yield Put((event.author_id, event.tweet_id), {"id": event.id})
        case Unretweeted():
            yield Delete((event.author_id, event.tweet_id))


RETWEETS = StateView(
    name="retweets",
    doc=__doc__,
    topics=("tweets",),
    events=(Retweeted, Unretweeted),
    project=project,
)
