"""What does a search ask for, and which tweets have it?

Here: words, all of which must be there, `#hashtag`, and `from:user`. Other operators of X are
refused with the place they stand at, rather than taken for words.

>>> parse("storm #Paris from:alice")
Query(terms=('storm', '#paris'), author='alice')
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.events.words import terms
from serving.errors import InvalidRequest
from views.search_terms import indexed

LONGEST = 512  # characters of a query, as in X's recent search
_TOKEN = re.compile(r"\S+")
_FROM = re.compile(r"from:@?([A-Za-z0-9_]{1,15})", re.IGNORECASE)
_OPERATOR = re.compile(r"[a-z_]+:\S*", re.IGNORECASE)


class Query(NamedTuple):
    """All of `terms`, by `author` where one is named (in lower case)."""

    terms: tuple[str, ...]
    author: str | None = None

    def matches(self, text: str) -> bool:
        """Whether the text has every term."""
        return set(self.terms) <= set(terms(text))


def parse(query: str) -> Query:
    """Raises `InvalidRequest`, which says at which character (from 1) the trouble stands."""
    found: dict[str, None] = {}
    author: str | None = None
    for token in _TOKEN.finditer(query):
        text = token[0]
        if named := _FROM.fullmatch(text):
            if author not in (None, named[1].lower()):
                raise _invalid(query, token.start(), "a tweet has one author")
            author = named[1].lower()
            continue
        if unsupported := _unsupported(text):
            raise _invalid(query, token.start(), unsupported)
        said = terms(text)
        if not said:
            raise _invalid(query, token.start(), f"[{text}] has no word to search for")
        # A tag is wanted as a tag; the word in it follows.
        found |= dict.fromkeys([t for t in said if t.startswith("#")] or said)
    if not found and author is None:
        raise _invalid(query, 0, "there is nothing to search for")
    if author is None and not any(map(indexed, found)):
        raise _invalid(query, 0, "a word of three letters or more is needed")
    return Query(tuple(found), author)


def _unsupported(token: str) -> str | None:
    if token in ("OR", "AND"):
        return f"[{token}] is not supported: all words are looked for together"
    if token.startswith("-"):
        return "negation is not supported"
    for sign, what in (('"', "a phrase"), ("(", "a group"), (")", "a group"), ("*", "a wildcard")):
        if sign in token:
            return f"{what} is not supported"
    if token.startswith(("@", "$")):
        return f"[{token}] is not supported"
    if _OPERATOR.fullmatch(token) and "//" not in token:
        return f"the operator [{token.partition(':')[0]}:] is not supported"
    return None


def _invalid(query: str, at: int, why: str) -> InvalidRequest:
    return InvalidRequest(f"{why} (at position {at + 1})", query=query[:200])
