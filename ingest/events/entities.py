"""Which hashtags, mentions and cashtags does a text name, and where?

Offsets count code points; `end` is exclusive. The rules are X's, told in the library twitter-text:
a hashtag holds letters, marks and digits of any script, not digits alone; a mention is up to 15
ASCII word characters; a cashtag up to 6 letters.

>>> hashtags("we love #日本語 and #café, not #1")
[Tag(start=8, end=12, tag='日本語'), Tag(start=17, end=22, tag='café')]
>>> mentions("hi @bob, mail x@example.com")
[Tag(start=3, end=7, tag='bob')]
>>> cashtags("$TWTR up, $5 down")
[Tag(start=0, end=5, tag='TWTR')]
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple


class Tag(NamedTuple):
    """`text[start:end]` with its sign; `tag` is what follows the sign."""

    start: int
    end: int
    tag: str


# Letters of scripts whose vowels are marks need those marks: Thai, Hindi, Arabic.
_JOINERS = "_\u200c\u200d\u00b7\u30fb\u0f0b\u0f0c"
_HASH = re.compile(r"(?<![\w&/])[#＃]")
_MENTION = re.compile(
    r"(?<![\w!@＠#$%&*/])[@＠]([A-Za-z0-9_]{1,15})(?![A-Za-z0-9_@＠\u00c0-\u024f]|://)"
)
_CASHTAG = re.compile(
    r"(?:(?<=\s)|^)\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?=$|[\s!-/:-@\[-`{-~])"
)


def hashtags(text: str) -> list[Tag]:
    found = []
    for sign in _HASH.finditer(text):
        end = sign.end()
        while end < len(text) and _in_hashtag(text[end]):
            end += 1
        tag = text[sign.end() : end]
        if any(c.isalpha() for c in tag) and not text.startswith(("#", "＃", "://"), end):
            found.append(Tag(sign.start(), end, tag))
    return found


def mentions(text: str) -> list[Tag]:
    return [Tag(m.start(), m.end(), m[1]) for m in _MENTION.finditer(text)]


def cashtags(text: str) -> list[Tag]:
    return [Tag(m.start(), m.end(), m[1]) for m in _CASHTAG.finditer(text)]


def _in_hashtag(character: str) -> bool:
    return character.isalnum() or character in _JOINERS or unicodedata.category(character)[0] == "M"
