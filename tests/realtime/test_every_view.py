"""Flink says of every registered view what memory says, of one long random history.

Spark is held to the same histories in `tests/batch/test_spark.py`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

import msgspec
import pytest
import redis
from cassandra.cluster import Cluster, Session
from cassandra.query import dict_factory

from ingest.events import Event, TweetScored
from settings import Settings
from tests.frozen import standing_still
from tests.laws.histories import some_histories
from tests.realtime.playing import counts, home, moved, opened, play, wait, world
from tests.views.cast import NAMES
from tests.views.memory import fold, state
from tests.views.random_histories import busy_history
from tests.views.records import Record, log_of
from views import rows
from views.contract import FoldView, JoinView, StateView, View
from views.following import FOLLOWING
from views.home_timeline import home_timelines
from views.list_members import LIST_MEMBERS
from views.registry import VIEWS, state_views
from views.tables import KEYSPACE, TABLES
from views.tag_sketch import TAG_SKETCH
from views.user_timeline import USER_TIMELINE

pytestmark = [pytest.mark.engines, pytest.mark.long]


class Played(NamedTuple):
    """What the speed layer was told, and where to ask it."""

    settings: Settings
    events: list[Event]
    log: list[Record]
    base: int
    cassandra: Session
    redis: redis.Redis
    before_scores: dict[str, dict[Any, Any]]
    """Rows of the views that scores change, by view and key, while no scorer runs beside."""
    before: dict[tuple[str, int], dict[str, int]]
    """What keys that are no ids had counted of others' tweets."""


@pytest.fixture(scope="module")
def played(speed_layer: Settings) -> Iterator[Played]:
    base, more = world(), chain.from_iterable(some_histories(150, seed=8))
    events = [moved(event, base) for event in [*busy_history(random.Random(7)), *more]]
    opened(speed_layer, *(base + reader for reader in NAMES))
    with (
        Cluster([speed_layer.host], port=speed_layer.cassandra_port) as cluster,
        redis.Redis.from_url(speed_layer.redis_url) as client,
    ):
        session = cluster.connect(KEYSPACE)
        session.row_factory = dict_factory
        log = log_of(events, partitions=1)
        wait(speed_layer, ["folds"])
        before = {
            (TAG_SKETCH.name, row.key): counts(client, TAG_SKETCH, row.key)
            for row in fold(TAG_SKETCH, log)
        }
        played = Played(speed_layer, events, log, base, session, client, {}, before)
        with standing_still(speed_layer, "scorer"):
            play(speed_layer, events)
            for view in state_views():
                if TweetScored in view.events:
                    found = {key: _row(view, played, key) for key in _keys(view, played)}
                    played.before_scores[view.name] = found
        yield played


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_flink_says_what_memory_says(view: View, played: Played) -> None:
    match view:
        case FoldView():
            _same_totals(view, played)
        case StateView():
            _same_rows(view, played)
        case JoinView():
            _same_homes(played)


def _same_totals(view: FoldView, played: Played) -> None:
    expected: dict[int, dict[str, int]] = {}
    for row in fold(view, played.log):
        of_key = expected.setdefault(row.key, dict(played.before.get((view.name, row.key), {})))
        of_key[row.measure] = of_key.get(row.measure, 0) + row.total
    assert expected
    for key, totals in expected.items():
        wanted = {measure: total for measure, total in totals.items() if total}
        assert counts(played.redis, view, key) == wanted, key


def _same_rows(view: StateView, played: Played) -> None:
    expected = state(view, played.log)
    assert expected, "the history says nothing of it"
    known = played.before_scores.get(view.name, {})
    for key in _keys(view, played):
        found = known[key] if known else _row(view, played, key)
        assert found == expected.get(key), key
    for id, row in expected.items() if view.name == "tweets" else ():
        _, stored = rows.unpack_row(played.redis.get(rows.tweet_key(id)))
        assert msgspec.json.decode(stored) == {k: v for k, v in row.items() if v is not None}


def _keys(view: StateView, played: Played) -> set[Any]:
    """All keys that the history says anything of."""
    events = (event for event in played.events if isinstance(event, view.events))
    return {change.key for event in events for change in view.project(event)}


def _row(view: StateView, played: Played, key: Any) -> dict[str, Any] | None:
    """As Cassandra has it, without the columns of its key that the row does not repeat."""
    table = TABLES[view.name]
    parts = key if isinstance(key, tuple) else (key,)
    where = " AND ".join(f"{name} = %s" for name in table.key)
    found = played.cassandra.execute(f"SELECT * FROM {table.name} WHERE {where}", parts).one()
    if found is None:
        return None
    assert tuple(found[name] for name in table.key) == parts
    expected = state(view, played.log).get(key) or {}
    return {n: value for n, value in found.items() if n in expected or n not in table.key}


def _same_homes(played: Played) -> None:
    """Deleted tweets keep their place until the next cut; readers drop them."""
    edges = [*state(FOLLOWING, played.log), *state(LIST_MEMBERS, played.log)]
    tweets: dict[int, list[int]] = {}
    for author, id in state(USER_TIMELINE, played.log):
        tweets.setdefault(author, []).append(id)
    expected = home_timelines(edges, tweets, cap=played.settings.timeline_cap)
    standing = {id for ids in tweets.values() for id in ids}
    assert any(expected.values())
    for reader in (played.base + number for number in NAMES):
        found = home(played.settings, reader)
        assert [id for id in found if id in standing] == expected.get(reader, []), reader
