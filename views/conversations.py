"""Which tweets belong to this conversation, newest first?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, TweetDeleted, TweetEdited, TweetPosted
from views.contract import Change, Delete, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """An entry keyed `(conversation_id, id)`. A tweet that answers nothing begins its own."""
    match event:
        case TweetPosted() | TweetEdited():
            yield Put((event.conversation_id, event.id), {"reply_to_id": event.reply_to_id})
        case TweetDeleted() if event.conversation_id is not None:
            yield Delete((event.conversation_id, event.id))


CONVERSATIONS = StateView(
    name="conversations",
    doc=__doc__,
    topics=("tweets",),
    events=(TweetPosted, TweetEdited, TweetDeleted),
    project=project,
)
