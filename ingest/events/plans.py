"""What happens to the plan of one edge: the batch layer planned it as pushed or pulled."""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class EdgePlanned(Event, frozen=True, kw_only=True, tag=True):
    """From now on this reader pulls the author's tweets, or gets them pushed as everyone does.

    The record is the author's, as it is who decides whom a tweet is pushed to. `generation` is the
    run of the batch layer that says so.
    """

    topic: ClassVar[str] = "plans"
    actor_field: ClassVar[str] = "author_id"

    author_id: int
    reader_id: int
    generation: int
    pulled: bool
