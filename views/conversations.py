"""Which tweets belong to this conversation, newest first?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, TweetDeleted, TweetEdited, TweetPosted
from views.contract import Change, Delete, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """An entry keyed `(conversation_id, id)`. A tweet that answers nothing begins its own.

    A later version of a tweet names the first.
    """
    match event:
        case TweetPosted() | TweetEdited():
            first_id = event.first_id if isinstance(event, TweetEdited) else None
            row = {"reply_to_id": event.reply_to_id, "first_id": first_id}
            yield Put((event.conversation_id, event.id), row)
        case TweetDeleted() if event.conversation_id is not None:
            yield Delete((event.conversation_id, event.id))


CONVERSATIONS = StateView(
    name="conversations",
    doc=__doc__,
    topics=("tweets",),
    events=(TweetPosted, TweetEdited, TweetDeleted),
    project=project,
)
