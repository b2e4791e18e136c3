"""Which tweets mention this user, newest first?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, TweetDeleted, TweetEdited, TweetPosted
from ingest.events.tweets import ids_of
from views.contract import Change, Delete, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """An entry keyed `(user_id, id)` for each of those whom the tweet mentions."""
    match event:
        case TweetPosted() | TweetEdited() | TweetDeleted():
            gone = isinstance(event, TweetDeleted)
            for user_id in dict.fromkeys(ids_of(event.mention_ids)):
                if user_id:  # 0: a name that nobody bears
                    key = (user_id, event.id)
                    yield Delete(key) if gone else Put(key, {})


MENTIONS = StateView(
    name="mentions",
    doc=__doc__,
    topics=("tweets",),
    events=(TweetPosted, TweetEdited, TweetDeleted),
    project=project,
)
