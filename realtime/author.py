"""What must be written to timelines when something happens to this author?

Everything about one author is decided here, one thing after the other, so it is never in doubt who
of the followers is pushed to and who pulls. A follower's edge is in one of two sets: pushed, or
pulled because the plan says so; and when the author is of the pulled class, all followers pull.

Pushing or pulling too much changes no answer, since a reader takes every id once. So a change is
right at every moment if a way opens before the other closes:

    push -> pull   the author joins the reader's pull list; pushes end
    pull -> push   the reader gets the author's recent tweets; then the author leaves the pull list

(docs/decisions/0070-push-and-pull-overlap.md)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

from realtime.deliveries import Action
from realtime.followers import Followers
from settings import Settings
from views.timelines import (
    ENTRY_BYTES,
    bucket_of,
    home_prefix,
    pack,
    pulls_prefix,
    settle,
    user_key,
)

Call = tuple[int, tuple[Any, ...]]
"""A bucket, and what is asked of the server that has it."""

Chunk = tuple[int, str]
"""A bucket, and readers of it in decimal with spaces between."""

Replies = Callable[[], list[Any]]
"""Waits for what the servers answer, and gives it."""

CALLS = 64  # in one round trip; more would only wait in buffers
APPENDED = 40_000  # entries that one call appends: some 20 ms in which Redis does nothing else


class About(NamedTuple):
    """What is kept of an author beside the followers: whether all of them pull, and the newest
    entries, in order, each once."""

    pulled: bool = False
    recent: bytes = b""


class Author:
    """`write` sends calls in one round trip and returns what each replied. `send` does not wait,
    what it returns does; each server takes what is sent in its order.

    Before `apply` returns, all that follows from it is written; `about` is then what holds.
    """

    def __init__(
        self,
        id: int,
        about: About,
        pushed: Followers,
        pulled: Followers,
        settings: Settings,
        write: Callable[[Iterable[Call]], list[Any]],
        send: Callable[[Iterable[Call]], Replies],
    ) -> None:
        self.id, self.about = id, about
        self._pushed, self._pulled = pushed, pulled
        self._settings, self._write, self._send = settings, write, send

    def apply(self, action: Action, subjects: Iterable[int]) -> int:
        """Returns how many home timelines got entries.

        `subjects` are tweets for `POST`, readers for what happens to edges, and none for a change
        of class.
        """
        match action:
            case Action.POST:
                return sum(self.post(id)() for id in subjects)
            case Action.FOLLOW:
                new = [r for r in subjects if r not in self._pulled and self._pushed.add(r)]
                return self._open(new)
            case Action.UNFOLLOW:
                return self._close(subjects)
            case Action.PULL_ALL if not self.about.pulled:
                self.about = self.about._replace(pulled=True)
                return self._pull(self._pushed.chunks())
            case Action.PUSH_ALL if self.about.pulled:
                self.about = self.about._replace(pulled=False)
                return self._push(self._pushed.chunks())
            case Action.PULL:
                moved = [r for r in subjects if self._pushed.remove(r) and self._pulled.add(r)]
                return 0 if self.about.pulled else self._pull(self._chunks(moved))
            case Action.PUSH:
                moved = [r for r in subjects if self._pulled.remove(r) and self._pushed.add(r)]
                return 0 if self.about.pulled else self._push(self._chunks(moved))
        return 0

    def post(self, id: int) -> Callable[[], int]:
        """Returns what waits until the last of the pushes is written, and says how many homes got
        the entry. Nothing but posts may happen to this author before."""
        entry = pack([id])
        self._keep(entry)
        # On the author's own first: whoever builds a home and misses the push finds it there.
        (stood,) = self._write([self._own(entry)])
        if not stood and entry != self.about.recent:
            self._write([self._own(self.about.recent)])
        if self.about.pulled:
            return lambda: 0
        return self._push_now(
            (bucket, ("FCALL", "timeline_push", 1, home_prefix(bucket), entry, some, *self._cut))
            for bucket, some in self._pushed.chunks()
        )

    def _push_now(self, calls: Iterator[Call]) -> Callable[[], int]:
        """Some after the others; of the last the replies are still to come."""
        written, replies = 0, self._send(islice(calls, CALLS))
        for more in calls:
            written += sum(replies())
            replies = self._send(chain([more], islice(calls, CALLS - 1)))
        return lambda: written + sum(replies())

    def _open(self, readers: list[int]) -> int:
        """A way from the author to those who begin to follow."""
        if self.about.pulled:
            return self._pull(self._chunks(readers))
        return self._call(self._backfill(self._chunks(readers)))

    def _close(self, readers: Iterable[int]) -> int:
        """No way any more, and nothing left of the author on their timelines."""
        pulled, pushed = [], []
        for reader in readers:
            if self._pulled.remove(reader):
                pulled.append(reader)
            elif self._pushed.remove(reader):
                pushed.append(reader)
        pulling = pulled + pushed if self.about.pulled else pulled
        calls = list(self._unpull(self._chunks(pulling)))
        if recent := self.about.recent:
            calls += [
                (bucket, ("timeline_remove", 1, home_prefix(bucket), recent, some, self._cut[0]))
                for bucket, some in self._chunks(pulled + pushed)
            ]
        return self._call(calls)

    def _pull(self, chunks: Iterable[Chunk]) -> int:
        author = pack([self.id])
        return self._call(
            (bucket, ("pulls_add", 2, home_prefix(bucket), pulls_prefix(bucket), author, readers))
            for bucket, readers in chunks
        )

    def _push(self, chunks: Iterable[Chunk]) -> int:
        chunks = list(chunks)
        delivered = self._call(self._backfill(chunks))
        self._call(self._unpull(chunks))
        return delivered

    def _unpull(self, chunks: Iterable[Chunk]) -> Iterator[Call]:
        author = pack([self.id])
        for bucket, readers in chunks:
            yield bucket, ("pulls_remove", 1, pulls_prefix(bucket), author, readers)

    def _backfill(self, chunks: Iterable[Chunk]) -> Iterator[Call]:
        """The author's recent entries for all of them, a part at a time."""
        recent = self.about.recent
        if not recent:
            return
        at_once = max(1, APPENDED * ENTRY_BYTES // len(recent))
        for bucket, chunk in chunks:
            rest = iter(chunk.split())
            while readers := " ".join(islice(rest, at_once)):
                yield (
                    bucket,
                    ("timeline_push", 1, home_prefix(bucket), recent, readers, *self._cut),
                )

    def _keep(self, entry: bytes) -> None:
        recent, cap = self.about.recent, self._settings.timeline_cap
        if entry > recent[-ENTRY_BYTES:]:
            recent = (recent + entry)[-cap * ENTRY_BYTES :]
        else:  # a repeat, or late
            recent = pack(reversed(settle(recent + entry, cap=cap)))
        self.about = self.about._replace(recent=recent)

    def _own(self, entries: bytes) -> Call:
        s = self._settings
        key = user_key(self.id, s.timeline_buckets)
        push = ("author_push", 1, key, entries, *self._cut, s.timeline_seconds)
        return bucket_of(self.id, s.timeline_buckets), ("FCALL", *push)

    @property
    def _cut(self) -> tuple[int, int]:
        return self._settings.timeline_cap, self._settings.timeline_slack

    def _chunks(self, readers: Iterable[int]) -> list[Chunk]:
        found: dict[int, list[int]] = defaultdict(list)
        for reader in readers:
            found[bucket_of(reader, self._settings.timeline_buckets)].append(reader)
        return [(bucket, " ".join(map(str, some))) for bucket, some in found.items()]

    def _call(self, functions: Iterable[Call]) -> int:
        """Calls them; returns how many timelines were pushed to.

        Each is sent as soon as it is made: Redis writes one chunk while Flink finds the next.
        """
        rest, delivered, pushes = iter(functions), 0, list[bool]()

        def some() -> Iterator[Call]:
            for bucket, call in islice(rest, CALLS):
                pushes.append(call[0] == "timeline_push")
                yield bucket, ("FCALL", *call)

        while replies := self._write(some()):
            delivered += sum(n for n, push in zip(replies, pushes, strict=True) if push)
            pushes.clear()
        return delivered
