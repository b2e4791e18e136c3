"""What may a token be allowed to do? The scopes of the X API v2, in words for the consent page."""

from __future__ import annotations

from collections.abc import Iterable

SCOPES: dict[str, str] = {
    "tweet.read": "See every post that you can see, also those of private accounts.",
    "tweet.write": "Post, repost and delete posts for you.",
    "tweet.moderate.write": "Hide replies to your posts and show them again.",
    "users.read": "See every account that you can see, private ones included.",
    "follows.read": "See whom you follow and who follows you.",
    "follows.write": "Follow and unfollow accounts for you.",
    "offline.access": "Stay connected until you take this access away.",
    "space.read": "See every space that you can see.",
    "mute.read": "See whom you have muted.",
    "mute.write": "Mute accounts for you and hear them again.",
    "like.read": "See what you have liked, and the likes that you can see.",
    "like.write": "Like posts for you and take likes back.",
    "list.read": "See your lists and those you are on, private ones included.",
    "list.write": "Make and change lists for you.",
    "block.read": "See whom you have blocked.",
    "block.write": "Block accounts for you and let them in again.",
    "bookmark.read": "See your bookmarks.",
    "bookmark.write": "Bookmark posts for you and remove bookmarks.",
    "dm.read": "Read your direct messages.",
    "dm.write": "Send and manage direct messages for you.",
    "media.write": "Upload pictures and videos for you.",
    "timeline.read": "See every custom timeline that you can see.",
    "moderation.write": "Decide about posts of others, as long as you are a moderator.",
}

ALL_SCOPES = list(SCOPES)
APP_ONLY = frozenset(
    {"tweet.read", "users.read", "follows.read", "like.read", "list.read", "space.read"}
)
"""What an app may ask on nobody's behalf: what is public."""

REFRESHABLE = "offline.access"


MODERATION = "moderation.write"
"""Our own. It opens what only moderators do, and nothing else."""


def held(scopes: Iterable[str], *, moderates: bool) -> frozenset[str]:
    """What a credential may do now, of what it was given.

    >>> held(["tweet.read", "moderation.write"], moderates=False)
    frozenset({'tweet.read'})
    """
    return frozenset(scopes) - (frozenset() if moderates else {MODERATION})


def known(scopes: list[str]) -> bool:
    return bool(scopes) and SCOPES.keys() >= set(scopes)
