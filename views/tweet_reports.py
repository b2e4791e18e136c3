"""Who reports this tweet, and why?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, TweetReported
from views.contract import Change, Put, StateView

COLUMNS = ("author_id", "reason", "comment")


def project(event: Event) -> Iterator[Change]:
    """A row keyed `(tweet_id, at_ms, reporter_id)`: the latest are found among however many."""
    match event:
        case TweetReported():
            row = {name: getattr(event, name) for name in COLUMNS}
            yield Put((event.tweet_id, event.at_ms, event.reporter_id), row)


TWEET_REPORTS = StateView(
    name="tweet_reports",
    doc=__doc__,
    topics=("moderation",),
    events=(TweetReported,),
    project=project,
)
