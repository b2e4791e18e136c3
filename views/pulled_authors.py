"""Which authors are pulled when somebody reads, instead of pushed when they write?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import AuthorClassified, Event
from views.contract import Change, Delete, Put, StateView

ALL = 0
"""The first part of each key: they are few, and readers want all of them at once."""

COLUMNS = ("followers", "generation")


def project(event: Event) -> Iterator[Change]:
    """A row keyed `(ALL, author_id)`: the followers counted, and the generation that counted."""
    match event:
        case AuthorClassified(pulled=True):
            row = {"followers": event.followers, "generation": event.generation}
            yield Put((ALL, event.author_id), row)
        case AuthorClassified():
            yield Delete((ALL, event.author_id))


PULLED_AUTHORS = StateView(
    name="pulled_authors",
    doc=__doc__,
    topics=("classes",),
    events=(AuthorClassified,),
    project=project,
)
