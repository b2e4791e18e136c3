"""How soon do trends show a crisis, and what else do they show?

Tweets of sixteen crises, labelled by people as about the crisis or not (CrisisLex T6 and T26), each
walked through by its own time as `./starling replay --trends` does. A tag that trends is a *true*
alarm where most of its tweets are about the crisis, else a *false* one. Of a crisis that was found:

    delay   minutes from the first tweet about it with a tag until the first true alarm
    lead    minutes from the first true alarm to the end of the hour with most tweets about it

T6 has the tweets of a place at the time, about the crisis and not, T26 hardly any that are not: of
false alarms only T6 says much. Both are samples, so few people are there; the same is asked again
with ten people a window instead of the platform's own least number.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from bench.figures import Figure
from bench.real_data import beside
from replay.files import table_of
from replay.tag_files import load
from replay.trends import walk
from settings import Settings
from views.trends.uses import uses

EVERY = 5  # minutes
SETS = {
    "t6": ("trends/crisislex_t6.parquet", "label = 'on-topic'"),
    "t26": ("trends/crisislex_t26_labeled.parquet", "informativeness LIKE 'Related%'"),
}
FEW = 10  # people


class Labelled(NamedTuple):
    """A tweet of a crisis's file."""

    minute: int
    tags: tuple[str, ...]
    about: bool


class Outcome(NamedTuple):
    true_alarms: int
    false_alarms: int
    days: float
    delay: int | None = None
    """None where the crisis was not found."""

    lead: int | None = None


def figures() -> Iterator[Figure]:
    """The figures of each set and least number of people. Raises `NoActivity`."""
    for name, (file, about) in SETS.items():
        for least in (Settings().trend_least_people, FEW):
            outcomes = [outcome(*crisis, least) for crisis in crises(beside(file), about)]
            yield from told(f"{name}_{least}_people", outcomes)


def told(name: str, outcomes: list[Outcome]) -> Iterator[Figure]:
    found = [outcome for outcome in outcomes if outcome.delay is not None]
    yield Figure("crises", f"{name}_found", len(found), "crises", len(outcomes))
    if found:
        yield Figure("crises", f"{name}_delay_min", median(o.delay or 0 for o in found))
        yield Figure("crises", f"{name}_lead_min", median(o.lead or 0 for o in found))
    alarms = sum(o.true_alarms + o.false_alarms for o in outcomes)
    false = sum(o.false_alarms for o in outcomes)
    yield Figure("crises", f"{name}_false_alarms", false, "alarms", alarms or 1)
    yield Figure("crises", f"{name}_false_a_day", false / sum(o.days for o in outcomes))


def crises(path: Path, about: str) -> Iterator[tuple[Path, list[Labelled]]]:
    """Of each crisis a file of its tweets alone, and the tweets as they are labelled."""
    names = duckdb.execute(f"SELECT DISTINCT event FROM {table_of(path)} ORDER BY 1").fetchall()
    with TemporaryDirectory() as folder:
        for (name,) in names:
            file = Path(folder) / f"{name}.parquet"
            duckdb.execute("SET TimeZone = 'UTC'")
            duckdb.execute(
                f"""COPY (SELECT created_at, text, {about} AS about FROM {table_of(path)}
                          WHERE event = $name) TO '{file}'""",
                {"name": name},
            )
            yield file, labelled(file)


def labelled(file: Path) -> list[Labelled]:
    found = duckdb.execute(
        f"SELECT epoch_ms(created_at) // 60000, text, about FROM {table_of(file)} ORDER BY 1"
    )
    return [
        Labelled(minute, tuple(use.tag for use in uses(text, person_id=0, minute=minute)), about)
        for minute, text, about in found.fetchall()
    ]


def outcome(file: Path, tweets: list[Labelled], least_people: int) -> Outcome:
    first: dict[str, int] = {}
    for moment in walk(load(file), every=EVERY, least_people=least_people):
        for trends in moment.trends.values():
            for trend in trends:
                first.setdefault(trend.score.tag, moment.minute)
    true = {tag: minute for tag, minute in first.items() if is_about(tag, tweets)}
    days = (tweets[-1].minute - tweets[0].minute) / 1_440
    counted = Outcome(len(true), len(first) - len(true), days)
    if not true:
        return counted
    alarm = min(true.values())
    began = min(tweet.minute for tweet in tweets if tweet.about and tweet.tags)
    return counted._replace(delay=alarm - began, lead=peak(tweets) - alarm)


def is_about(tag: str, tweets: list[Labelled]) -> bool:
    labels = [tweet.about for tweet in tweets if tag in tweet.tags]
    return 2 * sum(labels) > len(labels)


def peak(tweets: list[Labelled]) -> int:
    """The end of the hour with most tweets about the crisis, in minutes."""
    hours = [tweet.minute // 60 for tweet in tweets if tweet.about]
    return 60 * (max(set(hours), key=hours.count) + 1)
