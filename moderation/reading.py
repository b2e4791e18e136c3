"""How does a text read, once its disguises are off?

People see letters; a model sees code points. A reading is what people see: no invisible signs, no
letters borrowed from other scripts, emoji as their names, links and names of people as one word
each. All models are trained on readings and asked for readings, so this file is part of a model:
what changes here asks for a new training (`python -m moderation.training`).

>>> reading("Ｈello @alice, @bob: p\u0430yp\u0430l.com #FollowBack sooooo 😂")
'hello @user paypal.com # follow back so face with tears of joy'
"""

from __future__ import annotations

import html
import unicodedata
from functools import cache

import emoji
import regex
from confusable_homoglyphs import confusables

USER, LINK = "@user", "http"  # how the data sets write somebody, and a link

_LINK = regex.compile(r"(?:https?://|www\.)\S+|\bhttp\b", regex.IGNORECASE)
_USER = regex.compile(r"(?<![\w@])[@＠]\w{1,20}:?")
_USERS = regex.compile(rf"{USER}(?:[\s,.:;]+{USER})+")
_TAG = regex.compile(r"[#＃](\w+)")
_HUMP = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{Nd})|_")
_TONE = regex.compile(r"[\p{Emoji_Modifier}]")
# Zero-width signs, soft hyphens, marks of direction, tag characters, variation selectors, halves of
# surrogate pairs; and accents heaped on accents, of which a letter has one or two.
_INVISIBLE = regex.compile(r"[\p{Cf}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f]")
_HEAPED = regex.compile(r"(?<=\p{Mn}{2})\p{Mn}+")
_ACCENT = regex.compile(r"(?<=\p{Latin})\p{Mn}+")
_LONG = regex.compile(r"(\p{L})\1{2,}")
_SIGNS = regex.compile(r"([^\w\s])\1{3,}")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_SPACE = regex.compile(r"\s+")

# Scripts whose letters pass for Latin ones. A word of such letters only is left alone where the
# text is written in that script.
_BORROWED = regex.compile(r"[\p{Cyrillic}\p{Greek}\p{Armenian}\p{Cherokee}\p{Lisu}]")
_LATIN = regex.compile(r"\p{Latin}")


def reading(text: str) -> str:
    """The text as people read it, in lower case; safe for any string."""
    return _SPACE.sub(" ", _plain(seen(html.unescape(text)))).strip()


def seen(text: str) -> str:
    """The text without what nobody sees and with Latin letters where it shows such; links stay.

    >>> seen("e\u200bvil"), seen("\u0440aypal"), seen("\u043f\u0440\u0438\u0432\u0435\u0442")
    ('evil', 'paypal', 'привет')
    """
    if text.isascii():
        return text
    text = emoji.demojize(_TONE.sub("", text), delimiters=(" \ue000", "\ue001 "))
    text = regex.sub("\ue000([^\ue001]*)\ue001", lambda m: m[1].replace("_", " "), text)
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFKD", _HEAPED.sub("", text))
    text = unicodedata.normalize("NFC", _ACCENT.sub("", text))
    return text if text.isascii() else _in_latin(text)


def _plain(text: str) -> str:
    text = _USERS.sub(USER, _USER.sub(USER, _LINK.sub(f" {LINK} ", text)))
    text = _TAG.sub(lambda m: f"# {_HUMP.sub(' ', m[1])}", text).lower()
    return _SIGNS.sub(r"\1\1\1", _LONG.sub(r"\1", text))


def _in_latin(text: str) -> str:
    """Words of borrowed letters in Latin ones, where they are mixed or where all can be read so."""
    latin = bool(_LATIN.search(text))

    def word(match: regex.Match[str]) -> str:
        found = match[0]
        if not latin or not _BORROWED.search(found):
            return found
        read = "".join(_looks_like().get(letter, letter) for letter in found)
        return read if _LATIN.search(found) or not _BORROWED.search(read) else found

    return _WORD.sub(word, text)


@cache
def _looks_like() -> dict[str, str]:
    """Which Latin letter another letter looks like, by Unicode's table of confusables."""
    found = {}
    for letter, others in confusables.confusables_data.items():
        if len(letter) == 1 and _BORROWED.match(letter):
            alike = [o["c"] for o in others if len(o["c"]) == 1 and o["c"].isascii()]
            letters = [c for c in alike if c.isalpha()]
            if letters:
                found[letter] = letters[0]
    return found
