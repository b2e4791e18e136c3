"""How many people use each tag, minute by minute and place by place?

    accounts -> understand --|
    tweets and moderation  --|-> by author: where they are, which tags they use (tagged_tweets.py)
    of the last day          |-> views/trends/counting.py, in SQL -> totals in Redis (tag_totals.py)

What is counted is exact and absolute, so a restart writes again what it wrote. A job that starts
anew reads as much of the log as the longest window holds. Who trends is decided by the board
(`serving` reads what `realtime/board.py` wrote), which knows what is usual.
"""

from __future__ import annotations

import time

from pyflink.common import Types
from pyflink.table import Schema
from pyflink.table.changelog_mode import ChangelogMode

from realtime import job
from realtime.keyed import keyed, with_key
from realtime.log import Understand, records
from realtime.tag_totals import written
from realtime.tagged_tweets import MINUTE_MS, SAID, TAGGED_TWEET, TaggedTweets, rows_of
from settings import Settings
from views.trends import counting
from views.trends.windows import LONGEST

NAME = "trends"


def options(settings: Settings) -> job.Options:
    """Mini-batches: a total leaves once a batch, however many people changed it."""
    return {
        "table.exec.mini-batch.enabled": "true",
        # The board looks every few seconds: what comes in one is told together.
        "table.exec.mini-batch.allow-latency": "1 s",
        "table.exec.mini-batch.size": 50_000,
        "table.exec.state.ttl": f"{LONGEST + 60} min",
        "table.exec.sink.upsert-materialize": "NONE",
        "table.exec.uid.format": "<id>_<transformation>",
    }


def build(environment, tables, settings: Settings) -> None:
    start_ms = int(time.time() * 1000) - LONGEST * MINUTE_MS
    said = [
        records(tables, settings, NAME, topics, start_ms=since)
        .process(Understand(rows_of, report=False), output_type=with_key(Types.LONG(), SAID))
        .uid(f"understand-{topics[0]}")
        .name(f"understand-{topics[0]}")
        for topics, since in ((["accounts"], None), (["tweets", "moderation"], start_ms))
    ]
    tagged = (
        keyed(said[0].union(said[1]), Types.LONG(), SAID)
        .process(TaggedTweets(), output_type=TAGGED_TWEET)
        .uid("tagged-tweets")
        .name("tagged-tweets")
    )
    tables.create_temporary_view(counting.TWEETS, tables.from_changelog_stream(tagged))
    tables.create_temporary_view("tag_marks", tables.sql_query(counting.MARKS))
    key = Schema.new_builder().primary_key("place", "tag", "kind", "field").build()
    changes = tables.to_changelog_stream(tables.sql_query(_SQL), key, ChangelogMode.upsert())
    (
        written(changes, settings)
        .uid("write-tag-totals")
        .name("write-tag-totals")
        .sink_to(job.nothing())
        .name("nothing")
    )


# A key must not be null, and Flink cannot know that none is.
_SQL = f"""
SELECT COALESCE(place, 0) AS place, COALESCE(tag, '') AS tag, COALESCE(kind, '') AS kind,
  COALESCE(field, '') AS field, total FROM ({counting.SQL})
"""
