"""Stop the platform; its data stays."""

from __future__ import annotations

from rich.console import Console

from engines import control
from settings import load


def down() -> None:
    settings = load()
    with Console(stderr=True).status("stopping, the servers that others need last"):
        control.down(settings)
    Console(stderr=True).print(f"stopped; the data is in {settings.state_dir}")
