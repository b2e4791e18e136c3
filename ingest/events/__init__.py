"""What can happen on Starling? One file a noun; names are past tense."""

from ingest.events.accounts import AccountCreated, AccountUpdated
from ingest.events.base import Event
from ingest.events.blocks import Blocked, Unblocked
from ingest.events.bookmarks import Bookmarked, Unbookmarked
from ingest.events.classes import AuthorClassified
from ingest.events.follows import Followed, FollowRequestDeclined, FollowRequested, Unfollowed
from ingest.events.likes import Liked, Unliked
from ingest.events.lists import (
    ListCreated,
    ListDeleted,
    ListFollowed,
    ListMemberAdded,
    ListMemberRemoved,
    ListPinned,
    ListUnfollowed,
    ListUnpinned,
    ListUpdated,
)
from ingest.events.moderation import (
    DecisionAppealed,
    ReviewDecided,
    ReviewRequested,
    TweetReported,
    TweetScored,
)
from ingest.events.mutes import Muted, SuggestionDismissed, Unmuted
from ingest.events.plans import EdgePlanned
from ingest.events.polls import PollVoted
from ingest.events.reads import HomeRead
from ingest.events.replies import ReplyHidden, ReplyUnhidden
from ingest.events.trends import TagBlocked, TagTrended, TagUnblocked
from ingest.events.tweets import (
    Retweeted,
    TweetDeleted,
    TweetEdited,
    TweetPosted,
    Unretweeted,
)

EVENTS: tuple[type[Event], ...] = (
    TweetPosted,
    TweetEdited,
    TweetDeleted,
    Retweeted,
    Unretweeted,
    ReplyHidden,
    ReplyUnhidden,
    PollVoted,
    Liked,
    Unliked,
    Bookmarked,
    Unbookmarked,
    Followed,
    Unfollowed,
    FollowRequested,
    FollowRequestDeclined,
    Blocked,
    Unblocked,
    Muted,
    Unmuted,
    SuggestionDismissed,
    ListCreated,
    ListUpdated,
    ListDeleted,
    ListMemberAdded,
    ListMemberRemoved,
    ListFollowed,
    ListUnfollowed,
    ListPinned,
    ListUnpinned,
    AccountCreated,
    AccountUpdated,
    HomeRead,
    AuthorClassified,
    EdgePlanned,
    TagTrended,
    TagBlocked,
    TagUnblocked,
    TweetScored,
    TweetReported,
    ReviewRequested,
    ReviewDecided,
    DecisionAppealed,
)

__all__ = [
    "EVENTS",
    "AccountCreated",
    "AccountUpdated",
    "AuthorClassified",
    "Blocked",
    "Bookmarked",
    "DecisionAppealed",
    "EdgePlanned",
    "Event",
    "FollowRequestDeclined",
    "FollowRequested",
    "Followed",
    "HomeRead",
    "Liked",
    "ListCreated",
    "ListDeleted",
    "ListFollowed",
    "ListMemberAdded",
    "ListMemberRemoved",
    "ListPinned",
    "ListUnfollowed",
    "ListUnpinned",
    "ListUpdated",
    "Muted",
    "PollVoted",
    "ReplyHidden",
    "ReplyUnhidden",
    "Retweeted",
    "ReviewDecided",
    "ReviewRequested",
    "SuggestionDismissed",
    "TagBlocked",
    "TagTrended",
    "TagUnblocked",
    "TweetDeleted",
    "TweetEdited",
    "TweetPosted",
    "TweetReported",
    "TweetScored",
    "Unblocked",
    "Unbookmarked",
    "Unfollowed",
    "Unliked",
    "Unmuted",
    "Unretweeted",
]
