"""What does Starling do, seen from a chair? Sets it up, plays activity, checks, leaves it running.

A made-up world (`ingest/generator`) lives through the API and the log at once; a batch cycle runs
through Airflow; then what the API answers is compared with a recount of the lake.
"""

from __future__ import annotations

import json
import os
import secrets
import time

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import settings as settings_module
from cli import up
from cli.demo_world import DemoWorld
from cli.steps import Steps
from engines.airflow import USER, Airflow
from replay.checking import Check

EPOCH_SECONDS = "15"  # of a platform that the demo makes: so long a batch cycle waits at most
INTRO = """\
[bold]Starling[/] is a social timeline platform. You will see one made-up world of {users} people
live on it, and the two layers that answer for it:

  [bold]speed[/]   Kafka → Flink → Redis: a post is on its readers' homes within a second
  [bold]batch[/]   Kafka → Delta lake → Spark, under Airflow: counts everything again, and heals

Real servers, as processes of this machine, on 127.0.0.1. The first time takes a few minutes more,
because everything is fetched. At the end what the API answers must equal a recount of the lake.
"""


def demo(users: int, members: int, actions: int, seed: str | None) -> int:
    """Returns the exit code: 0 when what is served equals the recount."""
    console = Console()
    console.print(INTRO.format(users=users), highlight=False, soft_wrap=True)
    _choose_epoch(console)
    up.start()
    began = time.monotonic()
    with Steps(console) as steps:
        settings = settings_module.load()
        play = DemoWorld(settings, steps, users, members, actions, seed or secrets.token_hex(2))
        play.settle()
        play.live()
        play.batch()
        checks = play.compare()
    _report(console, play, checks, time.monotonic() - began)
    _next(console, play)
    return 0 if all(check.ok for check in checks) else 1


def _choose_epoch(console: Console) -> None:
    """A platform that is new gets a short epoch, so that nobody waits five minutes for batch."""
    fresh = not (settings_module.Settings().state_dir / "platform.json").exists()
    if fresh and "STARLING_EPOCH_SECONDS" not in os.environ:
        os.environ["STARLING_EPOCH_SECONDS"] = EPOCH_SECONDS
        settings_module.load.cache_clear()
    settings = settings_module.load()
    made = "A new platform" if fresh else "The platform that is there"
    console.print(
        f"{made} in {settings.state_dir}, epochs of {settings.epoch_seconds} s: the batch cycle "
        "waits that long at most.\n",
        highlight=False,
        soft_wrap=True,
    )


def _report(console: Console, play: DemoWorld, checks: list[Check], seconds: float) -> None:
    steps = Table("step", "things", "a second", "seconds", title="What happened")
    for column in steps.columns[1:]:
        column.justify = "right"
    for step in play.steps.done:
        things, rate = (f"{step.count:,}", f"{step.rate:,.0f}") if step.count else ("", "")
        steps.add_row(step.name, things, rate, f"{step.seconds:.1f}")
    steps.add_row("all of it", "", "", f"{seconds:.1f}", style="bold")
    table = Table("served by the API = recount of the lake?", "compared", "wrong")
    for column in table.columns[1:]:
        column.justify = "right"
    for check in checks:
        style = "green" if check.ok else "red"
        table.add_row(check.name, f"{check.asked:,}", f"[{style}]{check.wrong:,}[/]")
    console.print(steps, table)
    for check in checks:
        for example in check.examples:
            console.print(f"  {escape(example)}", highlight=False)


NEXT = """[bold]It goes on running.[/] What next?

  read a home      curl -s -H "Authorization: Bearer {token}" \\
                     "{api}/2/users/{id}/timelines/reverse_chronological?max_results=5"
  operate it       {airflow}   user {user}, password {password}
  see it flow      {flink}
  ask the lake     ./starling sql "{sql}"
  a token of yours ./starling token YOU
  stop it          ./starling down
"""


def _next(console: Console, play: DemoWorld) -> None:
    member = next(iter(play.members.values()))
    settings = play.settings
    passwords = json.loads(Airflow(settings).passwords.read_text())
    console.print(
        NEXT.format(
            token=member.token,
            id=member.id,
            api=settings.api_url,
            airflow=settings.airflow_url,
            flink=settings.flink_url,
            user=USER,
            password=passwords[USER],
            sql="SELECT topic, count(*) FROM bronze.events GROUP BY topic",
        ),
        highlight=False,
        soft_wrap=True,
    )
