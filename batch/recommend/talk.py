"""Who talks about what, and who cares for it?

A tweet says a tag once; so does one that somebody likes, to whom likes it. Of everybody a few tags
are looked at, those they use most: nobody is about every tag of the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from views.trends.uses import uses

TAGS_OF_ONE = 50
LIKED = 0.5  # of a tweet that one likes, against one's own
USES = pa.schema({"tweet_id": pa.int64(), "person_id": pa.int64(), "tag": pa.string()})


class Talk(NamedTuple):
    """Two tables of `person_id`, `tag` and `weight`: what people say in public, and what they care
    for, which is that and what they like."""

    about: pa.Table
    cares: pa.Table


def tagged(texts: Iterable[tuple[int, int, str]]) -> pa.Table:
    """The tags of tweets `(id, author, text)`, a row of `USES` each."""
    rows = [
        (tweet_id, author_id, use.tag)
        for tweet_id, author_id, text in texts
        for use in uses(text, person_id=author_id, minute=0)
    ]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    return pa.table([pa.array(list(column)) for column in columns], USES.names).cast(USES)


def talk(said: pa.Table, likes: pa.Table, public: pa.Array) -> Talk:
    """Of `said`, rows of `USES`, and the likes that stand: `user_id`, `tweet_id`. Only what the
    tweets in `public` say, somebody is told to talk about."""
    liked = likes.join(said, "tweet_id", join_type="inner")
    heard = pa.table({"person_id": liked["user_id"], "tag": liked["tag"]})
    own = said.select(["person_id", "tag"])
    open_ = said.filter(pc.is_in(said["tweet_id"], public)).select(["person_id", "tag"])
    cares = pa.concat_tables([_weighed(own, 1.0), _weighed(heard, LIKED)])
    return Talk(_most(_weighed(open_, 1.0)), _most(cares))


def _weighed(rows: pa.Table, each: float) -> pa.Table:
    return rows.append_column("weight", pa.array(np.full(len(rows), each)))


def _most(rows: pa.Table) -> pa.Table:
    """The sum of everybody and tag, of everybody the largest."""
    summed = rows.group_by(["person_id", "tag"], use_threads=False).aggregate([("weight", "sum")])
    order = [("person_id", "ascending"), ("weight_sum", "descending"), ("tag", "ascending")]
    summed = summed.rename_columns(["person_id", "tag", "weight_sum"]).sort_by(order)
    person = summed["person_id"].to_numpy()
    first = np.flatnonzero(np.diff(person, prepend=-1))
    place = np.arange(len(person)) - np.repeat(first, np.diff([*first, len(person)]))
    kept = summed.filter(pa.array(place < TAGS_OF_ONE))
    return kept.rename_columns(["person_id", "tag", "weight"])
