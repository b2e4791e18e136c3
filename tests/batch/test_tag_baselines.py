"""What is usual of a tag is recounted from the lake, and stands whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
from msgspec.structs import replace

from batch import silver, tag_baselines
from batch.command import BatchFailed
from ingest.events import AccountUpdated, Event, TweetPosted
from settings import Settings
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.views.cast import decided, scored
from tests.views.records import log_of
from views.trends import usual
from views.trends.baseline import HOURS_A_WEEK
from views.trends.places import WORLDWIDE, places_of

DAY = 1_440
UNTIL = 40 * DAY
BOSTON, USA, _ = places_of("Boston")
ALICE, BOB, CAROL = 1, 2, 3


@pytest.fixture
def lake(tmp_path: Path, redis_server: Settings) -> Settings:
    """A lake of its own; the hash of what is usual is this test's alone."""
    with redis.Redis.from_url(redis_server.redis_url) as client:
        client.delete(usual.POINTER, *client.keys(usual.generation_key(0)[:-1] + "*"))
    return lake_in(tmp_path).model_copy(update={"redis_port": redis_server.redis_port})


@pytest.fixture
def client(lake: Settings) -> Iterator[redis.Redis]:
    with closing(redis.Redis.from_url(lake.redis_url)) as opened:
        yield opened


def said(id: int, author_id: int, minute: int, text: str) -> TweetPosted:
    return TweetPosted(
        at_ms=60_000 * minute, id=id, author_id=author_id, text=text, conversation_id=id
    )


def hold(settings: Settings, *events: Event) -> None:
    """Lets the lake hold these events and no others."""
    archive(settings, bronze_rows(log_of(events)))
    for topic in tag_baselines.TOPICS:
        silver.refine(settings, topic, 10**6, ahead=True)


def people(client: redis.Redis, place: int, tag: str) -> int:
    """In all hours of the week together, by the generation that stands."""
    pointer = usual.read_pointer(client.get(usual.POINTER))
    values = client.hmget(usual.generation_key(pointer.generation), [usual.field(place, tag)])
    found = usual.baseline(pointer, place, [tag], values)
    return found.tags[tag].total if tag in found.tags else 0


def storm(id: int, author_id: int, days: int) -> list[Event]:
    """Each morning of the last days before `UNTIL`."""
    return [said(id + d, author_id, UNTIL - d * DAY - 600, "#Storm again") for d in range(days)]


def test_people_are_counted_in_the_places_of_their_tweets_or_where_they_say_to_be(
    lake: Settings, client: redis.Redis
) -> None:
    located = AccountUpdated(
        at_ms=0, id=ALICE, username="alice", name="Alice", created_at_ms=0, location="Boston"
    )
    from_boston = [replace(tweet, place_id=str(BOSTON)) for tweet in storm(40, CAROL, 2)]
    hold(lake, located, *storm(10, ALICE, 5), *storm(20, BOB, 4), *from_boston)
    done = tag_baselines.advance(lake, UNTIL)
    assert (done["generation"], done["tags"], done["places"]) == (1, 3, 3)
    assert [people(client, place, "storm") for place in (WORLDWIDE, USA, BOSTON)] == [11, 7, 7]
    assert people(client, WORLDWIDE, "calm") == 0


def test_what_protected_accounts_say_is_not_counted_and_every_sign_of_a_tag_is(
    lake: Settings, client: redis.Redis
) -> None:
    hidden = AccountUpdated(
        at_ms=0, id=BOB, username="bob", name="Bob", created_at_ms=0, protected=True
    )
    wide = [said(30 + d, CAROL, UNTIL - d * DAY - 600, "＃Storm") for d in range(3)]
    hold(lake, hidden, *storm(10, ALICE, 5), *storm(20, BOB, 4), *wide)
    tag_baselines.advance(lake, UNTIL)
    assert people(client, WORLDWIDE, "storm") == 8


def test_what_moderation_keeps_from_the_boards_makes_nothing_usual(
    lake: Settings, client: redis.Redis
) -> None:
    at_ms = UNTIL * 60_000
    judged = [
        scored(10, ALICE, "block", at_ms=at_ms),
        scored(11, ALICE, "review", at_ms=at_ms),
        decided(11, ALICE, "allow", at_ms=at_ms),
        scored(12, ALICE, "allow", at_ms=at_ms),
        decided(12, ALICE, "sensitive", at_ms=at_ms),
        scored(13, ALICE, "label", at_ms=at_ms),
    ]
    hold(lake, *storm(10, ALICE, 5), *judged)
    tag_baselines.advance(lake, UNTIL)
    assert people(client, WORLDWIDE, "storm") == 3


def test_what_is_older_than_four_weeks_is_not_counted(lake: Settings, client: redis.Redis) -> None:
    hold(lake, *storm(10, ALICE, 35))
    tag_baselines.advance(lake, UNTIL)
    assert people(client, WORLDWIDE, "storm") == 28
    pointer = usual.read_pointer(client.get(usual.POINTER))
    assert UNTIL - 28 * DAY <= pointer.since < pointer.until == UNTIL
    assert len(pointer.profiles[WORLDWIDE]) == HOURS_A_WEEK


def test_a_lake_without_tags_makes_nothing_usual(lake: Settings, client: redis.Redis) -> None:
    hold(lake, said(10, ALICE, UNTIL - 5, "good morning"))
    assert tag_baselines.advance(lake, UNTIL)["rows"] == 0
    assert people(client, WORLDWIDE, "storm") == 0


def test_a_rollback_goes_back_to_the_generation_before_and_no_further(
    lake: Settings, client: redis.Redis
) -> None:
    hold(lake, *storm(10, ALICE, 9))
    tag_baselines.advance(lake, UNTIL - 4 * DAY)
    tag_baselines.advance(lake, UNTIL)
    assert people(client, WORLDWIDE, "storm") == 9
    assert tag_baselines.rollback(lake)["generation"] == 1
    assert people(client, WORLDWIDE, "storm") == 5
    tag_baselines.advance(lake, UNTIL)
    assert usual.read_pointer(client.get(usual.POINTER))[:2] == (3, 1)
    assert not client.exists(usual.generation_key(2))


def test_without_a_generation_before_a_rollback_is_refused(lake: Settings) -> None:
    with pytest.raises(BatchFailed, match="to go back to"):
        tag_baselines.rollback(lake)
