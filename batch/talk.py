"""What have people talked about of late, as silver tells it?

The four weeks before the newest tweet, by the day of the record. What was deleted, replaced by an
edit, or is not to be recommended by moderation counts for nobody, nor does a tag that a person
keeps off the boards. Of a protected account nobody else is told what it talks about, but its own
tweets say what it cares for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from batch.recommend.talk import Talk, tagged, talk
from ingest.events import (
    Liked,
    ReviewDecided,
    TagBlocked,
    TagUnblocked,
    TweetDeleted,
    TweetEdited,
    TweetPosted,
    TweetScored,
    Unliked,
)
from lake import tables
from settings import Settings

DAYS = 28
TEXTS = (TweetPosted.__name__, TweetEdited.__name__)
TOPICS = ("tweets", "likes", "accounts", "moderation", "trends")
"""Topics of the log that it is told by."""


def talk_of(settings: Settings) -> Talk:
    """Who talks about what in these weeks, and who cares."""
    tweets = _silver(settings, TweetPosted.topic)
    days = [date.fromisoformat(day) for day in _days(settings)]
    since = pc.field("day") > max(days, default=date.min + timedelta(DAYS)) - timedelta(DAYS)
    said = pa.concat_tables(_tagged(tweets, since))
    said = _without(said, "tweet_id", _gone(tweets, since))
    said = _without(said, "tweet_id", _not_spread(settings, said["tweet_id"]))
    said = _without(said, "tag", _blocked_tags(settings))
    public = _without(said, "person_id", _protected(settings))["tweet_id"]
    return talk(said, _likes(settings, since, said["tweet_id"]), pc.unique(public))


def _silver(settings: Settings, topic: str) -> ds.Dataset:
    return tables.silver(topic).open(settings).to_pyarrow_dataset()


def _days(settings: Settings) -> list[str]:
    parts = tables.silver(TweetPosted.topic).open(settings).partitions()
    return [part["day"] for part in parts]


def _tagged(tweets: ds.Dataset, since: ds.Expression) -> Iterator[pa.Table]:
    """The tags of each batch of texts, none of which stays in memory."""
    yield tagged(())
    signs = pc.match_substring_regex(pc.field("text"), "[#＃]")
    where = since & pc.field("kind").isin(TEXTS) & signs
    for batch in tweets.to_batches(["id", "author_id", "text"], filter=where):
        columns = (batch.column(name).to_pylist() for name in ("id", "author_id", "text"))
        yield tagged(zip(*columns, strict=True))


def _gone(tweets: ds.Dataset, since: ds.Expression) -> pa.Array:
    """Tweets that were deleted, or of which there is a newer version."""
    deleted = since & (pc.field("kind") == TweetDeleted.__name__)
    edited = since & (pc.field("kind") == TweetEdited.__name__)
    found = (
        tweets.to_table(["id"], filter=deleted)["id"],
        tweets.to_table(["previous_id"], filter=edited)["previous_id"],
    )
    return pc.unique(
        pa.chunked_array([chunk for column in found for chunk in column.chunks], pa.int64())
    )


def _not_spread(settings: Settings, ids: pa.ChunkedArray) -> pa.Array:
    """Of these tweets, those of which a person, or where none has, the scorer says anything but
    that they are for all."""
    kinds = (TweetScored.__name__, ReviewDecided.__name__)  # a person's word counts last
    rows = _silver(settings, TweetScored.topic).to_table(
        ["tweet_id", "kind", "action", "decision", "pos"],
        filter=pc.field("kind").isin(kinds) & pc.field("tweet_id").isin(pc.unique(ids)),
    )
    rows = rows.append_column("word", pc.coalesce(rows["decision"], rows["action"]))
    rows = rows.append_column("rank", pc.index_in(rows["kind"], pa.array(kinds)))
    rows = rows.sort_by([("rank", "ascending"), ("pos", "ascending")])
    last = rows.group_by("tweet_id", use_threads=False).aggregate([("word", "last")])
    return last.filter(pc.not_equal(last["word_last"], "allow"))["tweet_id"].combine_chunks()


def _blocked_tags(settings: Settings) -> pa.Array:
    kinds = [TagBlocked.__name__, TagUnblocked.__name__]
    trends = _silver(settings, TagBlocked.topic)
    rows = trends.to_table(["place", "tag", "kind", "pos"], filter=pc.field("kind").isin(kinds))
    last = _last(rows, ["place", "tag"], "kind")
    return last.filter(pc.equal(last["kind_last"], kinds[0]))["tag"].combine_chunks()


def _protected(settings: Settings) -> pa.Array:
    rows = _silver(settings, "accounts").to_table(["id", "protected", "pos"])
    last = _last(rows.filter(pc.is_valid(rows["protected"])), ["id"], "protected")
    return last.filter(last["protected_last"])["id"].combine_chunks()


def _likes(settings: Settings, since: ds.Expression, ids: pa.ChunkedArray) -> pa.Table:
    """The likes of these tweets that stand."""
    kinds = [Liked.__name__, Unliked.__name__]
    where = since & pc.field("kind").isin(kinds) & pc.field("tweet_id").isin(pc.unique(ids))
    columns = ["user_id", "tweet_id", "kind", "pos"]
    rows = _silver(settings, Liked.topic).to_table(columns, filter=where)
    last = _last(rows, ["user_id", "tweet_id"], "kind")
    return last.filter(pc.equal(last["kind_last"], kinds[0])).select(["user_id", "tweet_id"])


def _last(rows: pa.Table, key: list[str], column: str) -> pa.Table:
    """What was said last of each key: all of it is in one partition of the log."""
    in_order = rows.sort_by("pos")
    return in_order.group_by(key, use_threads=False).aggregate([(column, "last")])


def _without(rows: pa.Table, column: str, gone: pa.Array) -> pa.Table:
    return rows.filter(pc.invert(pc.is_in(rows[column], gone)))
