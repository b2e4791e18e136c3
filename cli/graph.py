"""Does the follow graph equal the log, and how is it written anew?"""

from __future__ import annotations

import json
from contextlib import closing

from rich.console import Console

from realtime.graph_check import difference, wait_until_caught_up
from realtime.graph_store import GraphStore
from settings import load

EXAMPLES = 5


def compare(as_json: bool) -> int:
    """Compares every edge of Neo4j with the log. Returns 0 when none differs, else 1."""
    console = Console()
    with Console(stderr=True).status("comparing the follow graph with the log"):
        found = difference(load())
    if as_json:
        said = {"edges": found.edges, "missing": len(found.missing), "extra": len(found.extra)}
        print(json.dumps(said))
    else:
        console.print(
            f"{found.edges:,} edges; missing {len(found.missing):,}, extra {len(found.extra):,}"
        )
        for what, edges in (("missing", found.missing), ("extra", found.extra)):
            for one, other in sorted(edges)[:EXAMPLES]:
                console.print(f"  {what}: {one} follows {other}", highlight=False)
    return int(not found.none)


def rebuild() -> int:
    """Has the graph emptied and written anew from the log. Until it is whole nobody is answered
    from it."""
    settings = load()
    with closing(GraphStore(settings)) as store:
        store.ask_to_wipe()
        with Console(stderr=True).status("writing the follow graph anew"):
            wait_until_caught_up(settings, store)
    return 0
