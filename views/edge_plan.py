"""Over which edges is it cheaper that the reader pulls than that the author pushes?

After Silberstein, Terrace, Cooper and Ramakrishnan, "Feeding Frenzy: Selectively Materializing
Users' Event Feeds" (SIGMOD 2010): deciding each edge for itself, by the rate at which its reader
reads and its author writes, makes the whole cheapest. An edge is pulled where

    reads of the reader x cost of one pull  <  posts of the author x cost of one push

both counted over the same `window_epochs` before `until`. An edge that is pulled stays so until it
is dearer by `hysteresis`, and the other way round. A reader who reads pulls at most `pulled_max`
authors, celebrities included, those that save most: each one is looked up at every read. A reader
who did not read in the whole window pulls all, and costs nothing.

As long as reads are not known for a whole window, they and the posts are counted over what is
known, and nobody is taken for absent. Authors who are pulled by everyone are left as they are.
Only edges that are pulled have a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.events import EdgePlanned
from views.contract import SnapshotView
from views.relations import FOLLOWS, PULLED_AUTHORS, PULLED_EDGES

SQL = f"""
WITH known AS (
  SELECT MIN(epoch) AS first_epoch FROM reads_log WHERE kind = 'HomeRead'
), counted AS (
  SELECT parameters.*, GREATEST(first_epoch, until - window_epochs) AS since,
    until - GREATEST(first_epoch, until - window_epochs) AS epochs,
    first_epoch <= until - window_epochs AS whole
  FROM known CROSS JOIN parameters
), reading AS (
  SELECT user_id AS reader_id, SUM(reads) AS reads FROM reads_log CROSS JOIN counted
  WHERE kind = 'HomeRead' AND epoch >= since GROUP BY user_id
), writing AS (
  SELECT author_id, COUNT(*) AS posts FROM tweets_log CROSS JOIN counted
  WHERE kind IN ('TweetPosted', 'TweetEdited', 'Retweeted') AND epoch >= since GROUP BY author_id
), celebrities AS (
  {PULLED_AUTHORS.standing}
), edges AS (
  SELECT follower_id AS reader_id, followee_id AS author_id FROM ({FOLLOWS.standing}) AS standing
), fixed AS (
  SELECT reader_id, COUNT(*) AS authors
  FROM edges JOIN celebrities ON edges.author_id = celebrities.author_id GROUP BY reader_id
), weighed AS (
  SELECT edges.reader_id, edges.author_id, celebrities.author_id IS NOT NULL AS celebrity,
    said.author_id IS NOT NULL AS is_pulled,
    COALESCE(reads, 0) AS reads, COALESCE(posts, 0) AS posts, COALESCE(authors, 0) AS authors,
    COALESCE(reads, 0) * pull_cost AS pulling,
    COALESCE(posts, 0) * push_cost AS pushing,
    CASE WHEN said.author_id IS NOT NULL THEN hysteresis ELSE 1 / hysteresis END AS inertia,
    epochs, epochs_a_day, pulled_max, whole
  FROM edges
  LEFT JOIN writing ON edges.author_id = writing.author_id
  LEFT JOIN reading ON edges.reader_id = reading.reader_id
  LEFT JOIN celebrities ON edges.author_id = celebrities.author_id
  LEFT JOIN fixed ON edges.reader_id = fixed.reader_id
  LEFT JOIN said ON edges.reader_id = said.reader_id AND edges.author_id = said.author_id
  CROSS JOIN counted
), ranked AS (
  SELECT *, authors + ROW_NUMBER() OVER (
    PARTITION BY reader_id ORDER BY pushing * inertia DESC, author_id
  ) AS place
  FROM weighed
  WHERE NOT celebrity AND pulling < pushing * inertia AND (reads > 0 OR whole)
)
SELECT reader_id, author_id, reads * 1.0 * epochs_a_day / epochs AS reads_a_day,
  posts * 1.0 * epochs_a_day / epochs AS posts_a_day, TRUE AS pulled
FROM ranked WHERE reads = 0 OR place <= pulled_max
UNION ALL
SELECT reader_id, author_id, reads * 1.0 * epochs_a_day / epochs AS reads_a_day,
  posts * 1.0 * epochs_a_day / epochs AS posts_a_day, TRUE AS pulled
FROM weighed WHERE celebrity AND is_pulled
"""


def event(row: Mapping[str, Any], generation: int, at_ms: int) -> EdgePlanned:
    return EdgePlanned(
        at_ms=at_ms,
        author_id=row["author_id"],
        reader_id=row["reader_id"],
        generation=generation,
        pulled=row["pulled"],
    )


EDGE_PLAN = SnapshotView(
    name="edge_plan",
    doc=__doc__,
    relations=(FOLLOWS, PULLED_AUTHORS),
    logs=("reads", "tweets"),
    said=PULLED_EDGES,
    columns={"reads_a_day": float, "posts_a_day": float, "pulled": bool},
    sql=SQL,
    event=event,
)
