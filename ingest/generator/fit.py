"""How do people behave, in figures the generator can draw from?

`python -m ingest.generator.fit FOLDER > ingest/generator/measured.toml`, where FOLDER holds the
research sets (`stream/`, `graph/`). Only the fitted figures are kept; the data stays where it is.
A log-normal is given as `mu` and `sigma` of the natural logarithm.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb

TWEETS = "stream/congress_tweets_2015_jan_apr.parquet"
CASCADES = "stream/retweet_cascades_t15_half.parquet"
FOLLOWS = "graph/congress_follows_train_valid.parquet"
PROFILES = "graph/real_account_profiles.parquet"
DAY_SECONDS = 86_400

# The share of a week's activity in each hour of a day and on each day, and their product as a rate.
RHYTHM = """
    CREATE TABLE by_hour AS
        SELECT hour(stamp) AS hour, count(*) / (SELECT count(*) FROM tweets) AS share
        FROM tweets GROUP BY 1;
    CREATE TABLE by_weekday AS
        SELECT isodow(stamp) - 1 AS weekday, count(*) / (SELECT count(*) FROM tweets) AS share
        FROM tweets GROUP BY 1;
    CREATE TABLE hours AS
        SELECT h AS start, b.share * 24 * w.share * 7 AS expected, coalesce(c.tweets, 0) AS tweets
        FROM (SELECT unnest(generate_series((SELECT date_trunc('hour', min(stamp)) FROM tweets),
                                            (SELECT date_trunc('hour', max(stamp)) FROM tweets),
                                            INTERVAL 1 HOUR)) AS h)
        JOIN by_hour b ON b.hour = hour(h) JOIN by_weekday w ON w.weekday = isodow(h) - 1
        LEFT JOIN (SELECT date_trunc('hour', stamp) AS start, count(*) AS tweets
                   FROM tweets GROUP BY 1) c ON c.start = h;
"""

# How far an hour's activity strays from its usual rate (only hours busy enough for a logarithm to
# mean something), less what Poisson noise alone would add, and how much of it the next hour keeps.
BURSTS = """
    WITH per_hour AS (SELECT sum(tweets) / sum(expected) AS unit FROM hours),
    strays AS (
        SELECT start, ln(tweets / (expected * unit)) AS stray, 1.0 / tweets AS noise
        FROM hours, per_hour WHERE expected * unit >= 20 AND tweets > 0),
    pairs AS (
        SELECT a.stray AS this, b.stray AS next FROM strays a
        JOIN strays b ON b.start = a.start + INTERVAL 1 HOUR)
    SELECT sqrt((SELECT var_samp(stray) - avg(noise) FROM strays)),
           (SELECT covar_samp(this, next) FROM pairs)
           / (SELECT var_samp(stray) - avg(noise) FROM strays)
"""

# Gaps between one author's acts, in warped seconds: a quiet hour counts for little, a busy one for
# much, so that the daily rhythm is taken out of them and is not counted twice.
GAPS = """
    CREATE TABLE warp AS
        SELECT start, expected,
               sum(expected) OVER (ORDER BY start) * 3600 - expected * 3600 AS warped
        FROM hours;
    CREATE TABLE gaps AS
        WITH warped_tweets AS (
            SELECT author, id, warped + expected * (epoch(stamp) - epoch(start)) AS w
            FROM tweets JOIN warp ON start = date_trunc('hour', stamp)),
        raw AS (
            SELECT author, w - lag(w) OVER (PARTITION BY author ORDER BY w, id) AS gap
            FROM warped_tweets)
        SELECT ln(gap) AS x, ln(gap / avg(gap) OVER (PARTITION BY author)) AS y
        FROM raw WHERE gap >= 1
          AND author IN (SELECT author FROM tweets GROUP BY 1 HAVING count(*) >= 50);
"""

# One step of expectation maximisation for two log-normals: a short one in seconds (x), a long one
# in units of the author's mean gap (y).
EM_STEP = """
    WITH weighed AS (
        SELECT x, y, $p / $ss * exp(-0.5 * ((x - $ms) / $ss) ** 2) AS a,
               (1 - $p) / $sl * exp(-0.5 * ((y - $ml) / $sl) ** 2) AS b FROM gaps),
    shared AS (SELECT x, y, a / (a + b) AS r, b / (a + b) AS q FROM weighed WHERE a + b > 0),
    means AS (SELECT avg(r) AS p, sum(r * x) / sum(r) AS ms, sum(q * y) / sum(q) AS ml FROM shared)
    SELECT p, ms, ml,
           (SELECT sqrt(sum(r * (x - ms) ** 2) / sum(r)) FROM shared),
           (SELECT sqrt(sum(q * (y - ml) ** 2) / sum(q)) FROM shared)
    FROM means
