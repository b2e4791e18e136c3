"""Which edges does the follow graph have, and how does an answer from it know that it is old?

The graph holds the edges of `following`, in Neo4j. Answers from it are cached in Redis; what an
answer depends on are people. For each person whose edges changed Redis keeps a stamp for a while:
the log position of the last change. An answer remembers the stamps it was computed under, so it
holds exactly as long as they stand; nothing has to be searched for and deleted, and an answer that
was being computed while an edge changed is not believed either.
"""

from __future__ import annotations

from ingest.events import Event
from views.contract import Put
from views.following import FOLLOWING

JOB = "graph"
"""Under this name the writer says how far it is."""
TOPIC = "follows"

Edge = tuple[int, int]
"""Follower and followee."""


def changes(event: Event) -> list[tuple[Edge, bool]]:
    """The edges that an event puts there (True) or takes away."""
    if not isinstance(event, FOLLOWING.events):
        return []
    return [(change.key, isinstance(change, Put)) for change in FOLLOWING.project(event)]


def stamp_key(user_id: int) -> str:
    return f"gs:{user_id}"


def answer_key(question: str) -> str:
    return f"ga:{question}"


def computing_key(question: str) -> str:
    """There while somebody computes the answer."""
    return f"gc:{question}"
