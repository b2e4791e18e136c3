"""What does the platform cost? Runs the benches and prints their figures."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from engines.environments import REPOSITORY

if TYPE_CHECKING:
    from bench.figures import Figure


class UnknownBench(LookupError):
    """There is no such bench; the message names those there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no bench {name!r}; there are {', '.join(names())}")


def names() -> list[str]:
    """The benches: modules of bench/ that have figures to give."""
    files = sorted((REPOSITORY / "bench").glob("*.py"))
    return [file.stem for file in files if "\ndef figures(" in file.read_text()]


def run(name: str | None, as_json: bool) -> None:
    """Runs one bench, or all, and prints each figure as soon as it is there."""
    for each in [name] if name else names():
        if not as_json:
            print(
                f"{each}: {(_module(each).__doc__ or '').splitlines()[0]}",
                file=sys.stderr,
                flush=True,
            )
        for figure in _figures(each):
            print(figure.json if as_json else f"  {figure}", flush=True)


def _figures(name: str) -> Iterator[Figure]:
    yield from _module(name).figures()


def _module(name: str) -> ModuleType:
    if name not in names():
        raise UnknownBench(name)
    return importlib.import_module(f"bench.{name}")
