"""Which texts have people decided to be spam? By what all texts share that read the same.

A text is known as long as one of the tweets that say it stands so decided.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, ReviewDecided
from views.contract import Change, Delete, Put, StateView
from views.timelines import bucket_of

PARTS = 8
AT_MOST = 20_000  # of each part are known
COLUMNS = ("at_ms",)


def project(event: Event) -> Iterator[Change]:
    """A row keyed `(part, text_key, tweet_id)`."""
    match event:
        case ReviewDecided(text_key=str(text_key)):
            key = (bucket_of(int(text_key, 16), PARTS), text_key, event.tweet_id)
            if event.spam and event.decision == "block":
                yield Put(key, {"at_ms": event.at_ms})
            else:
                yield Delete(key)


KNOWN_SPAM = StateView(
    name="known_spam",
    doc=__doc__,
    topics=("moderation",),
    events=(ReviewDecided,),
    project=project,
)
