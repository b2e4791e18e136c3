"""Is one of a text's links on a list?

A list holds names, each of which covers what is below it, names with the beginning of a path, and
addresses or networks. One entry a line; `#` begins a remark.

>>> forbidden = LinkList(["evil.example", "host.example/bad", "203.0.113.0/24"])
>>> forbidden.find("see EVIL.example. or http://good.example"), forbidden.find("notevil.example")
('evil.example', None)
>>> forbidden.find("host.example/Bad/page?x=1"), forbidden.find("http://3405803778/")
('host.example/bad', '203.0.113.0/24')
"""

from __future__ import annotations

import ipaddress
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from publicsuffixlist import PublicSuffixList

from moderation.finding import Link, links
from moderation.hosts import host, lookalike, unquoted

LISTS = Path(__file__).parent / "lists"
_SUFFIXES = PublicSuffixList()  # the snapshot that the package carries; nothing is downloaded
_SCHEME = re.compile(r"^[a-z]+://", re.IGNORECASE)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadEntry(ValueError):
    """A line of a list of links would not do what its author means."""

    def __init__(self, entry: str, why: str) -> None:
        super().__init__(f"{entry!r} in the list of links: {why}")


class LinkList:
    """Immutable. Raises `BadEntry` where an entry is a public suffix or no host."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._paths: dict[str, list[tuple[str, str]]] = {}
        self._networks: list[tuple[Network, str]] = []
        for line in entries:
            if entry := line.partition("#")[0].strip():
                self._add(entry)

    @classmethod
    def load(cls, file: Path) -> LinkList:
        return cls(file.read_text(encoding="utf-8").splitlines())

    def __len__(self) -> int:
        return sum(map(len, self._paths.values())) + len(self._networks)

    def find(self, text: str) -> str | None:
        """The entry that a link of the text is under, or None."""
        if not len(self):
            return None
        return next((entry for link in links(text) if (entry := self.entry_of(link))), None)

    def entry_of(self, link: Link) -> str | None:
        """The entry that covers a link: its host, a host above it, or what it looks like."""
        for name in dict.fromkeys((link.host, lookalike(link.host))):
            for above in _upward(name):
                for path, entry in self._paths.get(above, ()):
                    if _path(link.rest).startswith(path):
                        return entry
        if self._networks and (address := _address(link.host)):
            return next((entry for net, entry in self._networks if address in net), None)
        return None

    def _add(self, entry: str) -> None:
        bare = _SCHEME.sub("", entry)
        try:
            self._networks.append((ipaddress.ip_network(bare), entry))
            return
        except ValueError:
            pass
        written, slash, path = bare.partition("/")
        name = host(written).removeprefix("www.")
        if "." not in name or not re.fullmatch(r"[\w.-]+", name):
            raise BadEntry(entry, "no name of a host")
        if _SUFFIXES.is_public(name) and not slash:
            raise BadEntry(entry, "a public suffix: it would forbid everyone who registers there")
        self._paths.setdefault(name, []).append((_path(slash + path) if path else "", entry))


def _upward(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]


def _path(rest: str) -> str:
    """The path alone, as a server would understand it, in lower case."""
    path = unquoted(re.split(r"[?#]", rest, maxsplit=1)[0]).replace("\\", "/").lower()
    return re.sub("^/+", "/", posixpath.normpath(path)) if path else ""


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
