"""`starling reindex`: how does the search engine's index come back from the lake?"""

from __future__ import annotations

from rich.console import Console

from cli import batch


def reindex(*, rollback: bool) -> int:
    """Makes a new generation, or has the one before asked again. Raises `CommandFailed`."""
    console = Console(stderr=True)
    with console.status("going back" if rollback else "writing a new generation of the index"):
        done = batch.run("app", "realtime.reindex", *(["--rollback"] if rollback else []))
    if not rollback:
        counts = ", ".join(f"{name}: {n:,}" for name, n in done["documents"].items())
        console.print(
            f"{done['from_lake']:,} records of the lake, {done['from_log']:,} of the log; "
            f"documents by generation {counts}",
            highlight=False,
        )
    console.print(f"asked is generation {done['generation']}", highlight=False)
    return 0
