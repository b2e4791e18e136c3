"""What would have trended while the tweets of a file were written?"""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import settings as settings_module
from cli.steps import Steps
from replay import trends
from replay.tag_files import load

EVERY = 5  # minutes: a trend is told so long after it is one, at most


def replay_trends(tweets: Path, out: Path, as_json: bool) -> int:
    """Returns the exit code: 0, or 2 when there is nothing to replay. Raises `BadFile`."""
    console = Console(stderr=as_json)
    if not tweets.exists():
        console.print(f"Nothing to replay: there is no {escape(str(tweets))}.")
        return 2
    if not out.absolute().parent.is_dir():
        console.print(f"Nowhere to write: there is no folder {escape(str(out.absolute().parent))}.")
        return 2
    with Steps(console) as steps:
        with steps.step("Read the file") as bar:
            texts = load(tweets)
            bar.note(f"{len(texts):,} texts")
        for sentence in texts.left_out:
            console.print(f"  left out: {escape(sentence)}")
        minutes = texts.last_minute - texts.first_minute + 1
        with steps.step("Walk through its time, minute by minute", minutes) as bar:
            found = trends.write(
                texts,
                out,
                every=EVERY,
                least_people=settings_module.load().trend_least_people,
                advance=bar.advance,
            )
            bar.note(f"{found.tags:,} tags trended")
    if as_json:
        print(json.dumps(found._asdict() | {"out": str(out)}))
        return 0
    _show(console, out)
    return 0


def _show(console: Console, out: Path) -> None:
    """The greatest bursts, one line each."""
    table = Table(title=f"The greatest of {escape(str(out))}", title_justify="left")
    for column in ("tag", "window", "since", "hours", "score", "people", "usual"):
        left = column in ("tag", "window")
        table.add_column(column, justify="left" if left else "right", no_wrap=column != "tag")
    for burst in trends.greatest(out, 15):
        table.add_row(
            escape(burst.tag),
            burst.window,
            f"{burst.since:%Y-%m-%d %H:%M}",
            f"{(burst.until - burst.since).total_seconds() / 3600:.1f}",
            f"{burst.score:.1f}",
            f"{burst.people:,}",
            f"{burst.expected_people:.1f}",
        )
    console.print(table)
