"""When are two words the same, however they are written?

>>> folded("Straße"), folded("ＳＯＴＵ"), folded("don’t")
('strasse', 'sotu', "don't")
>>> plain("Café"), plain("がんばれ"), plain("서울")
('cafe', 'がんばれ', '서울')
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
LONGEST = 64  # code points; what is longer is no word that anybody types


def folded(text: str) -> str:
    """The text without the differences of case and width."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")


def plain(text: str) -> str:
    """As the index of search has it (`asciifolding`): folded, and Latin letters without accents."""
    apart = unicodedata.normalize("NFD", folded(text))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))
