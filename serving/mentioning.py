"""Whom does a new tweet mention?

Those whom its text names and, in a reply, the author of what it answers and those whom that
mentions, as if they were named; a client may leave some of them out.
"""

from __future__ import annotations

from ingest.events.tweets import ids_of
from serving.posting import Reply
from serving.render.selection import Selection
from serving.rows import TweetRow
from serving.services import Services
from serving.text import usernames

MOST = 50  # accounts that a tweet mentions, as in X


def mentioned(
    services: Services, author_id: int, text: str, reply: Reply | None, parent: TweetRow | None
) -> list[int]:
    """The ids in the order of the names, 0 where nobody bears the name; then those of a reply."""
    named, added = _named(services, author_id, text), []
    if reply is not None and parent is not None and reply.auto_populate_reply_metadata:
        left_out = {author_id, 0, *named, *map(int, reply.exclude_reply_user_ids)}
        added = [
            id
            for id in dict.fromkeys([parent.author_id, *ids_of(parent.mention_ids)])
            if id not in left_out
        ]
    return [*named, *added][:MOST]


def mentioned_again(services: Services, text: str, previous: TweetRow) -> list[int]:
    """The same for a new version of a tweet: what the reply added stays."""
    named = _named(services, previous.author_id, text)
    before = len(usernames(previous.text)[:MOST])
    added = [id for id in ids_of(previous.mention_ids)[before:] if id not in named]
    return [*named, *added][:MOST]


def _named(services: Services, author_id: int, text: str) -> list[int]:
    names = usernames(text)[:MOST]
    if not names:
        return []
    ids, _ = services.documents.users_named(author_id, names, Selection())
    return [id or 0 for id in ids]
