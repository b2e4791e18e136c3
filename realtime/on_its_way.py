"""May the next tweet begin while the last is on its way to Redis, and what if the job ends then?

It may: Redis writes one tweet while Flink finds whom the next is for. But a checkpoint may come in
between. That tweet is not read again after a restart, and nobody knows whether it was written. So
it is noted in its author's state when it is sent, and a timer is set; both are in the checkpoint.
The timer waits for what Redis answers, and takes the note away. A restart that finds a note sends
the tweet once more, when the timer comes or before the author's next: twice changes nothing.

(docs/decisions/0083-one-tweet-on-its-way.md)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

LATER_MS = 5  # what the mark of the last of several tweets comes later, at most


class Note(NamedTuple):
    """A tweet, and the place and offset of its record."""

    tweet_id: int
    place: str
    offset: int


Post = Callable[[int, int], Callable[[], int]]
"""Sends an author's tweet; what it returns waits until it is there, and says in how many homes."""

Written = tuple[Note, int]
"""A tweet that is written, and how many homes got it."""


class State(Protocol):
    """Of Flink's present key, as ValueState."""

    def value(self) -> tuple | None: ...

    def update(self, value: tuple) -> None: ...

    def clear(self) -> None: ...


class Timers(Protocol):
    """Of Flink's present key."""

    def current_processing_time(self) -> int: ...

    def register_processing_time_timer(self, timestamp: int) -> None: ...


class OnItsWay:
    """Flink's present key must be the author who is spoken of; each method is read to its end."""

    def __init__(self, noted: State, post: Post) -> None:
        self._noted, self._post = noted, post
        self._due: dict[int, int] = {}  # the timer of each author whose note is of this attempt
        self._sent: tuple[Note, Callable[[], int]] | None = None

    def send(self, author_id: int, note: Note, timers: Timers) -> Iterator[Written]:
        """Gives what is written by then: all but this one."""
        yield from self._again(author_id)
        yield from self._begin(author_id, note)
        self._noted.update(tuple(note))  # one an author is enough: the one before is written
        if author_id not in self._due:
            self._due[author_id] = timers.current_processing_time() + LATER_MS
            timers.register_processing_time_timer(self._due[author_id])

    def arrive(self) -> Iterator[Written]:
        """Returns when nothing is on its way."""
        sent, self._sent = self._sent, None
        if sent is not None:
            note, written = sent
            yield note, written()

    def on_timer(self, author_id: int, timestamp: int) -> Iterator[Written]:
        yield from self._again(author_id)
        if self._due.get(author_id) == timestamp:
            yield from self.arrive()
            self._noted.clear()
            del self._due[author_id]

    def _again(self, author_id: int) -> Iterator[Written]:
        """What a checkpoint says was on its way."""
        if author_id not in self._due and (noted := self._noted.value()):
            yield from self._begin(author_id, Note(*noted))
            yield from self.arrive()
            self._noted.clear()

    def _begin(self, author_id: int, note: Note) -> Iterator[Written]:
        written = self._post(author_id, note.tweet_id)
        yield from self.arrive()
        self._sent = note, written
