"""`starling rebuild VIEW`: how does a view come back from the lake alone?"""

from __future__ import annotations

import redis
from rich.console import Console

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
    with console.status(f"rebuilding {name} from the lake"):
        done = batch.run("batch", "batch.rebuild", name, *(["--wipe"] if wipe else []))
    told = ", ".join(f"{what} {value}" for what, value in done["views"][name].items())
    console.print(f"{name}: {told}", highlight=False)
    if count_anew:
        with console.status("counting the open epoch anew"):
            batch.run("speed", "realtime.submit", "--fresh", "folds")
        console.print("the speed layer counts the open epoch anew")
    return 0


def has_pointer(settings: Settings, view: str) -> bool:
    """Whether Redis knows what batch published; one that was lost does not."""
    with redis.Redis.from_url(settings.redis_url) as client:
        return bool(client.exists(pointer_key(view)))
