"""What does the lake say, counted once more and differently?

Bronze holds every record as it was. Here its latest word on each edge and each entry is taken with
one `arg_max` and counted, in SQL that shares nothing with the views. Slow and plain is the point.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

# The record with the highest offset is the last word: all records of one edge, and of one entry,
# come from one actor and so stand in one partition.
STANDING = """
    CREATE TABLE facts AS
        SELECT "offset" AS pos, j->>'$.kind' AS kind, (j->>'$.id')::BIGINT AS id,
               (j->>'$.author_id')::BIGINT AS author_id, (j->>'$.tweet_id')::BIGINT AS tweet_id,
               (j->>'$.user_id')::BIGINT AS user_id,
               (j->>'$.follower_id')::BIGINT AS follower_id,
               (j->>'$.followee_id')::BIGINT AS followee_id,
               (j->>'$.reply_to_id')::BIGINT AS reply_to_id,
               (j->>'$.quote_of_id')::BIGINT AS quote_of_id,
               (j->>'$.reply_to_user_id')::BIGINT AS reply_to_user_id,
               (j->>'$.list_id')::BIGINT AS list_id, (j->>'$.member_id')::BIGINT AS member_id,
               (j->>'$.private')::BOOLEAN AS private
        FROM (SELECT "offset", decode("value")::JSON AS j FROM bronze
              WHERE topic <> 'dead_letters');
    CREATE TABLE edges AS
        SELECT follower_id, followee_id FROM facts WHERE kind IN ('Followed', 'Unfollowed')
        GROUP BY ALL HAVING arg_max(kind, pos) = 'Followed';
    CREATE TABLE likes AS
        SELECT user_id, tweet_id FROM facts WHERE kind IN ('Liked', 'Unliked')
        GROUP BY ALL HAVING arg_max(kind, pos) = 'Liked';
    CREATE TABLE bookmarks AS
        SELECT user_id, tweet_id FROM facts WHERE kind IN ('Bookmarked', 'Unbookmarked')
        GROUP BY ALL HAVING arg_max(kind, pos) = 'Bookmarked';
    CREATE TABLE listed AS
        SELECT list_id, member_id FROM facts WHERE kind IN ('ListMemberAdded', 'ListMemberRemoved')
        GROUP BY ALL HAVING arg_max(kind = 'ListMemberAdded' AND NOT private, pos);
    CREATE TABLE retweets AS
        SELECT author_id, tweet_id FROM facts WHERE kind IN ('Retweeted', 'Unretweeted')
        GROUP BY ALL HAVING arg_max(kind, pos) = 'Retweeted';
    CREATE TABLE tweets AS
        SELECT id, author_id, any_value(reply_to_id) AS reply_to_id,
               any_value(quote_of_id) AS quote_of_id,
               any_value(reply_to_user_id) AS answered_id
        FROM facts WHERE kind IN ('TweetPosted', 'TweetDeleted')
        GROUP BY id, author_id HAVING arg_max(kind, pos) = 'TweetPosted';
    CREATE TABLE entries AS
        SELECT id, author_id, NULL AS answered_id, tweet_id AS source_id FROM (
            SELECT id, author_id, tweet_id FROM facts WHERE kind IN ('Retweeted', 'Unretweeted')
            GROUP BY ALL HAVING arg_max(kind, pos) = 'Retweeted')
        WHERE tweet_id IN (SELECT id FROM tweets)  -- a retweet goes with its tweet
        UNION ALL SELECT id, author_id, answered_id, NULL FROM tweets;
"""

TWEET_COUNTS = """
    SELECT id,
           (SELECT count(*) FROM likes l WHERE l.tweet_id = t.id),
           (SELECT count(*) FROM retweets r WHERE r.tweet_id = t.id),
           (SELECT count(*) FROM tweets a WHERE a.reply_to_id = t.id),
           (SELECT count(*) FROM tweets q WHERE q.quote_of_id = t.id),
           (SELECT count(*) FROM bookmarks b WHERE b.tweet_id = t.id)
    FROM tweets t WHERE author_id IN (SELECT unnest($users)) ORDER BY id
