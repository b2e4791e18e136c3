"""`starling compare`: do the speed layer, the lake and what is served agree?"""

from __future__ import annotations

import json

import redis
from rich.console import Console
from rich.table import Table

from cli import batch
from settings import Settings, load
from views.registry import fold_views
from views.seam import pointer_key


class NothingPublished(RuntimeError):
    """Batch has published nothing yet: run `hourly 1: land` in Airflow, or wait for the hour."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


def published(settings: Settings) -> int:
    """The epoch through which every count is published. Raises `NothingPublished`."""
    with redis.Redis.from_url(settings.redis_url) as client:
        found = client.mget([pointer_key(view.name) for view in fold_views()])
    through = min(int(pointer or 0) for pointer in found)
    if not through:
        raise NothingPublished
    return through


def compare(as_json: bool) -> int:
    """Compares the epochs closed since the last comparison, and all that is served from batch.

    Returns 0 when nothing differs, else 1. Raises `CommandFailed` where batch serves what the lake
    does not hold.
    """
    done = batch.run("batch", "batch.compare", "--through", str(published(load())))
    drifted = sum(view["differing"] for view in done["views"].values())
    if as_json:
        print(json.dumps(done))
        return int(drifted > 0)
    table = Table("view", "epochs", "totals compared", "differing", "served keys checked")
    for name, view in done["views"].items():
        numbers = [view[k] for k in ("epochs", "compared", "differing", "served_keys_checked")]
        table.add_row(name, *(f"{number:,}" for number in numbers))
    Console().print(table)
    return int(drifted > 0)
