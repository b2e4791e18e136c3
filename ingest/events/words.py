"""When are two words the same, however they are written?

>>> folded("Straße"), folded("ＳＯＴＵ"), folded("don’t")
('strasse', 'sotu', "don't")
"""

from __future__ import annotations

import unicodedata

LONGEST = 64  # code points; what is longer is no word that anybody types


def folded(text: str) -> str:
    """The text without the differences of case and width."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
