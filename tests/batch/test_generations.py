"""A generation stands whole or not at all, and the log is told what differs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest

from batch import generations
from batch.command import BatchFailed
from batch.generations import Damaged, Pointer
from ingest.events import Event
from lake import tables
from settings import Settings
from tests.batch.generating import World
from tests.lake.filling import lake_in
from tests.views.cast import ALICE, BOB, CAROL, DAVE, classified, followed, unfollowed
from views.celebrities import CELEBRITIES

THREE_FOLLOW_BOB = [followed(reader, BOB) for reader in (ALICE, CAROL, DAVE)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Where three followers make a celebrity, who stays one with two."""
    settings = lake_in(tmp_path).model_copy(
        update={"celebrity_followers": 3, "celebrity_keep_followers": 2}
    )
    return World(settings, CELEBRITIES)


def advance(world: World) -> dict[str, object]:
    return generations.advance(world.settings, world.view, world.through, world.append)


def rollback(world: World) -> dict[str, object]:
    return generations.rollback(world.settings, world.view, world.through, world.append)


def standing(world: World) -> Pointer:
    return generations.pointer(world.settings, world.view)


def test_rows_are_written_with_what_they_were_made_of_and_nothing_stands_yet(world: World) -> None:
    world.happens(*THREE_FOLLOW_BOB, followed(BOB, ALICE))
    assert world.make() == 1
    assert [(r["author_id"], r["followers"], r["pulled"]) for r in world.rows(1)] == [
        (ALICE, 1, False),
        (BOB, 3, True),
    ]
    manifest = generations.manifests(world.settings, CELEBRITIES)[1]
    assert (manifest["rows"], manifest["through"]) == (2, world.through)
    assert '"follows/0":' in manifest["end_offsets"]
    assert '"silver/follows":' in manifest["lake_versions"]
    assert standing(world) == Pointer(0, 0)


def test_the_log_is_told_what_differs_from_what_it_said(world: World) -> None:
    world.happens(*THREE_FOLLOW_BOB, classified(CAROL, pulled=True), followed(BOB, CAROL))
    assert world.told(world.make()) == [
        classified(BOB, pulled=True, followers=3),
        classified(CAROL, pulled=False, followers=1),
    ]


def test_an_author_nobody_follows_any_more_is_pushed_again(world: World) -> None:
    world.happens(classified(BOB, pulled=True), followed(ALICE, BOB), unfollowed(ALICE, BOB))
    assert world.told(world.make()) == [classified(BOB, pulled=False, followers=0)]


def test_what_stands_in_the_log_already_is_not_told_again(world: World) -> None:
    world.happens(*THREE_FOLLOW_BOB)
    assert advance(world) == {"generation": 1, "rows": 1, "events": 1}
    assert advance(world) == {"generation": 2, "rows": 1, "events": 0}
    assert standing(world) == Pointer(2, 1)


def test_around_the_threshold_nobody_changes_back_and_forth(world: World) -> None:
    world.happens(*THREE_FOLLOW_BOB)
    advance(world)
    world.happens(unfollowed(DAVE, BOB))
    assert advance(world)["events"] == 0
    world.happens(unfollowed(CAROL, BOB))
    assert advance(world)["events"] == 1
    world.happens(followed(CAROL, BOB))
    assert advance(world)["events"] == 0


def test_two_generations_are_kept_and_the_manifests_of_all(world: World) -> None:
    world.happens(*THREE_FOLLOW_BOB)
    for _ in range(3):
        advance(world)
    assert [len(world.rows(n)) for n in (1, 2, 3)] == [0, 1, 1]
    assert set(generations.manifests(world.settings, world.view)) == {1, 2, 3}


def test_a_rollback_lets_the_generation_before_hold_again(world: World) -> None:
    world.happens(followed(ALICE, BOB))
    advance(world)
    world.happens(*THREE_FOLLOW_BOB)
    advance(world)
    assert rollback(world) == {"generation": 1, "rows": 1, "events": 1}
    assert world.history[-1].pulled is False
    assert rollback(world) == {"generation": 1, "rows": 1, "events": 0}, "run again"
    assert advance(world) == {"generation": 3, "rows": 1, "events": 1}
    assert standing(world) == Pointer(3, 1)


def test_without_a_generation_before_there_is_nothing_to_go_back_to(world: World) -> None:
    world.happens(*THREE_FOLLOW_BOB)
    advance(world)
    with pytest.raises(BatchFailed, match="celebrities has no generation before 1"):
        rollback(world)


def test_a_damaged_generation_is_not_gone_back_to(world: World) -> None:
    world.happens(*THREE_FOLLOW_BOB)
    advance(world)
    advance(world)
    tables.snapshot(world.view).open(world.settings).update(
        updates={"followers": "4"}, predicate="generation = 1"
    )
    with pytest.raises(Damaged, match="generation 1 of celebrities reads back as"):
        rollback(world)
    assert standing(world) == Pointer(2, 1)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["replace", "verify", "_put", "flip", "forget"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_anywhere_one_generation_stands_and_another_run_ends_it(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    world.happens(*THREE_FOLLOW_BOB)
    advance(world)
    world.happens(unfollowed(CAROL, BOB), unfollowed(DAVE, BOB))
    work = getattr(generations, step)

    def killed(*arguments, **more):
        if when == "after":
            work(*arguments, **more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(generations, step, killed)
        with pytest.raises(Killed):
            advance(world)
    found = standing(world)
    assert len(world.rows(found.generation)) == 1, "what stands is whole"
    advance(world)
    assert [event.pulled for event in world.history if event.topic == "classes"] == [True, False]
    assert world.rows(standing(world).generation)[0]["pulled"] is False


@pytest.mark.parametrize("appended", [0, 1])
def test_a_part_of_what_was_to_be_told_is_ended_by_the_next_run(
    world: World, appended: int
) -> None:
    world.happens(*THREE_FOLLOW_BOB, *(followed(reader, CAROL) for reader in (ALICE, BOB, DAVE)))

    def append_some(settings: Settings, events: Iterable[Event]) -> int:
        world.happens(*islice(events, appended))
        raise Killed

    with pytest.raises(Killed):
        generations.advance(world.settings, world.view, world.through, append_some)
    assert advance(world)["events"] == 2 - appended
