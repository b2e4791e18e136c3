"""`starling classify` and `starling plan`: who is pulled at read, and over which edges?"""

from __future__ import annotations

from rich.console import Console

from cli import batch


def generation(view: str, *, rollback: bool) -> int:
    """Makes a generation of the view, or goes back to the one before. Raises `CommandFailed`."""
    console = Console(stderr=True)
    with console.status(f"deciding {view} from the lake"):
        done = batch.run("app", "batch.generations", view, "rollback" if rollback else "advance")
    console.print(
        f"{view}: generation {done['generation']} stands, {done['rows']:,} rows; "
        f"{done['events']:,} changes told to the log",
        highlight=False,
    )
    return 0
