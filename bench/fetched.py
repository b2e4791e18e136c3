"""Where is what a bench needs besides the platform: a peer, a client in another language?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from settings import load

FINISHED = ".finished"  # written last: a folder without it was interrupted


def fetched(name: str, fetch: Callable[[Path], None]) -> Path:
    """A folder in the cache that `fetch` has filled, once and by one process."""
    target = load().cache_dir / "bench" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock"):
        if not (target / FINISHED).exists():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            fetch(target)
            (target / FINISHED).touch()
    return target