"""

USER_COUNTS = """
    SELECT u.id,
           (SELECT count(*) FROM edges e WHERE e.followee_id = u.id),
           (SELECT count(*) FROM edges e WHERE e.follower_id = u.id),
           (SELECT count(*) FROM tweets t WHERE t.author_id = u.id)
           + (SELECT count(*) FROM retweets r WHERE r.author_id = u.id),
           (SELECT count(*) FROM listed l WHERE l.member_id = u.id)
    FROM (SELECT unnest($users) AS id) u ORDER BY id
"""

# Of whom one follows and one's own: replies to oneself, the reader and whom the reader follows; of
# retweets of one tweet the oldest of a day, and none where the tweet is there. Ids tell the time.
# A home is full at 800. What was deleted may hold places until it is cut, so whether a tweet near
# the end still stands there is in doubt, and with it whether its retweets are shown.
HOMES = """
    WITH delivered AS (
        SELECT reader, e.*, row_number() OVER (PARTITION BY reader ORDER BY id DESC) AS place
        FROM (SELECT follower_id AS reader, followee_id AS author_id FROM edges
              UNION SELECT u, u FROM (SELECT unnest($users) AS u)) seen
        JOIN entries e USING (author_id) WHERE reader IN (SELECT unnest($users))),
    belongs AS (
        SELECT * FROM delivered d
        WHERE place <= 800
          AND (author_id = reader OR answered_id IS NULL OR answered_id IN (author_id, reader)
               OR EXISTS (FROM edges WHERE follower_id = reader AND followee_id = answered_id))),
    repeats AS (
        SELECT r.reader, r.id FROM belongs r
        JOIN belongs o ON o.reader = r.reader AND o.id = r.source_id
        UNION SELECT r.reader, r.id FROM belongs r
        JOIN belongs o ON o.reader = r.reader AND o.source_id = r.source_id AND o.id < r.id
                      AND (r.id >> 22) - (o.id >> 22) <= 86_400_000),
    doubtful AS (
        SELECT r.reader, r.id FROM belongs r
        JOIN delivered o ON o.reader = r.reader AND o.id = r.source_id
                        AND o.place BETWEEN 601 AND 1000)
    SELECT reader, id, doubt FROM (
        SELECT b.reader, b.id, d.id IS NOT NULL AS doubt,
               row_number() OVER (PARTITION BY b.reader, doubt ORDER BY b.id DESC) AS shown
        FROM belongs b
        LEFT JOIN doubtful d ON d.reader = b.reader AND d.id = b.id
        LEFT JOIN repeats p ON p.reader = b.reader AND p.id = b.id
        WHERE doubt OR p.id IS NULL)
    WHERE shown <= $newest ORDER BY reader, id DESC
"""


@dataclass(frozen=True)
class Recount:
    tweet_counts: dict[int, dict[str, int]]
    """Of each tweet that stands."""
    user_counts: dict[int, dict[str, int]]
    homes: dict[int, list[int]]
    """Each reader's newest entries, newest first, their own among them; those without a doubt."""
    doubtful: dict[int, set[int]]
    """Entries that each reader's home may show or not."""


def recount(bronze: pa.Table, users: Iterable[int], *, newest: int) -> Recount:
    """Counts what `users` wrote, who follows them and what their homes show.

    `bronze` needs the columns topic, offset and value. `newest` entries of each home are listed.
    """
    asked = {"users": sorted(users)}
    db = duckdb.connect()
    db.register("bronze", bronze)
    db.execute(STANDING)

    def counts(sql: str, *measures: str) -> dict[int, dict[str, int]]:
        rows = db.execute(sql, asked).fetchall()
        return {key: dict(zip(measures, values, strict=True)) for key, *values in rows}

    homes: dict[int, list[int]] = {user: [] for user in asked["users"]}
    doubtful: dict[int, set[int]] = {user: set() for user in asked["users"]}
    for reader, id, doubt in db.execute(HOMES, asked | {"newest": newest}).fetchall():
        if doubt:
            doubtful[reader].add(id)
        else:
            homes[reader].append(id)
    return Recount(
        tweet_counts=counts(
            TWEET_COUNTS,
            *("like_count", "retweet_count", "reply_count", "quote_count", "bookmark_count"),
        ),
        user_counts=counts(
            USER_COUNTS, "followers_count", "following_count", "tweet_count", "listed_count"
        ),
        homes=homes,
        doubtful=doubtful,
    )
