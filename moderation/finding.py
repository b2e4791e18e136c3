"""Which links are in a text, those included that are written so as not to look like links?

Wider than what the platform turns into a link: a bare name, `hxxp`, `evil[.]example` and
`evil dot example` are all found. Finding too much costs nothing, since a list decides.

>>> [str(link) for link in links("http://user@evil.example:80/a?to=https%3A%2F%2Fbad.example")]
['evil.example/a?to=https%3A%2F%2Fbad.example', 'bad.example']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from moderation.hosts import dotted, host, unquoted
from moderation.reading import seen

DEPTH = 3  # a redirector may lead to a redirector
MOST = 50  # links of a text that are looked at; a tweet has room for fewer

_SCHEME = r"(?:h(?:tt|xx)ps?|ftp)\s*:[/\\\s]*"
_STOP = r"\s<>\"'`{}|^"
_WITH_SCHEME = regex.compile(rf"{_SCHEME}([^{_STOP}]+)", regex.IGNORECASE)
_BARE = regex.compile(
    rf"(?<![\w.@%/=-])((?:[\w%-]+\.)+[\w%-]{{2,}}\.?(?::\d+)?(?:[/\\?#][^{_STOP}]*)?)"
)
_BARE_VALUE = regex.compile(r"[=]((?:[\w-]+\.)+\w{2,}(?:[/?#][^&\s]*)?)")
_DOT = regex.compile(r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?|(?<=\w)\s+dot\s+(?=\w)", regex.IGNORECASE)
_AUTHORITY = regex.compile(r"([^/\\?#]*)(.*)", regex.DOTALL)
_ENDS = ".,;:!?)'\"…"  # of the sentence, not of the link
_PORT = regex.compile(r":\d*$")


@dataclass(frozen=True)
class Link:
    """`host` in its one form (`moderation/hosts.py`); `rest` is path, query and fragment."""

    host: str
    rest: str

    def __str__(self) -> str:
        return self.host + self.rest


def links(text: str) -> list[Link]:
    """The links of a text and those that they lead on to, each once."""
    found: dict[Link, None] = {}
    text = dotted(text)
    plain = seen(text)
    for version in dict.fromkeys((text, plain, _DOT.sub(".", plain))):
        for link in _in_text(version):
            _follow(link, DEPTH, found)
    return list(found)


def _in_text(text: str) -> Iterator[Link]:
    if "." not in text and ":" not in text:
        return
    for pattern in (_WITH_SCHEME, _BARE):
        for match in pattern.finditer(text):
            yield _link(match[1])


def _follow(link: Link, depth: int, found: dict[Link, None]) -> None:
    if link in found or len(found) >= MOST or not link.host:
        return
    found[link] = None
    if depth and len(link.rest) > 4:
        rest = unquoted(link.rest)
        for pattern in (_WITH_SCHEME, _BARE_VALUE):
            for match in pattern.finditer(rest):
                _follow(_link(match[1].partition("&")[0]), depth - 1, found)


def _link(written: str) -> Link:
    authority, rest = _AUTHORITY.match(written.rstrip(_ENDS)).groups()  # type: ignore[union-attr]
    authority = unquoted(authority).rpartition("@")[2]
    if not authority.endswith("]"):
        authority = _PORT.sub("", authority)
    return Link(host(authority), rest)
