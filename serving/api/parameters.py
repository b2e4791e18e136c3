"""What may a client say about an answer: fields, pages, times?"""

from __future__ import annotations

from datetime import datetime

from flask import request

from ingest.ids import first_id_at
from serving.errors import InvalidRequest
from serving.http import an_id
from serving.paging import NEWEST, Cursor
from serving.render.selection import Selection, selection
from serving.services import services
from serving.timelines import Page, Window


def selected(*, of_users: bool = False) -> Selection:
    arguments = request.args
    return selection(
        arguments.get("tweet.fields"),
        arguments.get("user.fields"),
        arguments.get("expansions"),
        of_users=of_users,
    )


def page_size(*, least: int) -> int:
    settings = services().settings
    value = request.args.get("max_results")
    if value is None:
        return settings.page_default
    if not value.isdecimal() or not least <= int(value[:9]) <= settings.page_max:
        raise InvalidRequest(
            f"The `max_results` query parameter value [{value}] is not between {least} and "
            f"{settings.page_max}",
            max_results=value,
        )
    return int(value)


def cursor(list_name: str) -> Cursor:
    """Where the page begins, by `pagination_token` or its other name `next_token`."""
    token = request.args.get("pagination_token") or request.args.get("next_token")
    return services().page_tokens.cursor(list_name, token) if token else Cursor()


def window() -> Window:
    """The bounds and kinds that the client wants."""
    arguments = request.args
    after, before = 0, NEWEST
    if "since_id" in arguments:
        after = an_id(arguments["since_id"], "since_id")
    if "until_id" in arguments:
        before = an_id(arguments["until_id"], "until_id")
    if "start_time" in arguments:
        after = max(after, first_id_at(_ms("start_time")) - 1)
    if "end_time" in arguments:
        before = min(before, first_id_at(_ms("end_time")))
    excluded = {kind for kind in arguments.get("exclude", "").split(",") if kind}
    if unknown := excluded - {"replies", "retweets"}:
        raise InvalidRequest(
            f"The `exclude` query parameter value [{min(unknown)}] is not one of "
            "[replies,retweets]",
            exclude=min(unknown),
        )
    return Window(after, before, "replies" not in excluded, "retweets" not in excluded)


def page_meta(list_name: str, page: Page) -> dict[str, object]:
    meta: dict[str, object] = {"result_count": len(page.rows)}
    if page.rows:
        meta["newest_id"] = str(page.rows[0].id)
        meta["oldest_id"] = str(page.rows[-1].id)
    tokens = services().page_tokens
    if page.older_than is not None:
        meta["next_token"] = tokens.next(list_name, page.older_than)
    if page.newer_than is not None:
        meta["previous_token"] = tokens.previous(list_name, page.newer_than)
    return meta


def _ms(parameter: str) -> int:
    value = request.args[parameter]
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise InvalidRequest(
            f"The `{parameter}` query parameter value [{value}] is not an RFC 3339 time",
            **{parameter: value},
        )
    return int(time.timestamp() * 1000)
