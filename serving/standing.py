"""What stands on a timeline, newest first, and how deep must one look for it?

The newest of all that were found stand there, up to the cap. Where of some authors only the newest
tweets were fetched, what lies below `floor` is not complete: it is fetched, by `deepen`, when
somebody asks for it, and most pages do not.

>>> standing = Standing([5, 9, 7], cap=2)
>>> standing.page(Cursor(), 10), standing.between(1, 9), standing.holds(5)
([9, 7], [7], False)
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from serving.paging import Cursor, cut


class Standing:
    """The entries of one timeline as one reader finds them. Not for several threads.

    `deepen` gives all ids, those that were known among them. Each method may raise what it raises.
    """

    def __init__(
        self,
        ids: Iterable[int],
        *,
        cap: int,
        floor: int = 0,
        deepen: Callable[[], Iterable[int]] | None = None,
        stale: frozenset[str] = frozenset(),
    ) -> None:
        self._cap, self._floor, self._deepen, self.stale = cap, floor, deepen, stale
        self._take(ids)

    def page(self, at: Cursor, count: int) -> list[int]:
        """Up to so many ids at the cursor, newest first; fewer only where the timeline ends."""
        if at.newer_than is not None and at.newer_than < self._floor:
            self._look_deeper()
        found = cut(self._ids, at, count)
        if at.newer_than is None and len(found) < count and self._look_deeper():
            found = cut(self._ids, at, count)
        return found

    def all(self) -> list[int]:
        """All that stands there, newest first."""
        self._look_deeper()
        return self._ids

    def between(self, low: int, high: int) -> Sequence[int]:
        """The entries from the id `low` on up to the id `high`, exclusive; newest first."""
        if low < self._floor:
            self._look_deeper()
        return self._ids[self._place(high) : self._place(low)]

    def holds(self, id: int) -> bool:
        """Whether it stands there."""
        if id < self._floor and id not in self._set:
            self._look_deeper()
        return id in self._set

    def _place(self, id: int) -> int:
        """How many entries are newer than those below the id."""
        return bisect_right(self._ids, -id, key=int.__neg__)

    def _look_deeper(self) -> bool:
        """Whether there was more to know."""
        if self._deepen is None or not self._floor:
            return False
        self._floor, deepen = 0, self._deepen
        self._take(deepen())
        return True

    def _take(self, ids: Iterable[int]) -> None:
        # Sorted after what lies below the floor is gone: of many tails that is most of it.
        above = {id for id in ids if id >= self._floor}
        self._ids = sorted(above, reverse=True)[: self._cap]
        if len(self._ids) == self._cap:
            self._floor = 0  # what lies below is beyond the cap
        self._set = set(self._ids)
