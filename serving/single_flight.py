"""How is the same question asked once, when many ask it at the same moment?

Whoever comes first asks; whoever comes while the answer is under way waits for it and shares it, or
the error. Nothing is kept: the next one asks anew.

>>> flights = SingleFlight()
>>> flights.many([3, 4], lambda keys: [key * key for key in keys])
[9, 16]
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """Thread-safe; of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[K, Future[V]] = {}

    def many(self, keys: Sequence[K], ask: Callable[[list[K]], Sequence[V]]) -> list[V]:
        """The answer for each key. `ask` is called once, for those that nobody else is asking for.

        Raises what `ask` raised, here or where it was called.
        """
        with self._lock:
            answers = {key: self._under_way.get(key) or Future() for key in keys}
            mine = [key for key in answers if key not in self._under_way]
            self._under_way.update((key, answers[key]) for key in mine)
        if mine:
            try:
                for key, value in zip(mine, ask(mine), strict=True):
                    answers[key].set_result(value)
            except BaseException as error:
                for key in mine:
                    if not answers[key].done():
                        answers[key].set_exception(error)
                raise
            finally:
                with self._lock:
                    for key in mine:
                        del self._under_way[key]
        return [answers[key].result() for key in keys]
