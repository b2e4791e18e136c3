"""How does a folder of models change while others may read it? By whole files, at the end.

What a training writes is of use only when all of it is there, so it grows in a folder beside the
one asked for. Files that the training does not make (the card, the pictures' model) stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A folder to write into; its files move to `out` unless there was an error."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as beside:
        yield Path(beside)
        out.mkdir(exist_ok=True)
        for file in Path(beside).iterdir():
            file.replace(out / file.name)
