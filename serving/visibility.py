"""Which of these may this reader see? Every surface asks here, and nowhere else.

|                                   | looked up by id | in lists, timelines, search | home |
|-----------------------------------|-----------------|-----------------------------|------|
| one's own                         | yes             | yes                         | yes  |
| of somebody who blocks the reader | no              | no                          | no   |
| protected, and not followed       | no              | no                          | no   |
| of somebody whom the reader blocks | yes            | no                          | no   |
| of somebody whom the reader mutes | yes             | yes                         | no   |

A tweet that is withheld (`views/moderation_states.py`), in the version named or in the newest, is
looked up by its author alone; so are its retweets. For all others it is not there.

Which of those that may be seen belong on a home is said in `serving/home_rules.py`.

Pure: `found` holds what `Rows.fetch` found for this reader (`viewer_id`), the relations to all
authors included. An author without one is an error here, never a leak.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from serving.rows import Found, ListRow, TweetRow, UserRow


class Surface(Enum):
    """Where something is about to be shown."""

    LOOKUP = "looked up by its id"
    LISTED = "one of many"
    HOME = "on the reader's own timeline"
    CHOSEN = "among those whom the reader blocks or mutes"


def visible_tweets(
    viewer_id: int, ids: Iterable[int], found: Found, surface: Surface = Surface.LISTED
) -> list[TweetRow]:
    """The rows of `ids` that `viewer_id` may see, in the order given.

    Gone are the deleted, and retweets of what is deleted or may not be seen; `found` must have the
    retweets' sources and the profiles of all authors.
    """
    rows = (found.tweets.get(id) for id in ids)
    return [row for row in rows if row is not None and _shows(viewer_id, row, found, surface)]


def is_there(id: int, found: Found) -> bool:
    """Whether there is such a tweet, for whomever; what is there and not visible is not allowed."""
    row = found.tweets.get(id)
    source = row and found.tweets.get(row.retweet_of_id or row.id)
    return source is not None and not _withheld(source, found)


def visible_versions(viewer_id: int, versions: Iterable[TweetRow], found: Found) -> list[TweetRow]:
    """Those of the versions of a visible tweet that may be shown beside it."""
    return [
        row
        for row in versions
        if viewer_id == row.author_id or not found.moderation[row.id].withheld
    ]


def visible_users(
    viewer_id: int, ids: Iterable[int], found: Found, surface: Surface = Surface.LISTED
) -> list[UserRow]:
    """The profiles of `ids` that `viewer_id` may see, in the order given.

    Of a protected account outsiders see no more than they need to ask to follow it.
    """
    seen = []
    for id in ids:
        row = found.users.get(id)
        if row is None or _kept_away(viewer_id, id, found, surface):
            continue
        seen.append(row if _let_in(viewer_id, id, found) else _outside(row))
    return seen


def sees_acts_of(viewer_id: int, user_id: int, found: Found) -> bool:
    """Whether the reader may see what this user wrote, likes, and whom they follow."""
    return _author_shows(viewer_id, user_id, found, Surface.LOOKUP)


def visible_lists(viewer_id: int, ids: Iterable[int], found: Found) -> list[ListRow]:
    """The lists of `ids` that `viewer_id` may see: private ones are their owners' alone."""
    rows = (found.lists.get(id) for id in ids)
    return [
        row
        for row in rows
        if row is not None
        and (not row.private or row.owner_id == viewer_id)
        and not _kept_away(viewer_id, row.owner_id, found, Surface.LOOKUP)
    ]


def _shows(viewer_id: int, row: TweetRow, found: Found, surface: Surface) -> bool:
    if not _author_shows(viewer_id, row.author_id, found, surface):
        return False
    source = found.tweets.get(row.retweet_of_id or row.id)
    if source is None:
        return False
    if _withheld(source, found) and not (
        viewer_id == source.author_id and surface is Surface.LOOKUP
    ):
        return False
    return source is row or _author_shows(viewer_id, source.author_id, found, surface)


def _withheld(row: TweetRow, found: Found) -> bool:
    """Either may be what is shown: the version that is named, or the newest."""
    return any(found.moderation[id].withheld for id in {row.id, found.newest(row).id})


def _author_shows(viewer_id: int, author_id: int, found: Found, surface: Surface) -> bool:
    return not _kept_away(viewer_id, author_id, found, surface) and _let_in(
        viewer_id, author_id, found
    )


def _kept_away(viewer_id: int, author_id: int, found: Found, surface: Surface) -> bool:
    """By a block in either direction, or a mute."""
    if viewer_id == author_id or surface is Surface.CHOSEN:
        return False
    relation = found.relations[author_id]
    return (
        relation.blocked_by
        or (relation.blocking and surface is not Surface.LOOKUP)
        or (relation.muting and surface is Surface.HOME)
    )


def _let_in(viewer_id: int, author_id: int, found: Found) -> bool:
    """Whether the author is public, or is followed by the reader, or is the reader."""
    if viewer_id == author_id:
        return True
    author = found.users.get(author_id)
    return author is None or not author.protected or found.relations[author_id].following


def _outside(row: UserRow) -> UserRow:
    return UserRow(
        id=row.id,
        username=row.username,
        name=row.name,
        verified=row.verified,
        protected=row.protected,
        created_at_ms=row.created_at_ms,
    )
