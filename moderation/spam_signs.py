"""What about a text, apart from its words, looks like an advertisement nobody asked for?

Each sign is one more word for the spam model: how many links, numbers to call, sums of money,
shouted words there are. Digits lose their value, so that one telephone number looks like the next.

>>> spam_signs("WIN £1000 NOW! Call 09061234567 http://win.example")
['=links:1', '=mentions:0', '=tags:0', '=calls:1', '=money:1', '=shouts:2', '=cries:1', '=digits:4']
"""

from __future__ import annotations

import regex

_LINK = regex.compile(r"https?://|www\.|\b[\w-]+\.(?:com|net|org|info|biz|co|ly|uk|me|tk|xyz|ru)\b", regex.I)  # fmt: skip  # noqa: E501
_MENTION = regex.compile(r"(?<!\w)@\w")
_TAG = regex.compile(r"(?<!\w)#\w")
_CALL = regex.compile(r"(?<!\d)\+?\d(?:[ -]?\d){4,}(?!\d)")
_MONEY = regex.compile(r"[£$€¥]\s?\d|\d\s?[£$€¥]|\d\s?(?:pounds?|dollars?|euros?|usd|gbp|ppm|p/min)\b", regex.I)  # fmt: skip  # noqa: E501
_SHOUT = regex.compile(r"\b\p{Lu}{3,}\b")
_CRY = regex.compile(r"!")
_DIGIT = regex.compile(r"\d")

_SIGNS = {
    "links": _LINK, "mentions": _MENTION, "tags": _TAG, "calls": _CALL, "money": _MONEY,
    "shouts": _SHOUT, "cries": _CRY,
}  # fmt: skip
MOST = 4  # more of a sign says no more


def spam_signs(text: str) -> list[str]:
    """The signs of a text as it was written, each with how often, at most `MOST`."""
    found = [f"={name}:{_times(pattern, text)}" for name, pattern in _SIGNS.items()]
    return [*found, f"=digits:{min(MOST, len(_DIGIT.findall(text)) // 3)}"]


def without_digits(read: str) -> str:
    """A reading in which every digit is a nought."""
    return _DIGIT.sub("0", read)


def _times(pattern: regex.Pattern[str], text: str) -> int:
    return min(MOST, len(pattern.findall(text)))
