"""`starling compare`: do the speed layer, the lake and what is served agree?"""

from __future__ import annotations

import json

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli import batch

COLUMNS = ("epochs", "compared", "differing", "served_keys_checked")


def compare(as_json: bool) -> int:
    """Compares the epochs closed since the last comparison, and all that is served from batch.

    Returns 0 when nothing differs, else 1. Raises `CommandFailed` where nothing is published yet,
    or batch serves what the lake does not hold.
    """
    done = batch.run("batch", "batch.compare")
    drifted = sum(view["differing"] for view in done["views"].values())
    if as_json:
        print(json.dumps(done))
        return int(drifted > 0)
    table = Table("view", *(name.replace("_", " ") for name in COLUMNS))
    for column in table.columns[1:]:
        column.justify = "right"
    for name, view in done["views"].items():
        table.add_row(name, *(f"{view[column]:,}" for column in COLUMNS))
    console = Console()
    console.print(table)
    for view in done["views"].values():
        for example in view.get("examples", ()):
            console.print(f"  {escape(example)}", highlight=False)
    return int(drifted > 0)
