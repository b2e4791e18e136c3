"""Authors change between push and pull under load, and their readers notice nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ingest.bulk import append_all
from settings import Settings
from tests.realtime.playing import home, moved, opened, own, play, wait, world
from tests.views.cast import (
    ALICE,
    BOB,
    CELEBRITY,
    classified,
    followed,
    planned,
    posted,
    unfollowed,
)

pytestmark = pytest.mark.engines

FOLLOWERS = range(100_000, 109_999)  # one more, and another, and the celebrity is one
MORE = (109_999, 110_000)
READERS = FOLLOWERS[:: len(FOLLOWERS) // 19]


def test_nobody_misses_or_repeats_a_tweet_while_an_author_crosses_the_threshold(
    speed_layer: Settings,
) -> None:
    """9,999 followers, 10,001, and 9,999 again, while tweets arrive and homes are read."""
    w, numbers = world(), iter(range(1, 10_000))

    def say(count: int) -> list[int]:
        ids = [next(numbers) for _ in range(count)]
        append_all(speed_layer, [moved(posted(id, CELEBRITY), w) for id in ids])
        return ids

    opened(speed_layer, *(reader + w for reader in (*READERS, *MORE)))
    play(speed_layer, [moved(followed(r, CELEBRITY), w) for r in FOLLOWERS], ["fanout"])
    said = say(5)
    with reading(speed_layer, w, (*READERS, MORE[0])) as seen:
        for edges, pulled in ((followed, True), (unfollowed, False), (followed, True)):
            append_all(speed_layer, [moved(edges(reader, CELEBRITY), w) for reader in MORE])
            said += say(20)
            followers = len(FOLLOWERS) + 2 * (edges is followed)
            change = classified(CELEBRITY, pulled=pulled, followers=followers)
            append_all(speed_layer, [moved(change, w)])
            said += say(20)
            wait(speed_layer, ["fanout"])
            assert own(speed_layer, CELEBRITY + w) == [id + w for id in said[::-1]]
            for reader in READERS:
                assert home(speed_layer, reader + w) == [id + w for id in said[::-1]]
            for reader in MORE:
                wanted = said if edges is followed else []
                assert home(speed_layer, reader + w) == [id + w for id in wanted[::-1]]
    assert seen.reads > 50


class Seen:
    """What a reader has seen once must be there ever after."""

    def __init__(self) -> None:
        self.reads, self.lost = 0, list[str]()
        self.newest: dict[int, set[int]] = {}

    def look(self, settings: Settings, reader: int) -> None:
        ids = home(settings, reader)
        before = self.newest.get(reader, set())
        if missing := before - set(ids):
            self.lost.append(f"{reader} no longer sees {sorted(missing)[:5]}")
        self.newest[reader] = set(ids)
        self.reads += 1


@contextmanager
def reading(settings: Settings, w: int, readers: tuple[int, ...]) -> Iterator[Seen]:
    """Homes are read all the while; of those who follow throughout, nothing may get lost."""
    seen, ending = Seen(), threading.Event()
    always = [reader for reader in readers if reader in READERS]

    def read() -> None:
        while not ending.is_set():
            for reader in always:
                seen.look(settings, reader + w)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        ending.set()
        thread.join()
    assert seen.lost == []


def test_a_planned_edge_is_pulled_and_pushed_again(speed_layer: Settings) -> None:
    w = world()
    opened(speed_layer, ALICE + w, BOB + w)
    edges = [moved(followed(reader, CELEBRITY), w) for reader in (ALICE, BOB)]
    play(speed_layer, edges, ["fanout"])
    for id, pulled in ((10, True), (11, False), (12, True), (13, True)):
        play(speed_layer, [moved(posted(id, CELEBRITY), w)], ["fanout"])
        plan = planned(CELEBRITY, ALICE, pulled=pulled)
        play(speed_layer, [moved(plan, w)], ["fanout"])
        for reader in (ALICE, BOB):
            assert home(speed_layer, reader + w) == [n + w for n in range(id, 9, -1)]
    play(speed_layer, [moved(unfollowed(ALICE, CELEBRITY), w)], ["fanout"])
    play(speed_layer, [moved(posted(14, CELEBRITY), w)], ["fanout"])
    assert home(speed_layer, ALICE + w) == []
    assert home(speed_layer, BOB + w) == [n + w for n in range(14, 9, -1)]


def test_a_burst_of_follows_of_one_author_is_gathered(speed_layer: Settings) -> None:
    """Each follower gets the author's recent tweets, and a later one too."""
    w, followers = world(), range(200, 700)
    opened(speed_layer, *(reader + w for reader in followers))
    play(speed_layer, [moved(posted(10, CELEBRITY), w)], ["fanout"])
    events = [followed(reader, CELEBRITY) for reader in followers]
    events += [unfollowed(reader, CELEBRITY) for reader in followers[:100]]
    play(speed_layer, [moved(event, w) for event in events], ["fanout"])
    play(speed_layer, [moved(posted(11, CELEBRITY), w)], ["fanout"])
    for number, reader in enumerate(followers):
        wanted = [] if number < 100 else [11 + w, 10 + w]
        assert home(speed_layer, reader + w) == wanted
