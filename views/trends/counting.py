"""How do engines count what `TagWindows` counts, person by person and minute by minute?

One SELECT over `tag_marks(kind, place, tag, person_id, at_minute, word)`; Flink and DuckDB run it
word for word: a `use` of a tag, whose word is its spelling, and a tag that stood `beside` it, whose
word is that tag. Each row it gives is an absolute total:

    people    people whose newest use was in minute `field`
    uses      tweets in minute `field`
    spelling  tweets that write the tag as `field`
    beside    tweets of an hour with another tag: `field` is "hour tag"

A person who uses the tag again moves from one minute to another: both totals are told anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from views.trends.uses import TagUse
from views.trends.windows import HOUR, TagCounts

USE, BESIDE = "use", "beside"
PEOPLE, USES, SPELLING = "people", "uses", "spelling"

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

Mark = tuple[str, int, str, int, int, str]
"""kind, place, tag, person_id, at_minute, word"""


def marks(use: TagUse, place: int) -> list[Mark]:
    """What one use adds in one place."""
    return [
        (USE, place, use.tag, use.person_id, use.minute, use.spelling),
        *((BESIDE, place, use.tag, use.person_id, use.minute, other) for other in use.beside),
    ]


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
