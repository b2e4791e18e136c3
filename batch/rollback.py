"""How is a heal of a count taken back?

    python -m batch.rollback VIEW

Moves the view's pointer back to the run before: publication keeps the versions and the speed totals
that a reader there needs (`batch/totals.py`). It holds until the next publication, so that must be
paused. Rows and timelines have nothing to go back to: a rebuild writes what the log said, under the
position at which it said it, and another row of that position was never said.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from batch import command
from batch.command import BatchFailed
from batch.publish import POINTER, advance, speed_from_key
from batch.stores import cassandra, redis_client
from settings import Settings
from views.contract import FoldView
from views.registry import UnknownView
from views.registry import view as view_named
from views.seam import COUNTED, COUNTED_FIELDS


def rollback(settings: Settings, view: FoldView) -> dict[str, Any]:
    """Lets the run before stand again. Raises `BatchFailed` where its totals are not kept."""
    with cassandra(settings) as lasting, redis_client(settings) as cache:
        standing = getattr(lasting.one(POINTER, (view.name,)), "through", 0)
        said = cache.get(speed_from_key(view.name)), cache.hget(COUNTED, COUNTED_FIELDS[0])
        before, since = (standing if number is None else int(number) for number in said)
        if before >= standing or since > before:
            raise BatchFailed(
                f"{view.name} stands through epoch {standing} and there is nothing to go back to: "
                "it was taken back already, or Redis lost what the speed layer had counted since"
            )
        advance(lasting, cache, view, before)
    return {"view": view.name, "through": before, "was": standing}


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    try:
        view = view_named(asked.view)
    except UnknownView as error:
        raise BatchFailed(str(error)) from None
    if not isinstance(view, FoldView):
        raise BatchFailed(f"{view.name} is no count: the log's last word on a row is all there is")
    return rollback(settings, view)


def main() -> int:
    arguments = command.parser("batch.rollback", __doc__, through=False, view=False)
    arguments.add_argument("view", metavar="VIEW")
    return command.run(work, arguments)


if __name__ == "__main__":
    sys.exit(main())
