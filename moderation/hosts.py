"""Which host does a link lead to, however it is spelt?

Browsers forgive much, and whoever wants to get a link past a list knows it. A host is brought to
the one form in which lists hold it: lower case, no trailing dot, percent signs read, other scripts'
full stops as dots, numbers as the address they mean, names of other scripts in punycode.

>>> [host("EVIL.example."), host("%65vil.example"), host("0x7f.1"), host("b\u00fccher.example")]
['evil.example', 'evil.example', '127.0.0.1', 'xn--bcher-kva.example']
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from urllib.parse import unquote

import idna

from moderation.reading import seen

_DOTS = re.compile("[\u3002\uff0e\uff61\u2024]")  # what browsers take for a dot in a host
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\\s]")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}")
UNQUOTED_AT_MOST = 3  # a percent sign can be quoted itself


def host(written: str) -> str:
    """The host in its one form; what is no host comes back as it is, in lower case."""
    found = dotted(_UNSEEN.sub("", unquoted(written)))
    found = unicodedata.normalize("NFKC", found).strip(".").lower()
    if address := _address(found):
        return address
    if found.isascii():
        return found
    try:
        return idna.encode(found, uts46=True).decode()
    except idna.IDNAError:
        return found


def dotted(text: str) -> str:
    """The text with other scripts' full stops as dots."""
    return _DOTS.sub(".", text)


def lookalike(found: str) -> str:
    """What the host, in its one form, looks like to people who read Latin letters.

    >>> lookalike("xn--pypal-4ve.example")
    'paypal.example'
    """
    labels = [_unicode(label) for label in found.split(".")]
    return seen(".".join(labels)).lower()


def unquoted(text: str) -> str:
    """The text without percent-encoding, be it wrapped several times."""
    for _ in range(UNQUOTED_AT_MOST):
        if (once := unquote(text)) == text:
            break
        text = once
    return text


def _unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _address(found: str) -> str | None:
    """The IP address that is meant, an IPv4 inside an IPv6 as IPv4; None for a name."""
    try:
        if ":" in found:
            six = ipaddress.IPv6Address(found.strip("[]").partition("%")[0])
            return str(six.ipv4_mapped or six)
        if _NUMBER.fullmatch(found):
            return socket.inet_ntoa(socket.inet_aton(found))  # octal, hexadecimal, in one number
    except (ValueError, OSError):
        pass
    return None
