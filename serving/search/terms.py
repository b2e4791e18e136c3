"""What can a search query say?

A query is a tree: `All` and `Any` of parts, `Not` a part, and at its ends `Term`s, each a kind of
thing to look for (`kind`) and which one (`value`).

| kind | value | finds |
|---|---|---|
| `word`, `phrase` | as written | the word, the words side by side; in text and tags |
| `tag`, `mention`, `cashtag` | without its sign | `#tag`, `@name`, `$CASH` |
| `from`, `to`, `retweets_of` | a username in lower case | the author; whom it answers; retweets |
| `url` | as written | a link with these parts side by side |
| `lang` | a code in lower case | |
| `conversation_id` | an id | |
| `has` | one of `HAS` | |
| `is` | one of `IS` | |
| `since`, `until` | milliseconds since 1970 | from then on; before then |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

HAS = ("media", "images", "videos", "links", "mentions", "hashtags", "cashtags")
IS = ("retweet", "reply", "quote", "verified")
NAMING = frozenset({"mention", "from", "to", "retweets_of"})
"""Kinds whose value is a username."""
NARROWING = frozenset({"lang", "has", "is", "since", "until"})
"""Kinds that by themselves name too much; as in X they only narrow what another term names."""


@dataclass(frozen=True)
class Term:
    kind: str
    value: str
    at: int = field(default=0, compare=False, repr=False)
    """Where in the query it stands, from 0."""


@dataclass(frozen=True)
class Not:
    part: Node


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Any:
    """One part at least holds."""

    parts: tuple[Node, ...]


Node = Term | Not | All | Any


def names_enough(node: Node) -> bool:
    """Whether the query names something to look for, whichever alternative holds."""
    match node:
        case Term():
            return node.kind not in NARROWING
        case Not():
            return False
        case All():
            return any(map(names_enough, node.parts))
        case Any():
            return all(map(names_enough, node.parts))


def terms(node: Node) -> Iterator[Term]:
    """All terms, in the order of the query."""
    match node:
        case Term():
            yield node
        case Not():
            yield from terms(node.part)
        case All() | Any():
            for part in node.parts:
                yield from terms(part)


def depth(node: Node) -> int:
    match node:
        case Term():
            return 0
        case Not():
            return 1 + depth(node.part)
        case All() | Any():
            return 1 + max(map(depth, node.parts))
