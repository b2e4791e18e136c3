"""Where does the real activity lie that some benches play?

Beside the repository, in `shared/data`, and never in it.
"""

from __future__ import annotations

from pathlib import Path

from engines.environments import REPOSITORY


class NoActivity(RuntimeError):
    """There is nothing to play; the message says where it was looked for."""


def beside(name: str) -> Path:
    """The file `name` of shared/data. Raises `NoActivity`."""
    for parent in REPOSITORY.parents:
        if (path := parent / "shared" / "data" / name).exists():
            return path
    raise NoActivity(f"there is no shared/data/{name} beside the repository")
