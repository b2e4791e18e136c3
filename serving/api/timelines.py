"""Timelines: one's own home, and the tweets of a user."""

from __future__ import annotations

from flask import Blueprint, Response

from serving.api.parameters import cursor, page_meta, page_size, selected, window
from serving.documents import not_found
from serving.http import an_id, answer, own, principal
from serving.render.selection import Selection
from serving.services import services
from serving.timelines import Page

blueprint = Blueprint("timelines", __name__)


@blueprint.get("/users/<user_id>/timelines/reverse_chronological")
def home(user_id: str) -> Response:
    reader, selection = own(user_id), selected()
    name = f"home/{reader.id}"
    page = services().timelines.home(
        reader.id, cursor(name), page_size(least=1), window(), selection
    )
    return _answer(name, page, selection)


@blueprint.get("/users/<user_id>/tweets")
def of_user(user_id: str) -> Response:
    author_id, selection = an_id(user_id, "id"), selected()
    name = f"user/{author_id}"
    page = services().timelines.of_user(
        principal().id, author_id, cursor(name), page_size(least=5), window(), selection
    )
    # Only an empty page leaves open whether there is such a user.
    if not page.rows and author_id not in services().rows.fetch(users=[author_id]).users:
        return answer({"errors": [not_found("user", user_id, "id")]})
    return _answer(name, page, selection)


def _answer(name: str, page: Page, selection: Selection) -> Response:
    data, includes, errors = services().documents.of_tweets(page.rows, selection, page.found)
    document: dict[str, object] = {"data": data} if data else {}
    if includes:
        document["includes"] = includes
    if errors:
        document["errors"] = errors
    return answer(document | {"meta": page_meta(name, page)}, stale=page.found.stale)
