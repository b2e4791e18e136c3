"""What must fan-out do about an event?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from ingest.events import (
    AuthorClassified,
    EdgePlanned,
    Event,
    Retweeted,
    TweetEdited,
    TweetPosted,
)
from views.home_timeline import READERS


class Action(StrEnum):
    """What happens to an author: to what they say, to one of their followers, or to their class."""

    POST = "post"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    PUSH = "push"
    PULL = "pull"
    PUSH_ALL = "push all"
    PULL_ALL = "pull all"
    NOTHING = "nothing"


class Delivery(NamedTuple):
    """`subject` is the tweet, or the reader: a user or a list. 0 where there is none."""

    author_id: int
    action: Action
    subject: int


def delivery_of(event: Event) -> Delivery:
    """Deleted tweets stay in timelines and are left out by their readers: nothing to do."""
    match event:
        case TweetPosted() | TweetEdited() | Retweeted():
            return Delivery(event.author_id, Action.POST, event.id)
        case AuthorClassified():
            action = Action.PULL_ALL if event.pulled else Action.PUSH_ALL
            return Delivery(event.author_id, action, 0)
        case EdgePlanned():
            action = Action.PULL if event.pulled else Action.PUSH
            return Delivery(event.author_id, action, event.reader_id)
    for edges, reader, author in READERS:
        if isinstance(event, (edges.on, edges.off)):
            action = Action.FOLLOW if isinstance(event, edges.on) else Action.UNFOLLOW
            return Delivery(getattr(event, author), action, getattr(event, reader))
    return Delivery(event.actor_id, Action.NOTHING, 0)


Edge = tuple[int, str, str, int]
"""Author, action, its subject in decimal, offset."""


def fat(place: str, edges: Iterable[Edge]) -> Iterator[tuple[int, str, str, str, int]]:
    """The same in as few records: of one author, what follows each other and is the same action.

    Gives author, action, the subjects with spaces between, `place` and the offset up to which all
    of the place is applied when the record is. The order in which things happen to one author
    stays; only the last record says that the whole burst is applied.
    """
    edges = list(edges)
    before, last = edges[0][3] - 1, edges[-1][3]
    runs: dict[int, list[tuple[str, list[str]]]] = {}
    for author_id, action, subject, _ in edges:
        of_author = runs.setdefault(author_id, [])
        if not of_author or of_author[-1][0] != action:
            of_author.append((action, []))
        of_author[-1][1].append(subject)
    for author_id, of_author in runs.items():
        for action, subjects in of_author:
            if action != Action.NOTHING:
                yield author_id, action, " ".join(subjects), place, before
    yield edges[-1][0], Action.NOTHING.value, "", place, last
