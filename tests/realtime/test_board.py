"""The board shows what trends by what stands in Redis, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import redis

from ingest.events import Event
from realtime import redis_functions
from realtime.board import BlockedTags, Boards, Telling
from realtime.lasting import Lasting
from settings import Settings
from tests.views.cast import tag_blocked, tag_unblocked
from views.blocked_tags import BLOCKED_TAGS
from views.tables import TABLES, statement
from views.trends import shown, stored, usual
from views.trends.baseline import TagBaseline
from views.trends.windows import LONGEST

NOW = 30_000_000
PLACE = 1
DATABASE = 8


@pytest.fixture
def client(redis_server: Settings) -> Iterator[redis.Redis]:
    """In a database that the platform's own board does not look at."""
    with closing(redis_functions.connect(f"{redis_server.redis_url[:-1]}{DATABASE}")) as opened:
        opened.flushdb()
        yield opened


@pytest.fixture
def boards(redis_server: Settings, client: redis.Redis) -> Boards:
    return Boards(redis_server, client)


def used(client: redis.Redis, tag: str, people: int, minute: int = NOW - 1) -> None:
    totals = {
        f"people {minute}": people,
        f"uses {minute}": people,
        f"spelling {tag.title()}": people,
    }
    client.fcall(*stored.put(PLACE, tag, totals))


def trending(boards: Boards, now: int = NOW) -> list[str]:
    return [trend.spelling for trend in boards.turn(now)[PLACE]["1h"]]


def test_what_many_people_use_is_shown_and_what_few_use_is_not(
    boards: Boards, client: redis.Redis
) -> None:
    used(client, "storm", 40)
    used(client, "flood", 60)
    used(client, "calm", 24)
    assert trending(boards) == ["Flood", "Storm"]
    there = shown.read(client.get(shown.key(PLACE)))
    assert there is not None
    assert there.minute == NOW
    assert there.trends["1h"][0].score.people == 60


def test_what_is_usual_is_not_shown(boards: Boards, client: redis.Redis) -> None:
    used(client, "storm", 40)
    always = TagBaseline(dict.fromkeys(range(168), 4 * 40), 4 * 40 * 168, 4 * 40 * 168)
    pointer = usual.Pointer(1, 0, NOW - 4 * 7 * 1440, NOW, {PLACE: [1.0] * 168})
    client.hset(usual.generation_key(1), usual.field(PLACE, "storm"), usual.packed(always))
    client.set(usual.POINTER, usual.packed_pointer(pointer))
    assert trending(boards) == []


def test_a_blocked_tag_goes_at_the_next_look(boards: Boards, client: redis.Redis) -> None:
    used(client, "storm", 40)
    assert trending(boards) == ["Storm"]
    assert boards.turn(NOW, {"storm"})[PLACE]["1h"] == []


def test_the_tags_that_people_blocked_are_those_of_the_view(
    cassandra_server: Settings,
) -> None:
    with closing(Lasting(cassandra_server)) as lasting:
        tags = BlockedTags(lasting)
        lasting.column(*_said(tag_blocked("scandal"), pos=1))
        assert "scandal" in tags.now()
        lasting.column(*_said(tag_unblocked("scandal"), pos=2))
        assert "scandal" not in tags.now()


def _said(event: Event, pos: int) -> tuple[str, list[tuple]]:
    """The statement that writes the event's row, and what is bound to it."""
    (change,) = BLOCKED_TAGS.project(event)
    cql, values = statement(TABLES[BLOCKED_TAGS.name], change, pos=pos)
    return cql, [values]


def test_while_cassandra_is_away_the_tags_are_those_that_were_read_last(
    tmp_path: Path,
) -> None:
    class Away(Lasting):
        away = False

        def column(self, cql: str, bound: Any) -> list[Any]:
            if self.away:
                raise OSError("away")
            return ["scandal"]

    lasting = Away(Settings(state_dir=tmp_path))
    tags = BlockedTags(lasting)
    assert tags.now() == {"scandal"}
    lasting.away = True
    assert tags.now() == {"scandal"}
    with pytest.raises(OSError, match="away"):
        BlockedTags(lasting).now()  # before it knows, it shows nothing


def test_a_board_that_starts_anew_knows_since_when(
    redis_server: Settings, boards: Boards, client: redis.Redis
) -> None:
    used(client, "storm", 40)
    boards.turn(NOW)
    again = Boards(redis_server, client).turn(NOW + 5)
    assert again[PLACE]["1h"][0].since == NOW


def test_what_is_too_old_leaves_redis(boards: Boards, client: redis.Redis) -> None:
    used(client, "storm", 40, minute=NOW - 30)
    boards.turn(NOW)
    assert boards.turn(NOW + LONGEST)[PLACE] == {"1h": [], "4h": [], "24h": []}
    assert client.zcard(stored.tags_key(PLACE)) == 0
    assert str(PLACE).encode() not in client.smembers(stored.PLACES)


def test_a_person_who_moves_on_is_not_counted_twice(client: redis.Redis) -> None:
    used(client, "storm", 40, minute=NOW - 2)
    client.fcall(*stored.put(PLACE, "storm", {f"people {NOW - 2}": 30, f"people {NOW - 1}": 10}))
    client.fcall(*stored.put(PLACE, "storm", {f"people {NOW - 2}": 0, f"people {NOW - 1}": 40}))
    assert client.zscore(stored.tags_key(PLACE), "storm") == 40
    assert not client.hexists(stored.tag_key(PLACE, "storm"), f"people {NOW - 2}")


def test_the_history_is_told_with_the_evidence(boards: Boards, client: redis.Redis) -> None:
    used(client, "storm", 40)
    events = Telling(every=5).events(NOW, boards.turn(NOW))
    assert [(e.window_hours, e.rank, e.people, e.spelling) for e in events] == [
        (1, 1, 40, "Storm"),
        (4, 1, 40, "Storm"),
        (24, 1, 40, "Storm"),
    ]
    assert events[0].score_milli == 8_000


def test_a_trend_is_told_when_it_begins_and_every_few_minutes(
    boards: Boards, client: redis.Redis
) -> None:
    telling = Telling(every=5)

    def said(now: int) -> set[str]:
        return {event.tag for event in telling.events(now, boards.turn(now))}

    used(client, "storm", 40)
    assert said(NOW) == {"storm"}
    used(client, "flood", 40)
    assert said(NOW + 1) == {"flood"}
    assert said(NOW + 2) == set()
    assert said(NOW + 5) == {"storm", "flood"}
