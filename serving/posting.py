"""What may a tweet be made of, and which event does a request to post one mean?

`NewTweet` is the body as the X API has it. What Starling has no use for is refused by name, rather
than quietly left out; what asks for nothing (`nullcast: false`) is taken.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ingest.events import TweetEdited, TweetPosted
from ingest.ids import timestamp_ms
from serving.errors import InvalidRequest
from serving.language import language
from serving.rows import TweetRow
from serving.text import tweet_text
from views.tweets import KEPT

MINUTE_MS = 60_000

Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,19}$")]
Who = Literal["following", "mentionedUsers", "subscribers", "verified"]
Ids = Annotated[list[Id], msgspec.Meta(max_length=100)]


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """A part of the body: nothing but its fields."""


class Reply(Body):
    in_reply_to_tweet_id: Id
    auto_populate_reply_metadata: bool = True
    exclude_reply_user_ids: Ids = []


class Media(Body):
    media_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=4)]
    tagged_user_ids: Annotated[list[Id], msgspec.Meta(max_length=10)] = []


class Poll(Body):
    options: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=25)]],
        msgspec.Meta(min_length=2, max_length=4),
    ]
    duration_minutes: Annotated[int, msgspec.Meta(ge=5, le=10_080)]
    reply_settings: Who | None = None


class Geo(Body):
    place_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class EditOptions(Body):
    previous_post_id: Id


class NewTweet(Body):
    """`text` may be left out where there is media."""

    text: str = ""
    reply: Reply | None = None
    quote_tweet_id: Id | None = None
    media: Media | None = None
    poll: Poll | None = None
    geo: Geo | None = None
    reply_settings: Who | None = None
    edit_options: EditOptions | None = None
    nullcast: bool = False
    for_super_followers_only: bool = False
    share_with_followers: bool = False
    card_uri: str | None = None
    community_id: Id | None = None
    direct_message_deep_link: str | None = None


ATTACHED = ("media", "poll", "quote_tweet_id", "card_uri")
NOT_HERE = (
    *("nullcast", "for_super_followers_only", "card_uri", "community_id"),
    "direct_message_deep_link",
)
KEPT_IN_EDITS = ("reply", "quote_tweet_id", "poll", "reply_settings", "geo")


def check(asked: NewTweet) -> str:
    """The text as it is kept. Raises `InvalidRequest` for what does not go together."""
    for name in NOT_HERE:
        if getattr(asked, name):
            raise InvalidRequest(f"`{name}` is not supported.", **{name: str(getattr(asked, name))})
    together = [name for name in ATTACHED if getattr(asked, name) is not None]
    if len(together) > 1:
        raise InvalidRequest(
            f"Only one of {', '.join(ATTACHED)} may be given.", **dict.fromkeys(together, "")
        )
    if asked.edit_options is not None:
        changed = [name for name in KEPT_IN_EDITS if getattr(asked, name) is not None]
        if changed:
            raise InvalidRequest(
                f"An edit changes text and media; it can not change {', '.join(changed)}.",
                **dict.fromkeys(changed, ""),
            )
    if asked.poll is not None and any(not option.strip() for option in asked.poll.options):
        raise InvalidRequest("An option of a poll has no text.", options="")
    return "" if asked.media is not None and not asked.text.strip() else tweet_text(asked.text)


def posted(
    asked: NewTweet,
    text: str,
    *,
    id: int,
    author_id: int,
    at_ms: int,
    parent: TweetRow | None,
    quoted: TweetRow | None,
    mention_ids: list[int],
) -> TweetPosted:
    """The event of a new tweet. `parent` and `quoted` are first versions."""
    poll = asked.poll
    options = poll.options if poll is not None else []
    return TweetPosted(
        at_ms=at_ms,
        id=id,
        author_id=author_id,
        text=text,
        conversation_id=(parent.conversation_id or parent.id) if parent else id,
        reply_to_id=parent.id if parent else None,
        reply_to_user_id=parent.author_id if parent else None,
        quote_of_id=quoted.id if quoted else None,
        lang=language(text),
        reply_settings=asked.reply_settings or (poll.reply_settings if poll else None),
        mention_ids=_joined(mention_ids),
        place_id=asked.geo.place_id if asked.geo else None,
        **_media(asked),
        **{f"poll_option_{n}": option for n, option in enumerate(options, 1)},
        poll_ends_ms=timestamp_ms(id) + poll.duration_minutes * MINUTE_MS if poll else None,
    )


def edited(
    asked: NewTweet,
    text: str,
    *,
    id: int,
    at_ms: int,
    previous: TweetRow,
    mention_ids: list[int],
) -> TweetEdited:
    """The event of the version that follows `previous`. Media that is not said again goes."""
    return TweetEdited(
        at_ms=at_ms,
        id=id,
        first_id=previous.counted_id,
        previous_id=previous.id,
        edit_ids=_joined([*previous.versions, id]) or "",
        text=text,
        lang=language(text),
        mention_ids=_joined(mention_ids),
        **_media(asked),
        previous_text=previous.text,
        previous_lang=previous.lang,
        previous_mention_ids=previous.mention_ids,
        previous_media_ids=previous.media_ids,
        previous_tagged_user_ids=previous.tagged_user_ids,
        **{name: getattr(previous, name) for name in KEPT},
    )


def _media(asked: NewTweet) -> dict[str, str | None]:
    media = asked.media
    return {
        "media_ids": ",".join(media.media_ids) if media else None,
        "tagged_user_ids": ",".join(media.tagged_user_ids) or None if media else None,
    }


def _joined(ids: list[int]) -> str | None:
    return ",".join(map(str, ids)) or None
