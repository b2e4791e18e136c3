"""How does every part of the platform stand?"""

from __future__ import annotations

import json

import msgspec
from rich.console import Console

from cli import alarms, readiness
from cli.up import address_table, addresses, table
from engines import control, status
from settings import load


def show(as_json: bool) -> int:
    """Prints the status; returns 0 when everything is healthy and 1 when not."""
    settings = load()
    current = status.read(settings.state_dir) if control.is_running(settings) else None
    if as_json:
        parts = msgspec.to_builtins(current.parts) if current else {}
        healthy = bool(current and current.healthy)
        running = current is not None
        print(
            json.dumps(
                {
                    "running": running,
                    "healthy": healthy,
                    "parts": parts,
                    "api": readiness.asked(settings) if running else None,
                    "alarms": alarms.lately(settings) if running else [],
                    "addresses": addresses(settings),
                }
            )
        )
    elif current:
        Console().print(table(current))
        Console().print(readiness.line(readiness.asked(settings)))
        for line in alarms.lines(alarms.lately(settings)):
            Console().print(line, markup=False)
        Console().print(address_table(settings))
    else:
        Console().print("not running: start it with `./starling up`")
    return 0 if current and current.healthy else 1
