"""How do many small queries keep more than one core busy?

Spark plans a query, and commits what it wrote, in the one thread that asks; with small inputs that
is most of the work. So a few threads ask at once, each in a session of its own: temporary views of
one are not seen by another, whatever they are called. What is cached and compiled is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # else the tests of it would need Spark
    from pyspark.sql import SparkSession

AT_ONCE = 2
Thing = TypeVar("Thing")
Done = TypeVar("Done")


def side_by_side(
    spark: SparkSession,
    prepare: Callable[[SparkSession], object],
    things: Mapping[str, Thing],
    work: Callable[[SparkSession, Thing], Done],
) -> dict[str, Done]:
    """What `work` returns of each of these things, by name, `AT_ONCE` of them under way.

    Each session is given to `prepare` first. Once one thing fails no more are begun, and what
    failed is raised when those under way have ended.
    """
    free: SimpleQueue[SparkSession] = SimpleQueue()
    for _ in range(AT_ONCE):
        own = spark.newSession()
        prepare(own)
        free.put(own)

    def one(thing: Thing) -> Done:
        own = free.get()
        try:
            return work(own, thing)
        finally:
            free.put(own)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = {name: pool.submit(one, thing) for name, thing in things.items()}
        try:
            wait(begun.values(), return_when=FIRST_EXCEPTION)
        finally:
            pool.shutdown(cancel_futures=True)
        return {name: each.result() for name, each in begun.items()}
