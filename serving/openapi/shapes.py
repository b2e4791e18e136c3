"""What do answers look like?

The document's schemas; the renderers in `serving/render` build the same shapes as plain dicts, and
the tests hold every answer to them. A field that is not asked for is absent, so all but the
defaults are optional. Each metric bears its name in both dialects.
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

T = TypeVar("T")
Id = Annotated[str, Meta(pattern="^[0-9]{1,19}$", description="Decimal; ordered by time.")]
Time = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
Count = Annotated[int, Meta(ge=0)]
Offset = Annotated[int, Meta(ge=0, description="In code points.")]


class Shape(Struct, forbid_unknown_fields=True):
    """What an object of the document is: nothing but its fields."""


class Reference(Shape):
    type: Literal["retweeted", "quoted", "replied_to"]
    id: Id


class UrlEntity(Shape):
    start: Offset
    end: Offset
    url: str
    expanded_url: str
    display_url: str
    unwound_url: str


class TagEntity(Shape):
    start: Offset
    end: Offset
    tag: str


class MentionEntity(Shape):
    start: Offset
    end: Offset
    username: str
    id: Id | UnsetType = UNSET


class Entities(Shape):
    urls: list[UrlEntity] | UnsetType = UNSET
    hashtags: list[TagEntity] | UnsetType = UNSET
    mentions: list[MentionEntity] | UnsetType = UNSET
    cashtags: list[TagEntity] | UnsetType = UNSET


class TweetMetrics(Shape):
    retweet_count: Count
    repost_count: Count
    reply_count: Count
    like_count: Count
    quote_count: Count
    bookmark_count: Count
    impression_count: Count


class EditControls(Shape):
    edits_remaining: Count
    is_edit_eligible: bool
    editable_until: Time


class Attachments(Shape):
    media_keys: list[str] | UnsetType = UNSET
    poll_ids: list[Id] | UnsetType = UNSET


class Geo(Shape):
    place_id: str | UnsetType = UNSET


class Notice(Shape):
    """A label that people read; or why a tweet is withheld, which its author alone sees."""

    action: Literal["label", "block"]
    label: str | UnsetType = UNSET
    reasons: list[str] | UnsetType = UNSET
    decided_by: Literal["scorer", "person"] | UnsetType = UNSET


class Tweet(Shape):
    id: Id
    text: str
    edit_history_tweet_ids: list[Id] | UnsetType = UNSET
    edit_history_post_ids: list[Id] | UnsetType = UNSET
    author_id: Id | UnsetType = UNSET
    attachments: Attachments | UnsetType = UNSET
    conversation_id: Id | UnsetType = UNSET
    created_at: Time | UnsetType = UNSET
    display_text_range: list[Offset] | UnsetType = UNSET
    edit_controls: EditControls | UnsetType = UNSET
    entities: Entities | UnsetType = UNSET
    geo: Geo | UnsetType = UNSET
    in_reply_to_user_id: Id | UnsetType = UNSET
    lang: str | UnsetType = UNSET
    non_public_metrics: dict[str, Count] | UnsetType = UNSET
    organic_metrics: dict[str, Count] | UnsetType = UNSET
    possibly_sensitive: bool | UnsetType = UNSET
    moderation: Notice | UnsetType = UNSET
    public_metrics: TweetMetrics | UnsetType = UNSET
    referenced_tweets: list[Reference] | UnsetType = UNSET
    referenced_posts: list[Reference] | UnsetType = UNSET
    reply_settings: (
        Literal["everyone", "following", "mentionedUsers", "subscribers", "verified"] | UnsetType
    ) = UNSET
    source: str | UnsetType = UNSET


class UserMetrics(Shape):
    followers_count: Count
    following_count: Count
    tweet_count: Count
    post_count: Count
    listed_count: Count


class UserEntities(Shape):
    url: Entities | UnsetType = UNSET
    description: Entities | UnsetType = UNSET


Connection = Literal[
    "following",
    "follow_request_sent",
    "follow_request_received",
    "followed_by",
    "blocking",
    "muting",
]


class User(Shape):
    id: Id
    name: str
    username: Annotated[str, Meta(pattern="^[A-Za-z0-9_]{1,15}$")]
    connection_status: list[Connection] | UnsetType = UNSET
    created_at: Time | UnsetType = UNSET
    description: str | UnsetType = UNSET
    entities: UserEntities | UnsetType = UNSET
    location: str | UnsetType = UNSET
    most_recent_tweet_id: Id | UnsetType = UNSET
    most_recent_post_id: Id | UnsetType = UNSET
    pinned_tweet_id: Id | UnsetType = UNSET
    pinned_post_id: Id | UnsetType = UNSET
    profile_image_url: str | UnsetType = UNSET
    protected: bool | UnsetType = UNSET
    public_metrics: UserMetrics | UnsetType = UNSET
    url: str | UnsetType = UNSET
    verified: bool | UnsetType = UNSET
    verified_type: Literal["blue", "business", "government", "none"] | UnsetType = UNSET


class KnownUser(User, kw_only=True):
    connections_count: Annotated[
        int, Meta(ge=1, description="Of those one follows, who follow it.")
    ]


class Reason(Shape):
    kind: Literal["followed_by", "follows_you", "talks_about", "popular"]
    user_ids: (
        Annotated[list[Id], Meta(description="Some of those one follows, who follow it.")]
        | UnsetType
    ) = UNSET
    tags: (
        Annotated[list[str], Meta(description="What it talks about and one cares for, folded.")]
        | UnsetType
    ) = UNSET


class SuggestedUser(User, kw_only=True):
    reason: Reason
    connections_count: (
        Annotated[int, Meta(ge=1, description="Of those one follows, who follow it.")] | UnsetType
    ) = UNSET


class PollOption(Shape):
    position: Annotated[int, Meta(ge=1, le=4)]
    label: str
    votes: Count


class Poll(Shape):
    id: Id
    options: list[PollOption]
    duration_minutes: Count | UnsetType = UNSET
    end_datetime: Time | UnsetType = UNSET
    voting_status: Literal["open", "closed"] | UnsetType = UNSET


class List(Shape):
    id: Id
    name: str
    created_at: Time | UnsetType = UNSET
    description: str | UnsetType = UNSET
    follower_count: Count | UnsetType = UNSET
    member_count: Count | UnsetType = UNSET
    owner_id: Id | UnsetType = UNSET
    private: bool | UnsetType = UNSET


Window = Literal["1h", "4h", "24h"]
TagName = Annotated[str, Meta(pattern="^#", description="A hashtag, as most people write it.")]
People = Annotated[float, Meta(ge=0)]
Score = Annotated[float, Meta(gt=0, description="People over those that would be usual.")]


class Trend(Shape):
    """A tag that more people use than usual, and what shows it."""

    trend_name: TagName | UnsetType = UNSET
    tweet_count: Count | UnsetType = UNSET
    people_count: Count | UnsetType = UNSET
    expected_people_count: People | UnsetType = UNSET
    score: Score | UnsetType = UNSET
    window: Window | UnsetType = UNSET
    trending_since: Time | UnsetType = UNSET
    related_names: list[TagName] | UnsetType = UNSET


class PersonalTrend(Shape):
    category: str | UnsetType = UNSET
    post_count: Count | UnsetType = UNSET
    trend_name: TagName | UnsetType = UNSET
    trending_since: Time | UnsetType = UNSET


class PastTrend(Shape):
    """A trend as it was shown at a moment."""

    at: Time
    window: Window
    rank: Annotated[int, Meta(ge=1)]
    trend_name: TagName
    tweet_count: Count
    people_count: Count
    expected_people_count: People
    score: Score
    trending_since: Time


class Includes(Shape):
    tweets: list[Tweet] | UnsetType = UNSET
    posts: list[Tweet] | UnsetType = UNSET
    users: list[User] | UnsetType = UNSET
    polls: list[Poll] | UnsetType = UNSET


class Missing(Struct):
    """What could not be answered, beside what could."""

    title: str
    detail: str
    type: str
    value: str | UnsetType = UNSET
    resource_type: str | UnsetType = UNSET
    resource_id: str | UnsetType = UNSET
    parameter: str | UnsetType = UNSET
    section: str | UnsetType = UNSET


class PageMeta(Shape):
    result_count: Count
    newest_id: Id | UnsetType = UNSET
    oldest_id: Id | UnsetType = UNSET
    next_token: str | UnsetType = UNSET
    previous_token: str | UnsetType = UNSET


class One(Shape, Generic[T]):
    """One thing, or why not."""

    data: T | UnsetType = UNSET
    includes: Includes | UnsetType = UNSET
    errors: list[Missing] | UnsetType = UNSET


class PlaceMeta(Shape):
    """Which place is spoken of: the one asked for, or the nearest around it."""

    result_count: Count
    woeid: Annotated[int, Meta(ge=1)]
    place: str


class Places(Shape, Generic[T]):
    """What holds in a place. Where nothing does there is no `data`; of an unknown place, why."""

    data: list[T] | UnsetType = UNSET
    errors: list[Missing] | UnsetType = UNSET
    meta: PlaceMeta | UnsetType = UNSET


class Some(Shape, Generic[T]):
    """The things asked for by name, and why some of them are not there."""

    data: list[T] | UnsetType = UNSET
    includes: Includes | UnsetType = UNSET
    errors: list[Missing] | UnsetType = UNSET


class Page(Shape, Generic[T]):
    """A part of a list. One that is empty has no `data`; an unknown owner has no `meta`."""

    data: list[T] | UnsetType = UNSET
    includes: Includes | UnsetType = UNSET
    errors: list[Missing] | UnsetType = UNSET
    meta: PageMeta | UnsetType = UNSET


class Done(Shape, Generic[T]):
    """What came of a write."""

    data: T


class Problem(Struct):
    """RFC 9457, as the X API fills it in."""

    title: str
    type: str
    detail: str
    status: int
    errors: list[dict[str, Any]] | UnsetType = UNSET
