"""How do engines count what `TagWindows` counts, person by person and minute by minute?

Two SELECTs that Flink and DuckDB run word for word. `MARKS` cuts rows of tweets (`TWEETS`, with the
columns of `TaggedTweet`) into `tag_marks(kind, place, tag, person_id, at_minute, word)`: a `use` of
a tag, whose word is its spelling, and a tag that stood `beside` it, whose word is that tag. `SQL`
counts those; each row it gives is an absolute total:

    people    people whose newest use was in minute `field`
    uses      tweets in minute `field`
    spelling  tweets that write the tag as `field`
    beside    tweets of an hour with another tag: `field` is "hour tag"

A person who uses the tag again moves from one minute to another: both totals are told anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from views.trends.uses import tags_of
from views.trends.windows import HOUR, TagCounts

TWEETS = "tagged_tweets"
USE, BESIDE = "use", "beside"
PEOPLE, USES, SPELLING = "people", "uses", "spelling"


class TaggedTweet(NamedTuple):
    """A tweet that uses tags."""

    person_id: int
    at_minute: int
    """Since 1970."""

    places: tuple[int, ...]
    tags: tuple[str, ...]
    spellings: tuple[str, ...]
    """Of the tags, one each."""

    @classmethod
    def of(cls, text: str, person_id: int, minute: int, places: tuple[int, ...]) -> TaggedTweet:
        tags = tags_of(text)
        return cls(person_id, minute, places, tuple(tags), tuple(tags.values()))


MARKS = f"""
SELECT '{USE}' AS kind, spoken.place, used.tag, person_id, at_minute, spellings[used.nth] AS word
FROM {TWEETS}
CROSS JOIN UNNEST(places) AS spoken (place)
CROSS JOIN UNNEST(tags) WITH ORDINALITY AS used (tag, nth)
UNION ALL
SELECT '{BESIDE}' AS kind, spoken.place, used.tag, person_id, at_minute, other.tag AS word
FROM {TWEETS}
CROSS JOIN UNNEST(places) AS spoken (place)
CROSS JOIN UNNEST(tags) AS used (tag)
CROSS JOIN UNNEST(tags) AS other (tag)
WHERE used.tag <> other.tag
"""

SQL = f"""
SELECT place, tag, '{PEOPLE}' AS kind, CAST(newest AS STRING) AS field, COUNT(*) AS total FROM (
  SELECT place, tag, person_id, MAX(at_minute) AS newest
  FROM tag_marks WHERE kind = '{USE}' GROUP BY place, tag, person_id
) AS persons GROUP BY place, tag, newest
UNION ALL
SELECT place, tag, '{USES}' AS kind, CAST(at_minute AS STRING) AS field, COUNT(*) AS total
FROM tag_marks WHERE kind = '{USE}' GROUP BY place, tag, at_minute
UNION ALL
SELECT place, tag, '{SPELLING}' AS kind, word AS field, COUNT(*) AS total
FROM tag_marks WHERE kind = '{USE}' GROUP BY place, tag, word
UNION ALL
SELECT place, tag, '{BESIDE}' AS kind, CONCAT(in_hour, ' ', word) AS field, COUNT(*) AS total FROM (
  SELECT place, tag, CAST(CAST(FLOOR(at_minute / {HOUR}) AS BIGINT) AS STRING) AS in_hour, word
  FROM tag_marks WHERE kind = '{BESIDE}'
) AS pairs GROUP BY place, tag, in_hour, word
"""


def counted(totals: Mapping[str, int]) -> TagCounts:
    """The counts of one tag in one place, from its totals by `field_of`."""
    found = TagCounts()
    for name, total in totals.items():
        kind, field = name.split(" ", 1)
        if kind == PEOPLE:
            found.people[int(field)] = total
        elif kind == USES:
            found.uses[int(field)] = total
        elif kind == SPELLING:
            found.spellings[field] = total
        else:
            hour, other = field.split(" ", 1)
            found.beside.setdefault(int(hour), Counter())[other] = total
    return found


def field_of(kind: str, field: str) -> str:
    """The name of a total, of all those of one tag in one place."""
    return f"{kind} {field}"
