"""Many ask the same at the same moment; one of them asks for all."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from serving.single_flight import SingleFlight


def test_whoever_comes_while_an_answer_is_under_way_shares_it() -> None:
    flights: SingleFlight[int, int] = SingleFlight()
    asked: Counter[int] = Counter()
    everybody, lock = threading.Barrier(8), threading.Lock()
    waiting, arrived = threading.Event(), threading.Semaphore(0)

    def ask(keys: list[int]) -> list[int]:
        with lock:
            asked.update(keys)
        if 0 in keys:
            waiting.wait(10)
        return [key * 2 for key in keys]

    def one(n: int) -> list[int]:
        everybody.wait(10)
        arrived.release()
        return flights.many([0, n], ask)

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(one, n) for n in range(1, 9)]
        for _ in answers:
            arrived.acquire(timeout=10)
        while sum(asked.values()) < 9:  # all have asked for their own, and one for 0
            pass
        waiting.set()
        assert [answer.result() for answer in answers] == [[0, 2 * n] for n in range(1, 9)]
    assert asked == Counter(range(9))
    assert flights.many([0], ask) == [0]
    assert asked[0] == 2, "nothing is kept"


def test_who_shares_an_answer_shares_its_failure() -> None:
    flights: SingleFlight[int, int] = SingleFlight()

    def fail(_: list[int]) -> list[int]:
        raise LookupError("away")

    with pytest.raises(LookupError):
        flights.many([1, 2], fail)
    assert flights.many([1, 2], lambda keys: keys) == [1, 2]
