"""Timelines and views come back from the lake alone, and nothing that happens meanwhile is lost."""

from __future__ import annotations

import time
from typing import Any

import pytest
import redis

from batch.stores import Cassandra
from settings import Settings
from tests.batch.environment import run
from tests.batch.rebuilding import LIST, LIVE, standing
from tests.realtime.playing import home, own
from tests.views.cast import (
    ALICE,
    BOB,
    CAROL,
)
from views.registry import VIEWS
from views.tables import KEYSPACE
from views.timelines import unpack

pytestmark = pytest.mark.engines


def test_every_view_is_told(rebuilt: dict[str, Any]) -> None:
    assert set(rebuilt["views"]) == {view.name for view in VIEWS}


def test_an_unknown_view_is_named(lake: Settings) -> None:
    done = run(lake, "-m", "batch.rebuild", "nothing")
    assert done.code == 1
    assert "no view 'nothing'; there are tweets" in done.said


def test_home_timelines_come_back_and_what_is_live_stays(
    rebuilt: dict[str, Any], lake: Settings, cache: redis.Redis, base: int
) -> None:
    seen = standing(home(lake, base + ALICE), base)
    assert seen == [base + n for n in (LIVE, 15, 14, 13, 11, 10)]
    assert home(lake, base + BOB) == []


def test_every_reader_has_a_base_timeline_who_has_nothing_left_to_read_too(
    rebuilt: dict[str, Any], lasting: Cassandra, base: int
) -> None:
    def found(reader: int) -> list[int]:
        kept = lasting.one(f"SELECT * FROM {KEYSPACE}.home_base WHERE reader_id = ?", (reader,))
        assert kept.through == rebuilt["through"]
        assert kept.at_ms // 1_000 <= time.time()
        return [id - base for id in unpack(kept.ids)]

    assert found(base + ALICE) == [15, 14, 13, 11, 10]
    assert found(base + BOB) == []
    assert found(base + LIST) == [10]


def test_user_timelines_come_back(
    rebuilt: dict[str, Any], lake: Settings, cache: redis.Redis, lasting: Cassandra, base: int
) -> None:
    assert standing(own(lake, base + CAROL), base) == [base + n for n in (15, 14, 13, 11)]
    found = f"SELECT id FROM {KEYSPACE}.user_timeline WHERE author_id = ?"
    ((*rows,),) = lasting.all([(found, (base + CAROL,))])
    assert [entry.id for entry in rows] == [base + n for n in (15, 14, 13, 11)]


def test_the_timeline_of_a_list_comes_back(
    rebuilt: dict[str, Any], lake: Settings, cache: redis.Redis, base: int
) -> None:
    assert standing(home(lake, base + LIST), base) == [base + 10]
