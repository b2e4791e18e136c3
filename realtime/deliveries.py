"""What must fan-out do about an event?"""

from __future__ import annotations

from typing import NamedTuple

from ingest.events import Event, Followed, Retweeted, TweetPosted, Unfollowed

PUSH, FOLLOW, UNFOLLOW, NOTHING = "push", "follow", "unfollow", "nothing"


class Delivery(NamedTuple):
    """`subject` is the entry to push, or the reader who follows or no longer does."""

    author_id: int
    action: str
    subject: int


def delivery_of(event: Event) -> Delivery:
    """Deleted tweets stay in timelines and are left out by their readers: nothing to do."""
    match event:
        case TweetPosted() | Retweeted():
            return Delivery(event.author_id, PUSH, event.id)
        case Followed():
            return Delivery(event.followee_id, FOLLOW, event.follower_id)
        case Unfollowed():
            return Delivery(event.followee_id, UNFOLLOW, event.follower_id)
    return Delivery(event.actor_id, NOTHING, 0)
