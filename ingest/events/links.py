"""Which links does a text name, and where?

A link may stand without a scheme; its host has a known top-level domain. What finds them is loaded
when it is first needed: the engines' environments do without.

>>> [link.url for link in urls("see example.com/a, not e.g. this")]
['example.com/a']
>>> outside([Tag(0, 4, "tag")], [Url(0, 9, "#tag.com")])
[]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

from ingest.events.entities import Tag

_HOST = re.compile(r"(?:https?://)?(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)


class Url(NamedTuple):
    start: int
    end: int
    url: str


def urls(text: str) -> list[Url]:
    """The links, with or without a scheme, in the order of the text."""
    return _finder()(text) if "." in text else []


def outside(tags: Iterable[Tag], links: Iterable[Url]) -> list[Tag]:
    """Those that are no part of a link."""
    links = list(links)
    return [tag for tag in tags if not any(link.start <= tag.start < link.end for link in links)]


@cache
def _finder() -> Callable[[str], list[Url]]:
    import regex
    from linkify_it import LinkifyIt
    from linkify_it.tlds import TLDS

    # A link ends at a typographic sign (an ellipsis where a text was cut, a dash), at an emoji, and
    # where a script begins that writes without spaces.
    no_link = regex.compile(
        r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{So}\p{Emoji_Modifier}\ufe0f\u200d"
        r"\u2010-\u205e\u3000-\u303f\uff00-\uffef]"
    )
    domains = frozenset(domain.lower() for domain in TLDS)
    links = LinkifyIt(options={"fuzzy_email": False, "fuzzy_link": True, "fuzzy_ip": False})
    links.tlds(TLDS)
    for schema in ("ftp:", "mailto:", "//"):
        links.add(schema, None)

    def found(text: str) -> list[Url]:
        matches: list[Any] = links.match(no_link.sub(" ", text)) or []
        return [
            Url(m.index, m.last_index, m.raw) for m in matches if _has_known_host(m.raw, domains)
        ]

    return found


def _has_known_host(url: str, domains: frozenset[str]) -> bool:
    host = _HOST.match(url)
    name, _, domain = host[1].rpartition(".") if host else ("", "", "")
    return bool(name) and (domain.lower() in domains or domain.lower().startswith("xn--"))
