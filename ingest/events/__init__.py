"""What can happen on Starling? One file a noun; names are past tense."""

from ingest.events.accounts import AccountCreated, AccountUpdated
from ingest.events.base import Event
from ingest.events.follows import Followed, Unfollowed
from ingest.events.likes import Liked, Unliked
from ingest.events.tweets import Retweeted, TweetDeleted, TweetPosted, Unretweeted

EVENTS: tuple[type[Event], ...] = (
    TweetPosted,
    TweetDeleted,
    Retweeted,
    Unretweeted,
    Liked,
    Unliked,
    Followed,
    Unfollowed,
    AccountCreated,
    AccountUpdated,
)

__all__ = [
    "EVENTS",
    "AccountCreated",
    "AccountUpdated",
    "Event",
    "Followed",
    "Liked",
    "Retweeted",
    "TweetDeleted",
    "TweetPosted",
    "Unfollowed",
    "Unliked",
    "Unretweeted",
]
