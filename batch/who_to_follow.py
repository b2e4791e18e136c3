"""Whom should everybody follow, by who follows whom today?

    python -m batch.who_to_follow [advance | rollback | restore]

Brings silver up to the end of the log, ranks 20 people for each who follows somebody or cares for a
tag (`batch/talk.py`) by `batch/recommend`, says why of each, and lets the rows stand as a new
generation (`batch/suggestions.py`). `rollback` goes back to the generation before; `restore` gives
Cassandra what gold holds, after Cassandra lost it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from batch import command, silver, suggestions, talk
from batch.recommend.graph import Graph, graph_of
from batch.recommend.rank import Ranked, recommend
from batch.recommend.reasons import Reasons
from batch.recommend.standing import COLUMNS, standing
from ingest.events import Followed
from lake import tables
from settings import Settings

MOST = 20  # for each person
AT_ONCE = 50_000  # rows of gold in memory as Python has them
ROWS = tables.WHO_TO_FOLLOW.columns.remove(
    tables.WHO_TO_FOLLOW.columns.get_field_index("generation")
)


def rows(settings: Settings) -> Iterator[pa.RecordBatch]:
    """A generation, but for its number, of what silver says. All of it is read and ranked at once:
    no table can be opened while another is being written from what this returns."""
    follows = tables.silver(Followed.topic).open(settings).to_pyarrow_dataset()
    graph = graph_of(standing(follows.to_table(list(COLUMNS))), talk.talk_of(settings))
    return _told(graph, recommend(graph, MOST, _tell)) if len(graph.asked) else iter(())


def _told(graph: Graph, ranked: Ranked) -> Iterator[pa.RecordBatch]:
    """The rows with their reasons, whole people at a time."""
    reasons = Reasons(graph.follows.indptr, graph.follows.indices, graph.topics)
    ids = graph.ids.to_numpy()
    names = [] if graph.topics is None else graph.topics.names
    begins = np.flatnonzero(np.diff(ranked.src, prepend=-1))
    some: list[dict[str, Any]] = []
    for first, end in zip(begins, [*begins[1:], len(ranked.src)], strict=True):
        person, candidates = int(ranked.src[first]), ranked.dst[first:end]
        for row, (reason, by, tags) in enumerate(reasons.of(person, candidates), first):
            some.append(
                {
                    "user_id": int(ids[person]),
                    "rank": int(ranked.rank[row]),
                    "candidate_id": int(ids[ranked.dst[row]]),
                    "score": float(ranked.score[row]),
                    "reason": reason,
                    "followed_by": ",".join(str(ids[friend]) for friend in by) or None,
                    "tags": ",".join(str(names[tag]) for tag in tags) or None,
                }
            )
        if len(some) >= AT_ONCE or end == len(ranked.src):
            yield pa.RecordBatch.from_pylist(some, ROWS)
            some = []


def _tell(step: str, done: int, of: int) -> None:
    print(json.dumps({"step": step, "done": done, "of": of}), flush=True)


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    if asked.step == "rollback":
        return suggestions.rollback(settings)
    if asked.step == "restore":
        return suggestions.restore(settings)
    silver.catch_up(settings, (Followed.topic, *talk.TOPICS))
    return suggestions.advance(settings, rows(settings))


def main() -> int:
    arguments = command.parser("batch.who_to_follow", __doc__, through=False, view=False)
    steps = ("advance", "rollback", "restore")
    arguments.add_argument("step", nargs="?", choices=steps, default="advance")
    return command.run(work, arguments)


if __name__ == "__main__":
    command.leave(main())
