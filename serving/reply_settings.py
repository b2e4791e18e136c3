"""Who may reply to this tweet?

The settings of a conversation's first tweet hold for all of it. Its author and those whom it
mentions may always reply.
"""

from __future__ import annotations

from ingest.events.tweets import ids_of
from serving.errors import Forbidden
from serving.rows import TweetRow
from serving.services import Services

WHO = {
    "following": "accounts that its author follows",
    "mentionedUsers": "accounts that it mentions",
    "subscribers": "accounts that subscribe to its author",
    "verified": "verified accounts",
}


def check(services: Services, parent: TweetRow, asker_id: int) -> None:
    """Raises `Forbidden` where `asker_id` may not reply to `parent`."""
    first = parent
    if parent.conversation_id not in (None, parent.id):
        found = services.rows.fetch(tweets=[parent.conversation_id]).tweets
        first = found.get(parent.conversation_id, parent)
    setting = first.reply_settings
    if setting is None or asker_id in (first.author_id, *ids_of(first.mention_ids)):
        return
    if setting == "following":
        (allowed,) = services.cassandra.edges_stand([("following", first.author_id, asker_id)])
    elif setting == "verified":
        asker = services.rows.fetch(users=[asker_id]).users.get(asker_id)
        allowed = asker is not None and asker.verified
    else:
        allowed = False  # nobody subscribes to anybody yet
    if not allowed:
        raise Forbidden(f"Only {WHO[setting]} can reply to this Tweet.")
