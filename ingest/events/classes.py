"""What happens to an author's class: the batch layer classified them as pushed or pulled."""

from __future__ import annotations

from typing import ClassVar

from ingest.events.base import Event


class AuthorClassified(Event, frozen=True, kw_only=True, tag=True):
    """From now on the author's tweets are pulled when somebody reads, or pushed again.

    `generation` is the run of the batch layer that says so, by the followers it counted.
    """

    topic: ClassVar[str] = "classes"
    actor_field: ClassVar[str] = "author_id"

    author_id: int
    generation: int
    pulled: bool
    followers: int
