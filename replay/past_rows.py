"""How does the API's own code answer from the past? It is given rows of the lake.

These stand where `serving/rows.py` and `serving/homes.py` stand in the API: what is visible, what
belongs on a home and how it is written is decided by the same code as today.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from replay.past import Past, Row
from serving.relations import NOBODY, Relation
from serving.rows import COUNTS, Found, TweetRow, UserRow
from serving.standing import Standing
from settings import Settings
from views.blocking import BLOCKING
from views.following import FOLLOWING
from views.home_timeline import home_timelines
from views.moderation_states import DECISION, MODERATION_STATES, SCORE, holds
from views.muting import MUTING
from views.tweets import TWEETS
from views.user_timeline import USER_TIMELINE
from views.users import USERS

T = TypeVar("T", bound=msgspec.Struct)


class PastRows:
    """What of `serving.rows.Rows` answers need."""

    def __init__(self, past: Past) -> None:
        self._past = past

    def fetch(
        self,
        *,
        tweets: Sequence[int] = (),
        users: Sequence[int] = (),
        viewer_id: int | None = None,
        people: Sequence[int] = (),
        follows: bool = False,
        **counted: Sequence[int],
    ) -> Found:
        """As `Rows.fetch`; `counted` are the keys of `tweet_counts`, `user_counts` ..."""
        found = Found()
        if tweets:
            rows = self._past.state(TWEETS, self._past.authors(tweets))
            found.tweets = {id: _as(TweetRow, rows[id]) for id in tweets if id in rows}
            held = self._past.state(MODERATION_STATES, tweets)
            found.moderation = {
                id: holds(held.get((id, SCORE)), held.get((id, DECISION))) for id in tweets
            }
        if users:
            rows = self._past.state(USERS, users)
            found.users = {id: _as(UserRow, rows[id]) for id in users if id in rows}
        for name, keys in counted.items():
            if keys:
                getattr(found, name).update(self._past.totals(COUNTS[name], keys))
        if viewer_id == 0:
            found.relations = dict.fromkeys(users, NOBODY)
        elif viewer_id is not None:
            found.relations = self._relations(viewer_id, {*users, *people} - {viewer_id})
        return found

    def _relations(self, viewer_id: int, others: set[int]) -> dict[int, Relation]:
        blocking, muting, following = (
            {other for _, other in self._past.state(view, [viewer_id])}
            for view in (BLOCKING, MUTING, FOLLOWING)
        )
        blocked_by = {
            one for one, other in self._past.state(BLOCKING, others) if other == viewer_id
        }
        return {
            id: Relation(id in blocking, id in blocked_by, id in muting, id in following)
            for id in others
        }


class PastHomes:
    """What of `serving.homes.Homes` answers need."""

    def __init__(self, settings: Settings, past: Past) -> None:
        self._cap, self._past = settings.timeline_cap, past

    def standing(self, reader: int, *_: Any, **__: Any) -> Standing:
        """The newest of those whom the reader followed, and the reader's own."""
        edges = list(self._past.state(FOLLOWING, [reader]))
        entries = self._past.state(USER_TIMELINE, {author for _, author in edges} | {reader})
        tweets: dict[int, list[int]] = {}
        for author, id in entries:
            tweets.setdefault(author, []).append(id)
        pushed = home_timelines(edges, tweets, cap=self._cap).get(reader, [])
        return Standing([*pushed, *tweets.get(reader, [])], cap=self._cap)


def _as(type_: type[T], row: Row) -> T:
    return msgspec.convert({n: value for n, value in row.items() if value is not None}, type_)
