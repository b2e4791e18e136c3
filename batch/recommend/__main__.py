"""Whom should everybody in a file of follows follow?

    python -m batch.recommend --follows EDGES.parquet --top 20 --output OUT.parquet

It says how far it is in lines of JSON, the last of which is its result.
"""

from __future__ import annotations

from pathlib import Path

from batch import command
from batch.recommend.files import recommend_file

MOST = 1_000  # more than any page of suggestions holds


def main() -> int:
    arguments = command.parser("batch.recommend", __doc__, through=False, view=False)
    arguments.add_argument("--follows", type=Path, required=True)
    arguments.add_argument("--output", type=Path, required=True)
    arguments.add_argument("--top", type=int, default=20, choices=range(1, MOST + 1), metavar="N")
    return command.run(recommend_file, arguments)


if __name__ == "__main__":
    command.leave(main())
