"""Versions first, then the pointer: a reader sees a whole run or none of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from batch import publish as publishing
from batch.command import BatchFailed
from settings import Settings
from tests.batch.publishing import Desk, desk
from views.seam import counts_key, pointer_key

pytestmark = pytest.mark.engines

ONE, TWO = 10, 11


@pytest.fixture
def batch(redis_server: Settings, cassandra_server: Settings, tmp_path: Path) -> Iterator[Desk]:
    with desk(redis_server, tmp_path) as made:
        yield made


class Killed(BaseException):
    """The process ends here."""


def test_published_totals_are_read_from_both_stores(batch: Desk) -> None:
    batch.fold(5, {ONE: (3, 5), TWO: (1, 5)})
    done = batch.publish(5)
    assert (done["through"], done["rows"], batch.pointers()) == (5, 2, (5, 5))
    assert [batch.hot(ONE), batch.lasts(ONE), batch.hot(TWO)] == [3, 3, 1]


def test_speed_totals_from_the_pointer_on_are_added(batch: Desk) -> None:
    batch.speed(ONE, epoch=4, likes=2)
    batch.speed(ONE, epoch=5, likes=7)
    batch.fold(5, {ONE: (3, 5)})
    assert batch.hot(ONE) == 9
    batch.publish(5)
    assert batch.hot(ONE) == 10


def test_publishing_twice_is_publishing_once(batch: Desk) -> None:
    batch.speed(ONE, epoch=4, likes=3)
    batch.fold(5, {ONE: (3, 5), TWO: (1, 5)})
    batch.publish(5)
    once = batch.stored([ONE, TWO])
    batch.publish(5)
    assert batch.stored([ONE, TWO]) == once


@pytest.mark.parametrize("step", ["put_cassandra", "put_redis", "advance"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_anywhere_readers_see_one_run_or_the_other_and_a_retry_ends_it(
    batch: Desk, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    batch.fold(5, {ONE: (3, 5), TWO: (1, 5)})
    batch.publish(5)
    batch.fold(6, {ONE: (4, 6), TWO: (9, 6)})
    real = getattr(publishing, step)

    def killed(*arguments: object) -> None:
        if when == "after":
            real(*arguments)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(publishing, step, killed)
        with pytest.raises(Killed):
            batch.publish(6)
    seen = [batch.hot(ONE), batch.hot(TWO)], [batch.lasts(ONE), batch.lasts(TWO)]
    advanced = step == "advance" and when == "after"
    assert seen == (([4, 9],) * 2 if advanced else ([3, 1],) * 2)
    batch.publish(6)
    assert [batch.hot(ONE), batch.hot(TWO), batch.lasts(ONE), batch.lasts(TWO)] == [4, 9, 4, 9]


def test_killed_between_the_two_pointers_a_retry_moves_the_second(
    batch: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch.fold(5, {ONE: (3, 5)})
    batch.publish(5)
    batch.fold(6, {ONE: (4, 6)})
    with monkeypatch.context() as patch:
        patch.setattr(
            publishing,
            "advance",
            lambda lasting, cache, view, through: lasting.one(
                publishing.ADVANCE, (view.name, through)
            ),
        )
        batch.publish(6)
    assert (batch.pointers(), batch.hot(ONE)) == ((6, 5), 3)
    batch.publish(6)
    assert (batch.pointers(), batch.hot(ONE)) == ((6, 6), 4)


def test_only_what_changed_is_written_again(batch: Desk) -> None:
    batch.fold(5, {ONE: (3, 5), TWO: (1, 5)})
    batch.publish(5)
    batch.fold(6, {ONE: (3, 5), TWO: (2, 6)})
    batch.publish(6)
    batch.fold(7, {ONE: (3, 5), TWO: (2, 6)})
    assert batch.publish(7)["rows"] == 1  # those of the run before are looked at once more
    assert [batch.hot(ONE), batch.hot(TWO)] == [3, 2]


def test_a_run_whose_publication_failed_is_made_up_for_by_the_next(batch: Desk) -> None:
    batch.fold(5, {ONE: (3, 5)})
    batch.publish(5)
    batch.fold(6, {ONE: (4, 6)})  # never published
    batch.fold(7, {ONE: (4, 6), TWO: (1, 7)})
    batch.publish(7)
    assert [batch.hot(ONE), batch.lasts(ONE), batch.hot(TWO)] == [4, 4, 1]


def test_versions_and_speed_totals_that_nobody_reads_are_dropped(batch: Desk) -> None:
    for through, likes in ((5, 1), (6, 2), (7, 3)):
        batch.speed(ONE, epoch=through - 1, likes=1)
        batch.fold(through, {ONE: (likes, through)})
        batch.publish(through)
    fields = set(batch.cache.hkeys(counts_key(batch.view.name, ONE)))
    likes = {f.decode() for f in fields if f.endswith(b"like_count")}
    # The standing version, the one before for those who read while the pointer moved, and the
    # speed totals that the drift ledger is still to see.
    assert likes == {"b:7:like_count", "b:6:like_count", "s:6:like_count"}
    rows, _, _ = batch.stored([ONE])  # type: ignore[misc]
    assert [through for through, _ in rows[0]] == [7, 6]


def test_a_redis_that_lost_everything_gets_everything(batch: Desk) -> None:
    batch.fold(5, {ONE: (3, 5), TWO: (1, 5)})
    batch.publish(5)
    batch.cache.delete(pointer_key(batch.view.name))
    for key in (ONE, TWO):
        batch.cache.delete(counts_key(batch.view.name, key))
    batch.fold(6, {ONE: (3, 5), TWO: (2, 6)})
    assert batch.publish(6)["rows"] == 2
    assert [batch.hot(ONE), batch.hot(TWO)] == [3, 2]


def test_a_run_for_an_earlier_epoch_does_nothing(batch: Desk) -> None:
    batch.fold(5, {ONE: (3, 5)})
    batch.fold(6, {ONE: (4, 6)})
    batch.publish(6)
    assert "skipped" in batch.publish(5)
    assert (batch.pointers(), batch.hot(ONE)) == ((6, 6), 4)


def test_what_was_not_folded_is_not_published(batch: Desk) -> None:
    batch.fold(5, {ONE: (3, 5)})
    with pytest.raises(BatchFailed, match=r"batch\.fold --through 6"):
        batch.publish(6)
    assert batch.pointers() == (0, 0)
