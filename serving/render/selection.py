"""Which fields and expansions did the client ask for?

Names that X has and Starling has nothing for yet are accepted and stay absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

TWEET_DEFAULT = frozenset({"id", "text", "edit_history_tweet_ids"})
TWEET_FIELDS = TWEET_DEFAULT | {
    *("article", "attachments", "author_id", "card_uri", "community_id", "context_annotations"),
    *("conversation_id", "created_at", "display_text_range", "edit_controls", "entities", "geo"),
    *("in_reply_to_user_id", "lang", "media_metadata", "non_public_metrics", "note_tweet"),
    *("organic_metrics", "possibly_sensitive", "promoted_metrics", "public_metrics"),
    *("referenced_tweets", "reply_settings", "scopes", "source", "suggested_source_links"),
    *("suggested_source_links_with_counts", "withheld"),
    # Of the newer dialect alone
    *("article_title", "matched_media_notes", "note_request_suggestions", "paid_partnership"),
    "username",
}
USER_DEFAULT = frozenset({"id", "name", "username"})
USER_FIELDS = USER_DEFAULT | {
    *("affiliation", "confirmed_email", "connection_status", "created_at", "description"),
    *("entities", "is_identity_verified", "location", "most_recent_tweet_id", "parody"),
    *("pinned_tweet_id", "profile_banner_url", "profile_image_url", "protected"),
    *("public_metrics", "receives_your_dm", "subscription", "subscription_type", "url"),
    *("verified", "verified_followers_count", "verified_type", "withheld", "subscribes_to_you"),
}
LIST_DEFAULT = frozenset({"id", "name"})
LIST_FIELDS = LIST_DEFAULT | {
    *("created_at", "description", "follower_count", "member_count", "owner_id", "private"),
}
LIST_EXPANSIONS = frozenset({"owner_id"})
TWEET_EXPANSIONS = frozenset(
    {
        *("article.cover_media", "article.media_entities", "attachments.media_keys"),
        *("attachments.media_source_tweet", "attachments.poll_ids", "author_id"),
        *("edit_history_tweet_ids", "entities.mentions.username", "geo.place_id"),
        *(
            "username",
            "in_reply_to_user_id",
            "entities.note.mentions.username",
            "referenced_tweets.id",
        ),
        *("referenced_tweets.id.attachments.media_keys", "referenced_tweets.id.author_id"),
    }
)
USER_EXPANSIONS = frozenset({"affiliation.user_id", "most_recent_tweet_id", "pinned_tweet_id"})

MEDIA_FIELDS = frozenset(
    {
        *("alt_text", "duration_ms", "height", "media_key", "non_public_metrics"),
        *("organic_metrics", "preview_image_url", "promoted_metrics", "public_metrics", "type"),
        *("url", "variants", "width"),
    }
)
POLL_FIELDS = frozenset({"duration_minutes", "end_datetime", "id", "options", "voting_status"})
PLACE_FIELDS = frozenset(
    {"contained_within", "country", "country_code", "full_name", "geo", "id", "name", "place_type"}
)

# An id can only be expanded where it is shown.
_SHOWN_BY = {
    "author_id": "author_id",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets",
    "entities.mentions.username": "entities",
    "attachments.media_keys": "attachments",
    "attachments.poll_ids": "attachments",
    "geo.place_id": "geo",
}


@dataclass(frozen=True)
class Selection:
    tweet_fields: frozenset[str] = TWEET_DEFAULT
    user_fields: frozenset[str] = USER_DEFAULT
    expansions: frozenset[str] = frozenset()
    list_fields: frozenset[str] = LIST_DEFAULT
    poll_fields: frozenset[str] = frozenset()

    @property
    def tweet_metrics(self) -> bool:
        return "public_metrics" in self.tweet_fields

    @property
    def list_metrics(self) -> bool:
        return bool(self.list_fields & {"follower_count", "member_count"})

    @property
    def connections(self) -> bool:
        return "connection_status" in self.user_fields

    @property
    def user_metrics(self) -> bool:
        return "public_metrics" in self.user_fields


@lru_cache(maxsize=1_000)  # clients ask for the same few combinations again and again
def selection(
    tweet_fields: frozenset[str],
    user_fields: frozenset[str],
    expansions: frozenset[str],
    list_fields: frozenset[str] = frozenset(),
    poll_fields: frozenset[str] = frozenset(),
) -> Selection:
    """From the names that the client asked for, all of them known."""
    shown = {_SHOWN_BY[name] for name in expansions if name in _SHOWN_BY}
    if "referenced_tweets.id.author_id" in expansions:
        expansions |= {"referenced_tweets.id"}
    return Selection(
        TWEET_DEFAULT | tweet_fields | shown,
        USER_DEFAULT | user_fields | (expansions & {"pinned_tweet_id"}),
        expansions,
        LIST_DEFAULT | list_fields | (expansions & LIST_EXPANSIONS),
        poll_fields,
    )
