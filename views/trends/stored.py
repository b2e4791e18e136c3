"""How do the totals of tags lie in Redis?

    tg:{place}:{tag}   hash: a total a field (`counting.field_of`), and `SUM`, its people
    tags:{place}       sorted set: the tags of at least `GATE` people, by people
    tags               set: the places that have such tags

Only tags that could trend stand in the sets; what hardly anybody uses is a small hash for a day.
Of what grows old, whoever reads it says so (`forget`), and the function takes it out of the sum.
"""

from __future__ import annotations

from collections.abc import Mapping

from views.trends.windows import LONGEST

GATE = 5  # people; far below what trends anywhere, far above what nearly all tags have
KEEP_SECONDS = 60 * (LONGEST + 60)
PLACES = "tags"
SUM = "people"  # the field that is no total but their sum

Call = tuple[str | int, ...]
"""Of a Redis function: its name, the number of keys, the keys, the arguments."""


def tag_key(place: int, tag: str) -> str:
    return f"tg:{place}:{tag}"


def tags_key(place: int) -> str:
    return f"tags:{place}"


def put(place: int, tag: str, totals: Mapping[str, int]) -> Call:
    """Sets these totals of one tag in one place."""
    flat = [part for pair in totals.items() for part in pair]
    return (
        *("tag_put", 3, tag_key(place, tag), tags_key(place), PLACES),
        *(tag, place, GATE, KEEP_SECONDS, *flat),
    )


def forget(place: int, tag: str, before: int) -> Call:
    """Drops totals of minutes before that one, and the tag where too few people are left."""
    return (
        *("tag_forget", 3, tag_key(place, tag), tags_key(place), PLACES),
        *(tag, place, GATE, before, before // 60),
    )