"""


def fit(folder: Path) -> dict[str, dict[str, Any]]:
    """All figures, by section. Raises `duckdb.IOException` naming a file that is not there."""
    db = duckdb.connect()
    db.execute(
        f"""
        CREATE TABLE tweets AS SELECT id, user_id AS author, created_at AS stamp,
            retweeted_status_id AS retweet_of, in_reply_to_screen_name AS reply_to,
            retweet_count AS retweets, favorite_count AS likes FROM '{folder / TWEETS}';
        CREATE TABLE follows AS SELECT DISTINCT src_id AS src, CAST(dst_id AS BIGINT) AS dst
            FROM '{folder / FOLLOWS}' WHERE dst_id IS NOT NULL;
        CREATE TABLE profiles AS SELECT followers_count AS followers, friends_count AS friends
            FROM '{folder / PROFILES}';
        """
    )
    db.execute(RHYTHM)
    db.execute(GAPS)

    def one(sql: str) -> tuple[Any, ...]:
        row = db.execute(sql).fetchone()
        assert row is not None
        return row

    def log_normal(value: str, table: str) -> dict[str, float]:
        mu, sigma = one(
            f"SELECT avg(ln(v)), stddev_samp(ln(v)) "
            f"FROM (SELECT {value} AS v FROM {table}) WHERE v > 0"
        )
        return {"mu": mu, "sigma": sigma}

    def shares(table: str, key: str) -> list[float]:
        return [
            row[0] for row in db.execute(f"SELECT share FROM {table} ORDER BY {key}").fetchall()
        ]

    sigma, kept = one(BURSTS)
    days = one("SELECT (epoch(max(stamp)) - epoch(min(stamp))) / 86400 FROM tweets")[0]
    members = "(SELECT src FROM follows)"
    popular = "tweets WHERE retweet_of IS NULL"
    return {
        "rate": log_normal("count(*)", f"tweets GROUP BY author HAVING count(*) > {days / 30}")
        | {"days": days},
        "rhythm": {"hours": shares("by_hour", "hour"), "weekdays": shares("by_weekday", "weekday")},
        "crowd": {"sigma": sigma, "kept_per_hour": kept},
        "gaps": _mixture(db),
        "mix": dict(
            zip(
                ("post", "reply", "retweet", "likes_per_retweet"),
                one(
                    """SELECT avg((retweet_of IS NULL AND reply_to IS NULL)::INT),
                              avg((reply_to IS NOT NULL)::INT), avg((retweet_of IS NOT NULL)::INT),
                              sum(likes) FILTER (retweet_of IS NULL)
                              / sum(retweets) FILTER (retweet_of IS NULL) FROM tweets"""
                ),
                strict=True,
            )
        ),
        "popularity": log_normal("retweets", popular)
        | {"none": one(f"SELECT avg((retweets = 0)::INT) FROM {popular}")[0]},
        "retweet_delay_minutes": log_normal(
            "delay_min", f"'{folder / CASCADES}' WHERE NOT is_root AND delay_min > 0"
        ),
        "following": log_normal("friends", "profiles"),
        "followers": log_normal("followers", "profiles"),
        "community": {
            "density": one(
                f"""SELECT count(*) / (count(DISTINCT src) * (count(DISTINCT src) - 1))
                    FROM follows WHERE dst IN {members}"""
            )[0]
        },
    }


def _mixture(db: duckdb.DuckDBPyConnection, steps: int = 80) -> dict[str, float]:
    """The two log-normals of gaps, by expectation maximisation from a rough first guess."""
    p, ms, ml, ss, sl = 0.3, 5.0, -0.5, 1.5, 1.2  # a few minutes; a little below the mean gap
    for _ in range(steps):
        now = {"p": p, "ms": ms, "ml": ml, "ss": ss, "sl": sl}
        row = db.execute(EM_STEP, now).fetchone()
        assert row is not None
        p, ms, ml, ss, sl = row
    return {"short": p, "short_mu": ms, "short_sigma": ss, "long_mu": ml, "long_sigma": sl}


HEADER = """\
# What the generator draws from. Written by `python -m ingest.generator.fit`; do not edit by hand.
#
# Fitted on public research sets: four months of tweets by about five hundred public accounts (rate,
# rhythm, crowd, gaps, mix, popularity), the profiles of about seven thousand public accounts
# (following, followers), whom those accounts follow (community), and some hundred thousand timed
# retweets (retweet_delay_minutes). A log-normal is given as mu and sigma of the natural logarithm.
"""


def to_toml(figures: dict[str, dict[str, Any]]) -> str:
    """The figures as TOML, four significant digits: more would pretend to know more."""

    def text(value: Any) -> str:
        if isinstance(value, list):
            return "[" + ", ".join(text(v) for v in value) + "]"
        return repr(float(f"{value:.4g}"))

    sections = (
        f"\n[{name}]\n" + "".join(f"{key} = {text(value)}\n" for key, value in section.items())
        for name, section in figures.items()
    )
    return HEADER + "".join(sections)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m ingest.generator.fit FOLDER > ingest/generator/measured.toml")
    sys.stdout.write(to_toml(fit(Path(sys.argv[1]))))
