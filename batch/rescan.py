"""What would the scorer of today say of the tweets of yesterday?

    python -m batch.rescan --since 2026-11-01
    python -m batch.rescan --since 2026-11-01 --all

Scores the tweets of silver that stand and were posted since that day (UTC), where the last score is
by another version of the models, lists and thresholds, or where there is none; with `--all` every
one. Of those of which another action follows, and of those that had no score, `TweetScored` is
appended to the log, so that all views follow as they do from the speed layer. What accounts did
before is counted again from silver, a day back. What a person decided stands
(`views/moderation_states.py`).

Killed and run again it goes on: what it has told is in the log, and in silver after the next hour;
told twice it changes nothing.
"""

from __future__ import annotations

import argparse
import datetime
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb

from batch import command
from batch.command import BatchFailed
from ingest.bulk import BulkProducer
from ingest.events import Event, TweetEdited, TweetPosted, TweetScored
from ingest.events.columns import event_of, log_columns
from ingest.scoring import before, note, scored_text, tweet_scored
from lake import tables
from moderation.activities import DAY, Activities
from moderation.behaviour import Activity
from moderation.scorer import Scorer
from settings import Settings

AT_ONCE = 256  # texts scored together, rows read together

# Of each tweet since `since` that stands, the last score; in the order of the log, with the posts
# and follows of the day before, which are noted and not scored.
ACTS = """
WITH gone AS (SELECT id FROM tweets WHERE kind = 'TweetDeleted'),
last AS (
  SELECT tweet_id, arg_max(action, pos) AS action, arg_max(scorer, pos) AS scorer
  FROM moderation WHERE kind = 'TweetScored' AND append_ms >= $since_ms GROUP BY tweet_id
),
acts AS (
  SELECT 'tweets' AS topic, append_ms, "partition", pos, {tweets},
    {no_follows} FROM tweets
  WHERE kind IN ('TweetPosted', 'TweetEdited') AND append_ms >= $since_ms - $look_back_ms
  UNION ALL
  SELECT 'follows', append_ms, "partition", pos, {no_tweets}, {follows} FROM follows
  WHERE kind IN ('Followed', 'Unfollowed') AND append_ms >= $since_ms - $look_back_ms
)
SELECT acts.*, last.action AS last_action, last.scorer AS last_scorer,
  acts.topic = 'tweets' AND acts.append_ms >= $since_ms AND gone.id IS NULL AS standing
FROM acts
LEFT JOIN last ON last.tweet_id = acts.tweets_id
LEFT JOIN gone ON gone.id = acts.tweets_id
ORDER BY acts.append_ms, acts.topic, acts."partition", acts.pos
"""


def rescan(settings: Settings, since: datetime.date, *, everything: bool) -> dict[str, Any]:
    """Returns how many were scored, and how many of them changed to which action."""
    scorer = Scorer.load(
        settings.forbidden_links,
        settings.misleading_links,
        settings.moderation_model,
        threads=os.cpu_count() or 1,
    )
    scored, told = 0, Counter[str]()
    with BulkProducer(settings) as producer:
        for last_action, said in _said(settings, scorer, since, everything):
            scored += 1
            if said.action != last_action:
                producer.append(said)
                told[f"{last_action or 'unscored'} to {said.action}"] += 1
    return {"scorer": scorer.version, "scored": scored, "changed": dict(told)}


def _said(
    settings: Settings, scorer: Scorer, since: datetime.date, everything: bool
) -> Iterator[tuple[str | None, TweetScored]]:
    """What was said last of a tweet, and what is said now."""
    activities = Activities()
    waiting: list[tuple[dict[str, Any], TweetPosted | TweetEdited, Activity]] = []
    for row, event in _acts(settings, since):
        asked = row["standing"] and (everything or row["last_scorer"] != scorer.version)
        if asked and isinstance(event, TweetPosted | TweetEdited):
            waiting.append((row, event, before(activities, event)))
        note(activities, event)
        if len(waiting) == AT_ONCE:
            yield from _scored(scorer, waiting)
            waiting = []
    yield from _scored(scorer, waiting)


def _scored(
    scorer: Scorer, waiting: list[tuple[dict[str, Any], TweetPosted | TweetEdited, Activity]]
) -> Iterator[tuple[str | None, TweetScored]]:
    texts = [scored_text(event) for _, event, _ in waiting]
    found = scorer.score(texts, [activity for *_, activity in waiting])
    for (row, event, _), scores in zip(waiting, found, strict=True):
        said = tweet_scored(event.id, event.author_id, scores, scorer.version, "rescan")
        yield row["last_action"], said


def _acts(settings: Settings, since: datetime.date) -> Iterator[tuple[dict[str, Any], Event]]:
    day = datetime.datetime.combine(since, datetime.time(), datetime.UTC)
    since_ms = int(day.timestamp() * 1000)
    columns = {topic: list(log_columns(topic)) for topic in ("tweets", "follows")}
    sql = ACTS.format(
        tweets=_named("tweets", columns["tweets"]),
        follows=_named("follows", columns["follows"]),
        no_tweets=_named("tweets", columns["tweets"], null=True),
        no_follows=_named("follows", columns["follows"], null=True),
    )
    with duckdb.connect() as engine:
        spill = settings.state_dir / "duckdb"  # of a sort that does not fit
        engine.execute(f"SET memory_limit = '1GB'; SET temp_directory = '{spill}'")
        for topic in ("tweets", "follows", "moderation"):
            engine.register(topic, tables.silver(topic).open(settings).to_pyarrow_dataset())
        asked = {"since_ms": since_ms, "look_back_ms": DAY}
        found = engine.execute(sql, asked)
        names = [column[0] for column in found.description or ()]
        while rows := found.fetchmany(AT_ONCE):
            for values in rows:
                row = dict(zip(names, values, strict=True))
                topic = row["topic"]
                yield row, event_of({n: row[f"{topic}_{n}"] for n in columns[topic]})


def _named(topic: str, columns: Iterable[str], *, null: bool = False) -> str:
    return ", ".join(f"{'NULL' if null else name} AS {topic}_{name}" for name in columns)


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    try:
        since = datetime.date.fromisoformat(asked.since)
    except ValueError:
        raise BatchFailed(f"--since takes a day such as 2026-11-01, not {asked.since!r}") from None
    began = time.monotonic()
    done = rescan(settings, since, everything=asked.all)
    return done | {"seconds": round(time.monotonic() - began, 1)}


def main() -> int:
    parser = command.parser("batch.rescan", __doc__, through=False, view=False)
    parser.add_argument("--since", required=True, help="the first day, UTC: 2026-11-01")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--stale", action="store_true", help="where the version differs; default")
    which.add_argument("--all", action="store_true", help="also where the version is the same")
    return command.run(work, parser)


if __name__ == "__main__":
    command.leave(main())
