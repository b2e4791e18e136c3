"""Which replies has the author of this conversation hidden?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, ReplyHidden, ReplyUnhidden
from views.contract import Change, Delete, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """An entry keyed `(conversation_id, tweet_id)`."""
    match event:
        case ReplyHidden():
            yield Put((event.conversation_id, event.tweet_id), {})
        case ReplyUnhidden():
            yield Delete((event.conversation_id, event.tweet_id))


HIDDEN_REPLIES = StateView(
    name="hidden_replies",
    doc=__doc__,
    topics=("tweets",),
    events=(ReplyHidden, ReplyUnhidden),
    project=project,
)
