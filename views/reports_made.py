"""Which tweets has this user reported, and why?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, TweetReported
from views.contract import Change, Put, StateView

COLUMNS = ("reason", "comment", "at_ms")


def project(event: Event) -> Iterator[Change]:
    """A row keyed `(reporter_id, tweet_id)`."""
    match event:
        case TweetReported():
            row = {name: getattr(event, name) for name in COLUMNS}
            yield Put((event.reporter_id, event.tweet_id), row)


REPORTS_MADE = StateView(
    name="reports_made",
    doc=__doc__,
    topics=("moderation",),
    events=(TweetReported,),
    project=project,
)
