"""`starling rebuild VIEW`: how does a view come back from the lake alone?"""

from __future__ import annotations

import json
import time

import redis
from rich.console import Console
from rich.markup import escape

from batch.rebuild_ledger import note
from cli import batch
from settings import Settings, load
from views.contract import FoldView
from views.registry import view as view_named
from views.seam import pointer_key


def rebuild(name: str, *, wipe: bool) -> int:
    """Rebuilds the view. Raises `CommandFailed`, and `SystemExit` where there is no such view.

    A count that lost what the speed layer had said in Redis is counted anew for the open epoch.
    """
    settings, console = load(), Console(stderr=True)
    try:
        view = view_named(name)
    except KeyError as error:
        raise SystemExit(f"starling: {error}") from None
    count_anew = isinstance(view, FoldView) and (wipe or not has_pointer(settings, name))
    began = time.monotonic()
    with console.status(f"rebuilding {name} from the lake"):
        done = batch.run("batch", "batch.rebuild", name, *(["--wipe"] if wipe else []))
    note(settings, name, written(done["views"][name]), time.monotonic() - began)
    told = ", ".join(f"{what} {value}" for what, value in done["views"][name].items())
    console.print(f"{name}: {told}", highlight=False)
    if count_anew:
        with console.status("counting the open epoch anew"):
            batch.run("speed", "realtime.submit", "--fresh", "folds")
        console.print("the speed layer counts the open epoch anew")
    return 0


def plan(name: str, as_json: bool) -> int:
    """Says which keys a rebuild would change, how much it writes and how long it takes. Raises
    `CommandFailed`."""
    console = Console()
    with Console(stderr=True).status(f"holding {name} against the lake"):
        done = batch.run("app", "batch.heal_plan", name)
    if as_json:
        print(json.dumps(done))
        return 0
    seconds = "not measured yet" if done["seconds"] is None else f"about {done['seconds']:,.0f} s"
    if "changes" in done:
        console.print(
            f"{name}: {done['changes']:,} of {done['keys']:,} keys change; all are written, "
            f"{done['bytes']:,} bytes of rows, {seconds}",
            highlight=False,
        )
    else:
        console.print(f"{name}: all is written, of {done['keys']:,} events, {seconds}")
    for example in done.get("examples", ()):
        console.print(f"  {escape(example)}", highlight=False)
    return 0


def take_back(name: str) -> int:
    """Lets readers of a count see the run before. Raises `CommandFailed`."""
    done = batch.run("batch", "batch.rollback", name)
    Console(stderr=True).print(
        f"{name}: through epoch {done['through']} again, not {done['was']}, until the next "
        "publication: pause `hourly 1: land`",
        highlight=False,
    )
    return 0


def written(view: dict[str, int]) -> int:
    """The rows that `batch.rebuild` says of a view: rows, readers' timelines, or both."""
    return view.get("rows", 0) + view.get("readers", 0)


def has_pointer(settings: Settings, view: str) -> bool:
    """Whether Redis knows what batch published; one that was lost does not."""
    with redis.Redis.from_url(settings.redis_url) as client:
        return bool(client.exists(pointer_key(view)))
