"""However a job ends while a tweet is on its way, and whatever Redis got of it: none is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hypothesis import given
from hypothesis import strategies as st

from realtime.on_its_way import LATER_MS, Note, OnItsWay, Written

AUTHORS = 3
STEP = st.sampled_from(["post", "post", "post", "checkpoint", "time", "crash"])
steps = st.lists(st.tuples(STEP, st.integers(0, AUTHORS - 1)), max_size=40)


class OfKey(dict):
    """State by key, and timers by key and time, as Flink keeps them for a present key."""

    key = 0
    now = 0

    def __init__(self, values: Iterable = (), timers: Iterable = ()) -> None:
        super().__init__(values)
        self.timers = set(timers)

    def value(self) -> tuple | None:
        return self.get(self.key)

    def update(self, value: tuple) -> None:  # type: ignore[override]
        self[self.key] = value

    def clear(self) -> None:
        self.pop(self.key, None)

    def current_processing_time(self) -> int:
        return self.now

    def register_processing_time_timer(self, timestamp: int) -> None:
        self.timers.add((timestamp, self.key))


class Job:
    """Each author's records are a place of their own; a tweet is the number of its record."""

    def __init__(self) -> None:
        self.written: set[int] = set()
        self.marks: dict[str, int] = {}
        self.log: list[tuple[int, Note]] = []
        self.read, self.state = 0, OfKey()
        self.checkpoint()
        self.crash()

    def post(self, _author: int, tweet: int) -> Callable[[], int]:
        def written() -> int:
            self.written.add(tweet)
            return 1

        return written

    def says(self, author: int) -> None:
        number = len(self.log)
        self.log.append((author, Note(number, str(author), number)))
        self.go_on()

    def go_on(self) -> None:
        for author, note in self.log[self.read :]:
            self.state.key, self.read = author, self.read + 1
            self.mark(self.way.send(author, note, self.state))

    def time(self, milliseconds: int) -> None:
        self.state.now += milliseconds
        while due := [timer for timer in self.state.timers if timer[0] <= self.state.now]:
            timer = min(due)
            self.state.timers.remove(timer)
            at, self.state.key = timer
            self.mark(self.way.on_timer(self.state.key, at))

    def mark(self, written: Iterable[Written]) -> None:
        for note, _ in written:
            author = int(note.place)
            earlier = {n.tweet_id for a, n in self.log if a == author and n.offset <= note.offset}
            assert earlier <= self.written, "a mark says what is not true"
            self.marks[note.place] = note.offset

    def checkpoint(self) -> None:
        self.kept = self.read, dict(self.state), set(self.state.timers), dict(self.marks)

    def crash(self) -> None:
        """What is on its way is lost, and what came after the checkpoint comes again."""
        now = self.state.now + 1_000
        self.read, values, timers, self.marks = self.kept
        self.state, self.marks = OfKey(values, timers), dict(self.marks)
        self.state.now = now
        self.way = OnItsWay(self.state, self.post)


@given(steps)
def test_every_tweet_is_written_and_marked_and_no_mark_comes_before(steps) -> None:
    job = Job()
    for step, author in steps:
        match step:
            case "post":
                job.says(author)
            case "checkpoint":
                job.checkpoint()
            case "time":
                job.time(LATER_MS // 2)
            case "crash":
                job.crash()
                if author:  # else the next record comes before the timers that are due
                    job.time(0)
                job.go_on()
    job.time(2 * LATER_MS)
    assert job.written == set(range(len(job.log)))
    assert job.marks == {note.place: note.offset for _, note in job.log}
    assert not job.state, "a note outlived what it is for"
