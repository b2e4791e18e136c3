"""What may a client say about an answer: fields, pages, times? Declared, and read back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import g, request

from ingest.ids import first_id_at
from serving import query, read_after
from serving.paging import NEWEST, Cursor
from serving.render import selection as names
from serving.render.selection import Selection, selection
from serving.services import services
from serving.timelines import Window

TWEET_SELECTION = (
    query.choices("tweet.fields", "Fields of each tweet.", names.TWEET_FIELDS),
    query.choices("expansions", "What to include of what tweets name.", names.TWEET_EXPANSIONS),
    query.choices("user.fields", "Fields of each user included.", names.USER_FIELDS),
    query.choices("media.fields", "Fields of each media included.", names.MEDIA_FIELDS),
    query.choices("poll.fields", "Fields of each poll included.", names.POLL_FIELDS),
    query.choices("place.fields", "Fields of each place included.", names.PLACE_FIELDS),
)
USER_SELECTION = (
    query.choices("user.fields", "Fields of each user.", names.USER_FIELDS),
    query.choices("expansions", "What to include of what users name.", names.USER_EXPANSIONS),
    query.choices("tweet.fields", "Fields of each tweet included.", names.TWEET_FIELDS),
)
LIST_SELECTION = (
    query.choices("list.fields", "Fields of each list.", names.LIST_FIELDS),
    query.choices("expansions", "What to include of what lists name.", names.LIST_EXPANSIONS),
    query.choices("user.fields", "Fields of each user included.", names.USER_FIELDS),
)
WINDOW = (
    query.id_("since_id", "Only tweets newer than this one."),
    query.id_("until_id", "Only tweets older than this one."),
    query.time("start_time", "Only tweets of this time or later."),
    query.time("end_time", "Only tweets before this time."),
)
EXCLUDE = query.choices("exclude", "Kinds of tweets to leave out.", ("replies", "retweets"))
DEFAULT_PAGE = 10


_TOKEN = "The next_token or previous_token of another page."
TOKENS = tuple(query.text(n, _TOKEN, longest=512) for n in ("pagination_token", "next_token"))


def pages(least: int, most: int, *, default: int = DEFAULT_PAGE) -> tuple[query.Parameter, ...]:
    """The parameters of a list that comes in pages."""
    size = query.integer("max_results", f"How many a page; {default} by default.", least, most)
    return (size, *TOKENS)


def selected() -> Selection:
    asked = g.query.get
    return selection(
        asked("tweet.fields", frozenset()),
        asked("user.fields", frozenset()),
        asked("expansions", frozenset()),
        asked("list.fields", frozenset()),
        asked("poll.fields", frozenset()),
    )


def page_size(default: int = DEFAULT_PAGE) -> int:
    size: int = g.query.get("max_results", default)
    return size


def cursor(list_name: str, first: Cursor = Cursor()) -> Cursor:  # noqa: B008
    """Where the page begins, by `pagination_token` or its other name `next_token`."""
    token = g.query.get("pagination_token") or g.query.get("next_token")
    return services().page_tokens.cursor(list_name, token) if token else first


def window() -> Window:
    """The bounds and kinds that the client wants."""
    asked: dict[str, Any] = g.query
    after, before = asked.get("since_id", 0), asked.get("until_id", NEWEST)
    if "start_time" in asked:
        after = max(after, first_id_at(asked["start_time"]) - 1)
    if "end_time" in asked:
        before = min(before, first_id_at(asked["end_time"]))
    excluded = asked.get("exclude", frozenset())
    return Window(
        *(after, before, "replies" not in excluded, "retweets" not in excluded),
        exact=read_after.HEADER in request.headers,
    )


def page_ends(ids: Collection[int]) -> dict[str, object]:
    """The newest and the oldest id of a page, where it is not empty."""
    return {"newest_id": str(max(ids)), "oldest_id": str(min(ids))} if ids else {}


def page_tokens(
    list_name: str,
    older_than: int | None,
    newer_than: int | None,
    *,
    oldest_first: bool = False,
) -> dict[str, object]:
    """The tokens of the pages next to one, as far as there are any."""
    tokens, names = services().page_tokens, ("next_token", "previous_token")
    older, newer = reversed(names) if oldest_first else names
    found: dict[str, object] = {}
    if older_than is not None:
        found[older] = tokens.next(list_name, older_than)
    if newer_than is not None:
        found[newer] = tokens.previous(list_name, newer_than)
    return found
