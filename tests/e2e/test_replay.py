"""What is played comes out of the platform as the oracle says, also after Redis was lost.

Real activity where there is any beside the repository, else a tiny made-up file.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli.replay import run
from cli.steps import Steps
from settings import Settings
from tests.beside import found
from tests.replay.files import follows_file, tweet, tweets_file

# It waits for an epoch to close, and Spark rebuilds every view.
pytestmark = [pytest.mark.e2e, pytest.mark.engines, pytest.mark.timeout(1_200)]

AUTHORS, READERS = 4, 12
TWEETS = "data/stream/congress_tweets_2015_jan_apr.parquet"
FOLLOWS = "data/graph/congress_follows_train_valid.parquet"
LIMIT = 2_000  # of the real tweets, and the follows of their authors


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


def play(settings: Settings, files: tuple[Path, Path], *, rebuild: bool) -> dict[str, Any]:
    with Steps(Console(stderr=True)) as steps:
        outcome = run(settings, steps, *files, limit=LIMIT, check=True, rebuild=rebuild)
    assert [c for c in outcome["checks"] + outcome.get("after_rebuild", []) if not c["ok"]] == []
    return outcome


def real(made_up: tuple[Path, Path]) -> tuple[Path, Path]:
    """Real activity where it is beside the repository, else this."""
    tweets, follows = found(TWEETS), found(FOLLOWS)
    return (tweets, follows) if tweets and follows else made_up


def test_what_is_played_is_right(platform: Settings, tmp_path: Path) -> None:
    assert play(platform, real(write_world(tmp_path)), rebuild=False)["checks"]


@pytest.mark.long
def test_what_is_played_is_right_after_redis_was_lost(platform: Settings, tmp_path: Path) -> None:
    made_up = write_world(tmp_path)
    assert play(platform, made_up, rebuild=False)["readers"] == READERS
    outcome = play(platform, real(made_up), rebuild=True)
    assert len(outcome["after_rebuild"]) == 3
