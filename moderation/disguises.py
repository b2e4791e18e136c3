"""Which words does a text spell so that no filter sees them, though everybody can read them?

Digits and signs for letters (`1d10t`), letters set apart (`i d i o t`), stars over letters are read
back only where that makes a word that the model knows to weigh: numbers, prices and names of models
stay. No list of bad words is kept for it: the linear model's weights are asked.

>>> undisguised("you 1d10t, b4 2 i.d.i.o.t.s", lambda word: word in {"idiot", "idiots"})
'you idiot, b4 2 idiots'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import regex

_LETTERS = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "il", "+": "t", "€": "e", "£": "l",
}  # fmt: skip
_MIXED = regex.compile(r"(?<![\w@])(?=\S*\p{L})(?=\S*[\d@$!|+€£])[\w@$!|+€£]{3,20}(?<![!|+])")
_APART = regex.compile(r"(?<![\w'’])\p{L}([\s._*-])\p{L}(?:\1\p{L}){1,13}(?![\w'’])")
READINGS_AT_MOST = 16  # of one word

Known = Callable[[str], bool]
"""Does this word, in lower case, weigh?"""


def undisguised(read: str, known: Known) -> str:
    """The reading with disguised words as `known` knows them, else the same text."""
    read = _APART.sub(lambda match: _joined(match, known), read)
    return _MIXED.sub(lambda match: _spelt(match[0], known), read)


def _joined(match: regex.Match[str], known: Known) -> str:
    word = regex.sub(r"\P{L}", "", match[0])
    return word if known(word) else match[0]


def _spelt(word: str, known: Known) -> str:
    return next((each for each in _readings(word) if known(each)), word)


def _readings(word: str) -> Iterator[str]:
    letters = [_LETTERS.get(sign, sign) for sign in word]
    for number, chosen in enumerate(product(*letters)):
        if number == READINGS_AT_MOST:
            return
        yield "".join(chosen)
