"""Start the platform: set up what is missing, start what is down, wait until it is healthy."""

from __future__ import annotations

import json
import time

from rich.console import Console
from rich.live import Live
from rich.table import Table

from engines import control
from engines.airflow import USER, Airflow
from engines.status import PlatformStatus
from settings import Settings, load

COLOURS = {"healthy": "green", "failed": "red", "unhealthy": "red", "stopped": "dim"}


def addresses(settings: Settings) -> dict[str, str]:
    """Where everything is, by name: what `up --json` prints."""
    return {
        "api": settings.api_url,
        "pages": f"{settings.web_url}/i/signin",
        "airflow": settings.airflow_url,
        "flink": settings.flink_url,
        "kafka": settings.kafka,
        "cassandra": f"{settings.host}:{settings.cassandra_port}",
        "redis": f"{settings.host}:{settings.redis_port}",
        "timelines": ", ".join(f"{host}:{port}" for host, port in settings.timeline_addresses),
        "postgres": f"{settings.host}:{settings.postgres_port}",
        "neo4j": settings.neo4j_url,
        "opensearch": settings.opensearch_url,
        "lake": str(settings.lake_dir),
        "letters": str(settings.state_dir / "mail"),
    }


def address_table(settings: Settings) -> Table:
    """The addresses, and how to sign in where one must."""
    grid = Table(box=None, show_header=False, pad_edge=False)
    for name, address in addresses(settings).items():
        grid.add_row(name, address)
    grid.add_row("", f"Airflow: user {USER}, password in {Airflow(settings).passwords}")
    return grid


def table(status: PlatformStatus) -> Table:
    """The parts of the platform and how each stands."""
    grid = Table(box=None, pad_edge=False)
    for column in ("part", "state", "for", "restarts", "why"):
        grid.add_column(column, overflow="fold")
    now = time.time()
    for name, part in status.parts.items():
        state = f"[{COLOURS.get(part.state, 'yellow')}]{part.state}"
        seconds = f"{now - part.since:.0f} s" if part.since else ""
        grid.add_row(name, state, seconds, str(part.restarts or ""), part.why)
    return grid


def start(quiet: bool = False) -> PlatformStatus:
    """Brings the platform up with progress on standard error."""
    settings = load()
    console = Console(stderr=True, quiet=quiet)
    began = time.time()
    seen: dict[str, str] = {}
    with Live(console=console, refresh_per_second=4, transient=True) as live:

        def watch(status: PlatformStatus) -> None:
            if console.is_terminal:
                live.update(table(status))
            for name, part in status.parts.items():
                if seen.get(name) != part.state and part.state not in ("waiting", "stopped"):
                    seen[name] = part.state
                    console.print(
                        f"[dim]{time.time() - began:5.1f} s[/] {name} {part.state} {part.why}"
                    )

        status = control.up(settings, watch=watch)
    console.print(f"[green]healthy[/] after {time.time() - began:.1f} s")
    return status


def up(as_json: bool) -> None:
    start()
    if as_json:
        print(json.dumps(addresses(load())))
        return
    Console().print(address_table(load()))
