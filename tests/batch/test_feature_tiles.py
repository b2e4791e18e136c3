"""Tiles first, then the pointer; and what has left all windows is gone."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from batch import feature_tiles
from batch.command import BatchFailed
from cli import features as command
from serving.features import MOST, NotAnEntity, TooMany, features_of
from tests.batch.feature_desk import Desk
from views.features import stored
from views.features.tables import PAIRS, USERS, UnknownFeatures
from views.seam import speed_field

pytestmark = pytest.mark.engines

HOUR, DAY = 3_600, 86_400
NOON = int(time.time()) // DAY * DAY - DAY // 2  # of yesterday; an epoch is a second here
BOB, ALICE = 7, 8


def test_what_was_not_made_is_not_published(desk: Desk) -> None:
    with pytest.raises(BatchFailed, match=r"batch\.features --through"):
        feature_tiles.publish(desk.settings, NOON)
    assert not desk.client.exists(stored.POINTER)


def test_what_has_left_the_longest_window_is_gone_and_who_is_followed_stays(desk: Desk) -> None:
    old = NOON - 40 * DAY
    desk.did(old + HOUR, USERS, (BOB,), ("posts", old))
    desk.did(old + HOUR, PAIRS, (BOB, ALICE), ("likes", old), ("follows", old))
    desk.did(old + HOUR, PAIRS, (BOB, 9), ("likes", old))
    feature_tiles.publish(desk.settings, old + HOUR)
    assert desk.value(USERS, (BOB,), "user_posts_1d", old + HOUR) == 1
    assert desk.value(PAIRS, (BOB, 9), "pair_likes_30d", old + HOUR) == 1
    desk.did(NOON, USERS, (ALICE,), ("posts", NOON - 1))
    feature_tiles.publish(desk.settings, NOON)
    assert not desk.client.exists(stored.tiles_key(USERS, (BOB,)))
    assert set(desk.client.hgetall(stored.tiles_key(PAIRS, (BOB,)))) == {b"%d" % ALICE}
    assert desk.value(PAIRS, (BOB, ALICE), "pair_follows", NOON) == 1
    assert desk.value(PAIRS, (BOB, ALICE), "pair_likes_30d", NOON) == 0


def test_a_run_that_has_not_moved_the_pointer_is_not_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    speed = stored.speed_key(USERS, (BOB,))
    desk.did(NOON, USERS, (BOB,), ("posts", NOON - 5))
    feature_tiles.publish(desk.settings, NOON)
    desk.client.hset(speed, speed_field(NOON + 1, "posts"), 1)
    desk.did(NOON + HOUR, USERS, (BOB,), ("posts", NOON + 1))

    class Killed(BaseException):
        """The process ends here."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        # After the tiles, before the pointer; this module's `time` alone: other threads sleep too.
        patch.setattr(feature_tiles, "time", SimpleNamespace(sleep=killed, time=time.time))
        with pytest.raises(Killed):
            feature_tiles.publish(desk.settings, NOON + HOUR)
    assert desk.value(USERS, (BOB,), "user_posts_1d", NOON + 2) == 2
    feature_tiles.publish(desk.settings, NOON + HOUR)
    assert desk.value(USERS, (BOB,), "user_posts_1d", NOON + HOUR) == 2
    assert "skipped" in feature_tiles.publish(desk.settings, NOON)


def test_totals_of_the_speed_layer_that_batch_has_published_are_dropped_a_run_later(
    desk: Desk,
) -> None:
    speed = stored.speed_key(USERS, (BOB,))
    for epoch in (NOON - 5, NOON + 5):
        desk.client.hset(speed, speed_field(epoch, "posts"), 1)
    desk.did(NOON, USERS, (BOB,), ("posts", NOON - 5))
    feature_tiles.publish(desk.settings, NOON)
    desk.did(NOON + HOUR, USERS, (BOB,), ("posts", NOON + 5))
    feature_tiles.publish(desk.settings, NOON + HOUR)
    assert desk.client.hkeys(speed) == [speed_field(NOON + 5, "posts").encode()]


def test_a_redis_that_lost_everything_says_nothing_until_it_has_everything(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "load", lambda: desk.settings)
    desk.did(NOON, USERS, (BOB,), ("posts", NOON - 5), ("posts", NOON - 3 * DAY))
    feature_tiles.publish(desk.settings, NOON)
    feature_tiles.forget(desk.client)
    assert command.show("users", [BOB], as_json=False) == 1
    assert "no features are published yet" in capsys.readouterr().out
    feature_tiles.publish(desk.settings, NOON)
    assert desk.value(USERS, (BOB,), "user_posts_7d", NOON) == 2
    assert command.show("users", [BOB], as_json=False) == 0
    assert "user_posts_30d" in capsys.readouterr().out


def test_a_question_that_names_no_entities_of_a_table_is_refused(desk: Desk) -> None:
    def ask(name: str, entities: list[tuple[int, ...]]) -> None:
        features_of(desk.settings, desk.client, name, entities)

    with pytest.raises(UnknownFeatures, match="users, tweets, pairs"):
        ask("lists", [(1,)])
    with pytest.raises(NotAnEntity, match="viewer_id, author_id"):
        ask("pairs", [(1,)])
    with pytest.raises(TooMany, match="at most 1000"):
        ask("users", [(id,) for id in range(MOST + 1)])
