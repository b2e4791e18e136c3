"""Is this text a tweet, and what does it name?

Length is weighted as X weighs it: most scripts 1, Chinese, Japanese, Korean and an emoji (however
many code points it is made of) 2, a link 23.

>>> weight("plain"), weight("日本"), weight("👨‍👩‍👧"), weight("see https://example.com/a/long/way/down")
(5, 4, 2, 27)
"""

from __future__ import annotations

import unicodedata
from typing import Any

import regex

from ingest.events.entities import Tag, cashtags, hashtags, mentions
from ingest.events.links import Url, outside, urls
from serving.errors import InvalidRequest

MAX_WEIGHT = 280
MAX_CODE_POINTS = 4_000  # a link weighs 23 however long it is; the log takes this much
URL_WEIGHT = 23
DISPLAYED_URL = 26

# Code points that weigh 1, from X's published configuration (version 3); others weigh 2.
_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_NOT_LIGHT = regex.compile(f"[^{''.join(f'{chr(a)}-{chr(b)}' for a, b in _LIGHT)}]")

# What X refuses: byte order marks, a non-character, and marks that turn the direction of writing.
_REFUSED = regex.compile("[\ufffe\ufeff\uffff\u202a-\u202e]")

_EMOJI = regex.compile(
    r"\p{Regional_Indicator}{2}"
    r"|[0-9#*]\ufe0f?\u20e3"
    r"|(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Emoji_Modifier_Base}(?=\p{Emoji_Modifier}))"
    r"[\p{Emoji_Modifier}\ufe0f]?+[\U000e0020-\U000e007f]*+"
    r"(?:\u200d\p{Emoji}[\p{Emoji_Modifier}\ufe0f]?+){0,9}+"
)


def tweet_text(text: str) -> str:
    """The text as it is kept: composed (NFC). Raises `InvalidRequest` where it is no tweet."""
    if len(text) > MAX_CODE_POINTS:
        raise _too_long(len(text))
    text = unicodedata.normalize("NFC", text)
    if not text.strip():
        raise InvalidRequest("Your Tweet has no text.", text=text)
    if _REFUSED.search(text) or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise InvalidRequest("Your Tweet text has characters that are not allowed.")
    weighed = weight(text)
    if weighed > MAX_WEIGHT:
        raise _too_long(weighed)
    return text


def weight(text: str) -> int:
    """The weighted length of a composed text."""
    total, at = 0, 0
    for url in urls(text):
        total += _plain_weight(text[at : url.start]) + URL_WEIGHT
        at = url.end
    return total + _plain_weight(text[at:])


def entities(text: str) -> dict[str, Any] | None:
    """The `entities` of the X API, or None where the text names nothing."""
    found: dict[str, Any] = {}
    links = urls(text)
    if links:
        found["urls"] = [_url(link) for link in links]
    for name, signs, field, tags in (
        ("hashtags", "#＃", "tag", hashtags),
        ("mentions", "@＠", "username", mentions),
        ("cashtags", "$", "tag", cashtags),
    ):
        if any(sign in text for sign in signs):
            there = [_tag(tag, field) for tag in outside(tags(text), links)]
            if there:
                found[name] = there
    return found or None


def usernames(text: str) -> list[str]:
    """The names that the text mentions, in lower case, each once, in its order.

    >>> usernames("@bob and @Alice, or @BOB")
    ['bob', 'alice']
    """
    found = (entities(text) or {}).get("mentions", [])
    return list(dict.fromkeys(mention["username"].lower() for mention in found))


def _plain_weight(text: str) -> int:
    if text.isascii():
        return len(text)
    bare, emoji = _EMOJI.subn("", text)
    return 2 * emoji + len(bare) + len(_NOT_LIGHT.findall(bare))


def _too_long(weighed: int) -> InvalidRequest:
    return InvalidRequest(
        f"Your Tweet text is too long: it weighs {weighed}, the limit is {MAX_WEIGHT}.",
        text=str(weighed),
    )


def _tag(tag: Tag, field: str) -> dict[str, Any]:
    return {"start": tag.start, "end": tag.end, field: tag.tag}


def _url(link: Url) -> dict[str, Any]:
    expanded = link.url if "://" in link.url else f"http://{link.url}"
    shown = expanded.partition("://")[2].removeprefix("www.")
    if len(shown) > DISPLAYED_URL:
        shown = shown[:DISPLAYED_URL] + "…"
    return {
        "start": link.start,
        "end": link.end,
        "url": link.url,
        "expanded_url": expanded,
        "display_url": shown,
        "unwound_url": expanded,
    }
