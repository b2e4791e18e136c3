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
    names = usernames(text)[:MOST]
    named: list[int] = []
    if names:
        ids, _ = services.documents.users_named(author_id, names, Selection())
        named = [id or 0 for id in ids]
    added: list[int] = []
    if reply is not None and parent is not None and reply.auto_populate_reply_metadata:
        left_out = {author_id, 0, *named, *map(int, reply.exclude_reply_user_ids)}
        added = [
            id
            for id in dict.fromkeys([parent.author_id, *ids_of(parent.mention_ids)])
            if id not in left_out
        ]
    return [*named, *added][:MOST]
