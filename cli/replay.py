"""Does the platform come to the right answers on real activity?

Plays the accounts, edges and tweets of two files through the log, waits for the speed layer and
compares what is served with an oracle; then empties Redis, rebuilds it from the lake and compares
again. What is assumed of a platform that has been used before stands in docs/replay.md.
"""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from redis import Redis
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import settings as settings_module
from cli import batch, up
from cli.catching_up import catch_up
from cli.steps import Steps
from ingest.bulk import append_all
from ingest.ends import event_ends
from replay import deliveries, playing, rebuilding, served
from replay.checking import Check, check_counts, check_number, check_timelines
from replay.files import Loaded, load
from replay.oracle import Expected, expected
from serving.services import make
from settings import Settings
from stores.shards import Shards
from views.registry import JOB_TOPICS, VIEWS
from views.tweet_counts import TWEET_COUNTS
from views.user_counts import USER_COUNTS


def replay(
    tweets: Path, follows: Path, limit: int | None, check: bool, rebuild: bool, as_json: bool
) -> int:
    """Returns the exit code: 0 when all compares, 1 when not, 2 when there is nothing to replay.

    Raises `BadFile`, `LogUnavailable`, `Stalled`, `NoFanout`, `CommandFailed`.
    """
    console = Console(stderr=as_json)
    if absent := [str(path) for path in (tweets, follows) if not path.exists()]:
        console.print(f"Nothing to replay: there is no {escape(' and no '.join(absent))}.")
        return 2
    up.start()
    with Steps(console) as steps:
        outcome = run(settings_module.load(), steps, tweets, follows, limit, check, rebuild)
    if as_json:
        print(json.dumps(outcome, indent=2))
    return 0 if outcome["ok"] else 1


def run(
    settings: Settings,
    steps: Steps,
    tweets: Path,
    follows: Path,
    limit: int | None,
    check: bool,
    rebuild: bool,
) -> dict[str, Any]:
    """All of it. Returns the outcome as `--json` prints it."""
    redis = Redis.from_url(settings.redis_url)
    with steps.step("Read the files") as bar:
        loaded = load(tweets, follows, limit=limit)
        bar.note(f"{loaded.accounts:,} accounts, {loaded.edges:,} edges, {loaded.entries:,} tweets")
    for sentence in loaded.left_out:
        steps.console.print(f"  left out: {escape(sentence)}")
    before = deliveries.at_rest(settings)
    ended_ms = play(settings, steps, redis, loaded)
    outcome: dict[str, Any] = {
        "accounts": loaded.accounts, "edges": loaded.edges, "entries": loaded.entries, "ok": True,
    }  # fmt: skip
    if check:
        with steps.step("Ask the oracle") as bar:
            oracle = expected(loaded.db, cap=settings.timeline_cap)
            bar.note(f"{oracle.deliveries:,} deliveries to {oracle.readers:,} readers")
        outcome |= {"deliveries": oracle.deliveries, "readers": oracle.readers}
        delivered = deliveries.wait_for(settings, oracle.deliveries, before)
        compared = [check_number("deliveries", oracle.deliveries, delivered)]
        compared += compare(settings, steps, redis, loaded, oracle)
        outcome["checks"] = _told(steps.console, "Served by the speed layer", compared)
        if rebuild:
            wipe_and_rebuild(settings, steps, ended_ms)
            again = compare(settings, steps, redis, loaded, oracle)
            outcome["after_rebuild"] = _told(steps.console, "Rebuilt from the lake", again)
            compared += again
        outcome["ok"] = all(c.ok for c in compared)
    outcome["steps"] = [asdict(step) for step in steps.done]
    return outcome


def play(settings: Settings, steps: Steps, redis: Redis, loaded: Loaded) -> int:
    """Plays the files; returns when the speed layer has applied them, and when that was (ms)."""
    with steps.step("Play accounts", loaded.accounts) as bar:
        append_all(settings, playing.accounts(loaded), bar.advance)
    with steps.step("Play edges", loaded.edges) as bar:
        append_all(settings, playing.follows(loaded), bar.advance)
    # Every edge is in place before the first tweet, so that each delivery is one push.
    catch_up(steps, redis, ["fanout"], event_ends(settings, ["follows"]))
    with closing(Shards(settings)) as shards:
        served.open_homes(shards, settings, loaded.readers)
    with steps.step("Play tweets", loaded.entries) as bar:
        append_all(settings, playing.entries(loaded), bar.advance)
    ended_ms = time.time_ns() // 1_000_000
    catch_up(steps, redis, JOB_TOPICS, event_ends(settings))
    return ended_ms


def compare(
    settings: Settings, steps: Steps, redis: Redis, loaded: Loaded, oracle: Expected
) -> list[Check]:
    """Asks for everything that the oracle has an answer to."""
    names = dict(loaded.db.execute("SELECT id, username FROM accounts").fetchall())
    with (
        steps.step("Compare timelines", len(oracle.timelines)) as bar,
        closing(make(settings)) as services,
    ):
        homes = served.home_timelines(services.homes, oracle.timelines)
        checks = [check_timelines(oracle.timelines, homes, names)]
        bar.reach(checks[0].asked)
    for view, counts in (
        (TWEET_COUNTS, oracle.tweet_counts),
        (USER_COUNTS, oracle.user_counts),
    ):
        with steps.step(f"Compare {view.name}", len(counts)) as bar:
            found = served.counts(redis, view, counts)
            checks.append(check_counts(view.name, counts, found, names))
            bar.reach(checks[-1].asked)
    return checks


def wipe_and_rebuild(settings: Settings, steps: Steps, ended_ms: int) -> None:
    """Empties Redis and puts back every view from the lake."""
    with steps.step("Wait for the epoch to close") as bar:
        # Batch covers whole epochs: what was played last is in the lake's answer after that.
        rebuilding.wait_until_closed(
            settings, ended_ms, lambda left: bar.note(f"{left:.0f} s of {settings.epoch_seconds} s")
        )
        bar.note("")
    with steps.step("Wipe Redis") as bar:
        bar.note(f"{rebuilding.wipe(settings):,} keys gone")
    with steps.step("Rebuild from the lake") as bar:
        done = batch.run("batch", "batch.rebuild", *(view.name for view in VIEWS))
        bar.note(f"{len(VIEWS)} views through epoch {done['through']}")


def _told(console: Console, title: str, checks: list[Check]) -> list[dict[str, Any]]:
    """Prints the checks as a table, with examples of what is wrong; returns them for JSON."""
    table = Table(title=title, title_justify="left")
    for column in ("check", "asked", "wrong"):
        table.add_column(column, justify="left" if column == "check" else "right")
    for check in checks:
        style = "green" if check.ok else "red"
        table.add_row(check.name, f"{check.asked:,}", f"[{style}]{check.wrong:,}[/]")
    console.print(table)
    for check in checks:
        for example in check.examples:
            console.print(f"  {escape(example)}", highlight=False)
    return [asdict(check) | {"ok": check.ok} for check in checks]
