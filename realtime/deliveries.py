"""What must fan-out do about an event?"""

from __future__ import annotations

from typing import NamedTuple

from ingest.events import Event, Retweeted, TweetEdited, TweetPosted
from views.home_timeline import READERS

PUSH, FOLLOW, UNFOLLOW, NOTHING = "push", "follow", "unfollow", "nothing"


class Delivery(NamedTuple):
    """`subject` is the entry to push, or the reader, a user or a list, who follows or stops."""

    author_id: int
    action: str
    subject: int


def delivery_of(event: Event) -> Delivery:
    """Deleted tweets stay in timelines and are left out by their readers: nothing to do."""
    if isinstance(event, TweetPosted | TweetEdited | Retweeted):
        return Delivery(event.author_id, PUSH, event.id)
    for edges, reader, author in READERS:
        if isinstance(event, (edges.on, edges.off)):
            action = FOLLOW if isinstance(event, edges.on) else UNFOLLOW
            return Delivery(getattr(event, author), action, getattr(event, reader))
    return Delivery(event.actor_id, NOTHING, 0)
