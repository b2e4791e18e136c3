"""A tiny made-up file comes out of the platform as the oracle says, also after Redis was lost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from rich.console import Console

from cli.replay import run
from cli.steps import Steps
from settings import Settings
from tests.replay.files import follows_file, tweet, tweets_file

# It waits for an epoch to close, and Spark rebuilds every view.
pytestmark = [pytest.mark.e2e, pytest.mark.engines, pytest.mark.timeout(1_200)]

AUTHORS, READERS = 4, 12


def write_world(folder: Path) -> tuple[Path, Path]:
    """A few busy authors, so that timelines are cut; readers who follow some of them."""
    now_ms = time.time_ns() // 1_000_000  # ids of this run alone
    authors = [now_ms + n for n in range(AUTHORS)]
    readers = [now_ms + 100 + n for n in range(READERS)]
    first = now_ms << 20
    rows = [
        tweet(
            first + n,
            authors[n % AUTHORS],
            minute=n // 3,
            retweet_of=first + n - 7 if n % 5 == 4 and n > 7 else None,
        )
        for n in range(1_400)
    ]
    follows = [(r, a) for i, r in enumerate(readers) for j, a in enumerate(authors) if (i + j) % 3]
    return tweets_file(folder, *rows), follows_file(folder, *follows)


def test_a_file_played_twice_is_right_before_and_after_redis_was_lost(
    platform: Settings, tmp_path: Path
) -> None:
    tweets, follows = write_world(tmp_path)
    for rebuild in (False, True):
        with Steps(Console(stderr=True)) as steps:
            outcome = run(platform, steps, tweets, follows, limit=None, check=True, rebuild=rebuild)
        wrong = [c for c in outcome["checks"] + outcome.get("after_rebuild", []) if not c["ok"]]
        assert wrong == []
    assert outcome["readers"] == READERS
    assert len(outcome["after_rebuild"]) == 3
