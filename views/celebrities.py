"""Which authors have so many followers that they are pulled at read, not pushed to everyone?

Every author's followers are recounted. One who reached `pull_followers` stays pulled until they are
below `push_followers`, so that somebody around the threshold does not change class each week.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.events import AuthorClassified
from views.contract import SnapshotView
from views.relations import FOLLOWS, PULLED_AUTHORS

SQL = f"""
SELECT author_id, followers,
  followers >= pull_followers OR (
    followers >= push_followers AND author_id IN (SELECT author_id FROM said)
  ) AS pulled
FROM (
  SELECT followee_id AS author_id, COUNT(*) AS followers
  FROM ({FOLLOWS.standing}) AS edges GROUP BY followee_id
) AS counted
CROSS JOIN parameters
"""


def event(row: Mapping[str, Any], generation: int, at_ms: int) -> AuthorClassified:
    """An author that nobody follows any more has no row, and so no count."""
    return AuthorClassified(
        at_ms=at_ms,
        author_id=row["author_id"],
        generation=generation,
        pulled=row["pulled"],
        followers=row["followers"] or 0,
    )


CELEBRITIES = SnapshotView(
    name="celebrities",
    doc=__doc__,
    relations=(FOLLOWS,),
    said=PULLED_AUTHORS,
    columns={"followers": int, "pulled": bool},
    sql=SQL,
    event=event,
)
