"""What would the API have said at a time?

The answers of `GET /2/tweets/:id` and `/2/users/:id` to somebody who follows nobody, and the first
page of a reader's home to that reader, made by the API's own code (`replay/past_rows.py`) from the
lake's history. What a job had not yet applied just then is taken for applied: it is what the log
said. Times on polls, and who bears a name, are not told.
"""

from __future__ import annotations

from typing import Any, cast

from replay.past import Past
from replay.past_rows import PastHomes, PastRows
from serving.documents import Documents, not_found, unseen_tweets
from serving.paging import Cursor
from serving.render.selection import Selection, selection
from serving.retweets_below import RetweetsBelow
from serving.timelines import Timelines, Window
from serving.visibility import Surface, visible_tweets, visible_users
from settings import Settings

FIELDS: Selection = selection(
    frozenset(
        {
            *("author_id", "conversation_id", "created_at", "in_reply_to_user_id", "lang"),
            *("public_metrics", "referenced_tweets", "reply_settings"),
        }
    ),
    frozenset(
        {
            *("created_at", "description", "location", "pinned_tweet_id", "protected"),
            *("public_metrics", "url", "verified"),
        }
    ),
    frozenset(),
)
NOBODY = 0  # who asks without being anybody
PAGE = 100
Document = dict[str, Any]


class AsOf:
    """The API at one time."""

    def __init__(self, settings: Settings, when_ms: int) -> None:
        past = Past(settings, when_ms)
        rows: Any = PastRows(past)
        self._documents = Documents(rows, cast(Any, None))
        self._timelines = Timelines(
            homes=cast(Any, PastHomes(settings, past)),
            documents=self._documents,
            retweets=RetweetsBelow(rows),
            **dict.fromkeys(("recents", "cassandra", "entries", "relations"), cast(Any, None)),
        )

    def tweet(self, id: int) -> Document:
        found = self._documents.gather(NOBODY, [id], FIELDS)
        rows = visible_tweets(NOBODY, [id], found, Surface.LOOKUP)
        data, _, errors = self._documents.of_tweets(NOBODY, rows, FIELDS, found)
        errors = unseen_tweets([id], rows, found, "id") + errors
        return {"data": data[0]} if data else {"errors": errors}

    def user(self, id: int) -> Document:
        found = self._documents.users(NOBODY, [id], FIELDS)
        rows = visible_users(NOBODY, [id], found, Surface.LOOKUP)
        data, _, _ = self._documents.of_users(NOBODY, rows, FIELDS, found)
        return {"data": data[0]} if data else {"errors": [not_found("user", str(id), "id")]}

    def home(self, reader: int) -> Document:
        page = self._timelines.home(reader, Cursor(), PAGE, Window(), FIELDS)
        data, _, _ = self._documents.of_tweets(reader, page.rows, FIELDS, page.found)
        return {"data": data, "meta": {"result_count": len(data)}}
