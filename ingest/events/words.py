"""By which words is a text found?

Words are folded (case, width) and cut where no letter, digit or mark stands; Chinese, Japanese and
Korean, which stand without spaces or with endings attached, are cut into pairs of characters. A
hashtag is a term of its own, with its sign, beside its word. Links say nothing.

>>> terms("Straße, don't #Go! go https://example.com")
['strasse', "don't", 'go', '#go']
>>> terms("東京タワー"), terms("हिन्दी")
(['東京', '京タ', 'タワ', 'ワー'], ['हिन्दी'])
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ingest.events.entities import hashtags

LONGEST = 64  # code points of a term; what is longer is no word that anybody types

_LINK = re.compile(r"https?://\S+")
_PLAIN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_PAIRED = re.compile(
    "([\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+)"
)


def terms(text: str) -> list[str]:
    """The distinct terms: the words in the order of the text, then the hashtags."""
    bare = _LINK.sub(" ", text)
    found = dict.fromkeys(_words(folded(bare)))
    if "#" in bare or "＃" in bare:
        found |= dict.fromkeys("#" + folded(tag.tag) for tag in hashtags(bare))
    return [term for term in found if len(term) <= LONGEST]


def folded(text: str) -> str:
    """The text without the differences that a search does not see."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")


def _words(text: str) -> Iterator[str]:
    if text.isascii():
        yield from _PLAIN.findall(text)
        return
    spaced = "".join(c if unicodedata.category(c)[0] in "LMN" or c == "'" else " " for c in text)
    for word in spaced.split():
        for number, part in enumerate(_PAIRED.split(word)):
            if number % 2 == 0:
                if plain := part.strip("'"):
                    yield plain
            elif len(part) == 1:
                yield part
            else:
                yield from (part[i : i + 2] for i in range(len(part) - 1))
