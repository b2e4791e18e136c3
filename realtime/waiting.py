"""What waits in an operator until enough of it has come, or the time is up?

Kept in Flink's own state, so that a checkpoint holds it, and once more in memory, so that a look at
it costs nothing.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pyflink.common import Types
from pyflink.datastream.state import ListStateDescriptor

Item = TypeVar("Item")


class Waiting(Generic[Item]):
    """Items by key; Flink's present key must be the one that is asked for."""

    def __init__(self, context: Any) -> None:
        descriptor = ListStateDescriptor("waiting", Types.PICKLED_BYTE_ARRAY())
        self._kept = context.get_list_state(descriptor)
        self._items: dict[Any, list[Item]] = {}

    def of(self, key: Any) -> list[Item]:
        if key not in self._items:  # the first time since the start: a checkpoint may have some
            self._items[key] = list(self._kept.get())
        return self._items[key]

    def add(self, key: Any, item: Item) -> None:
        self.of(key).append(item)
        self._kept.add(item)

    def clear(self, key: Any) -> None:
        self._kept.clear()
        self._items[key] = []
