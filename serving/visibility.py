"""Which of these may this reader see? Every surface asks here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable

from serving.rows import Found, TweetRow


def visible_tweets(viewer_id: int, ids: Iterable[int], found: Found) -> list[TweetRow]:
    """The rows of `ids` that `viewer_id` may see, in the order given.

    Gone are the deleted, and retweets of what is deleted; `found` must have the retweets' sources.
    """
    rows = (found.tweets.get(id) for id in ids)
    return [row for row in rows if row is not None and _source_is_there(row, found)]


def _source_is_there(row: TweetRow, found: Found) -> bool:
    return row.retweet_of_id is None or row.retweet_of_id in found.tweets
