"""When are a record and all before it applied, where several are applied side by side?

Records are noted in the order in which they are read, and passed on in that order, each once it is
applied.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque


class Order:
    """By place of the log. Both methods give the offset up to which all is applied now, or None
    where that is no news."""

    def __init__(self) -> None:
        self._noted: defaultdict[str, deque[int]] = defaultdict(deque)
        self._applied: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def note(self, place: str, offset: int) -> int | None:
        """A record was read. An offset that is noted several times is applied as often."""
        self._noted[place].append(offset)
        return self._reached(place)

    def apply(self, place: str, offset: int) -> int | None:
        """A record was applied, whether noted already or not."""
        self._applied[place][offset] += 1
        return self._reached(place)

    def _reached(self, place: str) -> int | None:
        noted, applied = self._noted[place], self._applied[place]
        reached = None
        while noted and applied[noted[0]]:
            reached = noted.popleft()
            applied[reached] -= 1
            if not applied[reached]:
                del applied[reached]
        return reached
