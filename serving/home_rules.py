"""Which tweets belong on this reader's home?

    of whom       those whom the reader follows now, and the reader
    replies       the reader's own, those to the reader, to somebody whom the reader follows, and to
                  oneself (a thread)
    retweets      one of several of a tweet, the oldest; none where the tweet itself stands there

A retweet is compared with older ones alone, of the day before it. So what arrives above changes
nothing on a page that has been read, and nothing is shown twice on the way down. Pure: relations
say how the reader stands to the people whom a row names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ingest.ids import first_id_at, timestamp_ms
from serving.relations import NOBODY, Relation
from serving.rows import TweetRow

DAY_MS = 86_400_000


def belongs(viewer_id: int, row: TweetRow, relations: Mapping[int, Relation]) -> bool:
    """Whether the reader follows who wrote it and, where it answers somebody, them too."""

    def near(user_id: int) -> bool:
        return user_id == viewer_id or relations.get(user_id, NOBODY).following

    if row.author_id == viewer_id:
        return True
    if not near(row.author_id):
        return False
    answered = row.reply_to_user_id
    return answered in (None, row.author_id) or near(answered)


def day_before(id: int) -> int:
    """The smallest id of the day before this one: what is smaller was made earlier.

    >>> from ingest.ids import first_id_at
    >>> day_before(first_id_at(1_700_086_400_000) + 5) == first_id_at(1_700_000_000_000)
    True
    """
    return first_id_at(timestamp_ms(id) - DAY_MS)


def older_retweets(
    source_id: int, below: Sequence[int], source_of: Callable[[int], int | None]
) -> list[int]:
    """Those of the entries below a retweet that are retweets of the same tweet.

    `source_of` tells what an entry is a retweet of.

    >>> older_retweets(1, [8, 7, 6], {8: 1, 7: 2, 6: 1}.get)
    [8, 6]
    """
    return [id for id in below if source_of(id) == source_id]
