"""Small queries that are asked side by side: each has a session to itself, and a failure is told.

`Sessions` stands where Spark's session would: what is tested is who gets which, and when it ends.
"""

from __future__ import annotations

import threading
from typing import Any

import pytest

from batch.side_by_side import AT_ONCE, side_by_side


class Sessions:
    def __init__(self) -> None:
        self.made: list[set[str]] = []

    def newSession(self) -> set[str]:
        """The temporary views of another session."""
        self.made.append(set())
        return self.made[-1]


def test_each_is_done_by_name_and_no_two_share_a_session_at_once() -> None:
    sessions: Any = Sessions()
    together = threading.Barrier(AT_ONCE, timeout=30)

    def work(views: set[str], thing: int) -> int:
        views.add("mine")
        together.wait()  # all sessions are in use now
        views.remove("mine")  # a KeyError if another had the same
        assert views == {"prepared"}
        return thing * thing

    things = {str(n): n for n in range(3 * AT_ONCE)}
    done = side_by_side(sessions, lambda views: views.add("prepared"), things, work)
    assert done == {name: n * n for name, n in things.items()}
    assert len(sessions.made) == AT_ONCE


def test_what_fails_is_raised_and_what_had_not_begun_never_begins() -> None:
    sessions: Any = Sessions()
    begun: list[int] = []

    def work(_views: set[str], thing: int) -> None:
        begun.append(thing)
        sum(range(20_000))  # it takes a while, so that there is a meanwhile
        if not thing:
            raise ValueError("thing 0")

    with pytest.raises(ValueError, match="thing 0"):
        side_by_side(sessions, lambda _views: None, {str(n): n for n in range(10_000)}, work)
    assert len(begun) < 10_000
