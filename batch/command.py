"""How does a batch command begin and end?

It prints one line of JSON, its result, last on stdout, and exits 0; or one sentence that says what
is wrong, last on stderr, and exits 1, or 65 where the data is at fault and no retry can help.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

import settings as settings_module
from settings import Settings
from views.contract import FoldView
from views.registry import UnknownView, fold_views
from views.registry import view as view_named


class BatchFailed(RuntimeError):
    """A step of the batch layer cannot be done; the message is one sentence for an operator."""

    code = 1


class DataAtFault(BatchFailed):
    """The data is at fault: the same command fails again until the data is mended."""

    code = 65  # sysexits' EX_DATAERR; a task that ends with it is not retried


def parser(
    name: str, doc: str | None, *, through: bool = True, view: bool = True
) -> argparse.ArgumentParser:
    """The arguments that commands share. `name` and `doc` are the module's."""
    made = argparse.ArgumentParser(prog=name, description=(doc or "").splitlines()[0])
    if through:
        made.add_argument("--through", type=int, required=True, help="complete before this epoch")
    if view:
        made.add_argument("--view", help="only this view")
    return made


def add_limits(made: argparse.ArgumentParser) -> None:
    """How much a comparison of totals looks at, and how long it waits."""
    made.add_argument("--keys", type=int, default=200_000, help="at most about so many a view")
    made.add_argument("--wait", type=float, default=60, help="seconds for a speed layer behind")


def fold_views_asked(name: str | None) -> tuple[FoldView, ...]:
    """The FoldView of that name, or all. Raises `BatchFailed` where there is no such count."""
    if name is None:
        return fold_views()
    try:
        view = view_named(name)
    except UnknownView as error:
        raise BatchFailed(str(error)) from None
    if not isinstance(view, FoldView):
        raise BatchFailed(f"{name} is no count: run python -m batch.rebuild {name}")
    return (view,)


def run(
    work: Callable[[Settings, argparse.Namespace], dict[str, Any]],
    arguments: argparse.ArgumentParser,
) -> int:
    """Runs `work`, prints its result or what went wrong, returns the exit code."""
    asked = arguments.parse_args()
    try:
        result = work(settings_module.load(), asked)
    except BatchFailed as error:
        print(f"{arguments.prog}: {error}", file=sys.stderr, flush=True)
        return error.code
    except Exception as error:
        traceback.print_exc()
        first = (str(error).strip() or "no message").splitlines()[0]
        print(f"{arguments.prog}: {type(error).__name__}: {first}", file=sys.stderr, flush=True)
        return 1
    print(json.dumps(result), flush=True)
    return 0


def leave(code: int) -> NoReturn:
    """Ends the process, whose work is done, at once.

    For commands in which DuckDB reads Delta tables through pyarrow: a thread that still reads ahead
    when the interpreter takes itself apart aborts it ("terminate called without an active
    exception"), some of the time, and a run that did all of its work would count as failed.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
