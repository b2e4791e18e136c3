"""Which fields and expansions did the client ask for?

Names that X has and Starling has nothing for yet are accepted and stay absent; other names are
refused, as X does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from serving.errors import InvalidRequest

TWEET_DEFAULT = frozenset({"id", "text", "edit_history_tweet_ids"})
TWEET_FIELDS = TWEET_DEFAULT | {
    *("article", "attachments", "author_id", "card_uri", "community_id", "context_annotations"),
    *("conversation_id", "created_at", "display_text_range", "edit_controls", "entities", "geo"),
    *("in_reply_to_user_id", "lang", "media_metadata", "non_public_metrics", "note_tweet"),
    *("organic_metrics", "possibly_sensitive", "promoted_metrics", "public_metrics"),
    *("referenced_tweets", "reply_settings", "scopes", "source", "suggested_source_links"),
    *("suggested_source_links_with_counts", "withheld"),
}
USER_DEFAULT = frozenset({"id", "name", "username"})
USER_FIELDS = USER_DEFAULT | {
    *("affiliation", "confirmed_email", "connection_status", "created_at", "description"),
    *("entities", "is_identity_verified", "location", "most_recent_tweet_id", "parody"),
    *("pinned_tweet_id", "profile_banner_url", "profile_image_url", "protected"),
    *("public_metrics", "receives_your_dm", "subscription", "subscription_type", "url"),
    *("verified", "verified_followers_count", "verified_type", "withheld"),
}
TWEET_EXPANSIONS = frozenset(
    {
        *("article.cover_media", "article.media_entities", "attachments.media_keys"),
        *("attachments.media_source_tweet", "attachments.poll_ids", "author_id"),
        *("edit_history_tweet_ids", "entities.mentions.username", "geo.place_id"),
        *("in_reply_to_user_id", "entities.note.mentions.username", "referenced_tweets.id"),
        *("referenced_tweets.id.attachments.media_keys", "referenced_tweets.id.author_id"),
    }
)
USER_EXPANSIONS = frozenset({"affiliation.user_id", "most_recent_tweet_id", "pinned_tweet_id"})

# An id can only be expanded where it is shown.
_SHOWN_BY = {
    "author_id": "author_id",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets",
    "entities.mentions.username": "entities",
}


@dataclass(frozen=True)
class Selection:
    tweet_fields: frozenset[str] = TWEET_DEFAULT
    user_fields: frozenset[str] = USER_DEFAULT
    expansions: frozenset[str] = frozenset()

    @property
    def tweet_metrics(self) -> bool:
        return "public_metrics" in self.tweet_fields

    @property
    def user_metrics(self) -> bool:
        return "public_metrics" in self.user_fields


@lru_cache(maxsize=1_000)  # clients ask for the same few combinations again and again
def selection(
    tweet_fields: str | None, user_fields: str | None, expansions: str | None, *, of_users: bool
) -> Selection:
    """From the query parameters as they came. Raises `InvalidRequest` for an unknown name."""
    allowed = USER_EXPANSIONS if of_users else TWEET_EXPANSIONS
    expanded = _names("expansions", expansions, allowed)
    shown = {_SHOWN_BY[name] for name in expanded if name in _SHOWN_BY}
    if "referenced_tweets.id.author_id" in expanded:
        expanded |= {"referenced_tweets.id"}
    return Selection(
        TWEET_DEFAULT | _names("tweet.fields", tweet_fields, TWEET_FIELDS) | shown,
        USER_DEFAULT | _names("user.fields", user_fields, USER_FIELDS),
        expanded,
    )


def _names(parameter: str, value: str | None, allowed: frozenset[str]) -> frozenset[str]:
    names = frozenset(value.split(",")) if value else frozenset()
    unknown = names - allowed
    if unknown:
        name = min(unknown)
        raise InvalidRequest(
            f"The `{parameter}` query parameter value [{name}] is not one of "
            f"[{','.join(sorted(allowed))}]",
            **{parameter: name},
        )
    return names
