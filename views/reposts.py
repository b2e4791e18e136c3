"""Who retweeted this tweet, the latest first?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, Retweeted, Unretweeted
from views.contract import Change, Delete, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """An entry keyed `(tweet_id, id)`: the tweet, and the retweet as an entry of its own."""
    match event:
        case Retweeted():
            yield Put((event.tweet_id, event.id), {"author_id": event.author_id})
        case Unretweeted():
            yield Delete((event.tweet_id, event.id))


REPOSTS = StateView(
    name="reposts",
    doc=__doc__,
    topics=("tweets",),
    events=(Retweeted, Unretweeted),
    project=project,
)
