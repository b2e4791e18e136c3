"""Finding users, and tags, by how their names begin."""

from __future__ import annotations

from flask import Blueprint, Response, g

from serving import query
from serving.api.parameters import (
    USER_SELECTION,
    cursor,
    page_size,
    page_tokens,
    pages,
    selected,
)
from serving.http import answer, now_ms, principal
from serving.openapi.shapes import Count, Page, Shape, User
from serving.operations import operation, writes
from serving.search.tag_uses import uses_in_all
from serving.services import services
from serving.visibility import visible_users
from views.search_index import JOB

blueprint = Blueprint("user_search", __name__)

DEFAULT_PAGE = 100
LIKELY = 5
LONGEST_QUERY = 50
QUERY = query.text(
    "query",
    "Words, each the beginning of a word of a name or username.",
    longest=LONGEST_QUERY,
    required=True,
)
TYPED = query.text("query", "What was typed so far.", longest=LONGEST_QUERY, required=True)
MAY_READ = writes("tweet.read", "users.read")


class TagUse(Shape):
    """`tweet_count` of the last week, of those that the reader may see; `use_count` of all tweets
    ever, an estimate."""

    tag: str
    tweet_count: Count
    use_count: Count


class TypedMeta(Shape):
    """No `use_count` is too low, and each with a probability of 0.993 too high by no more than
    `use_count_error`."""

    use_count_error: Count


class Likely(Shape):
    tags: list[TagUse]
    users: list[User]


class Typed(Shape):
    data: Likely
    meta: TypedMeta


@blueprint.get("/users/search")
@operation(
    "searchUsers",
    MAY_READ,
    query=(QUERY, *USER_SELECTION, *pages(1, 1000, default=DEFAULT_PAGE)),
    answer=Page[User],
    limit="search",
    after=(JOB,),
)
def search() -> Response:
    """Users in whose names a word begins as each of these, newest account first."""
    words, viewer_id = _words(), principal().id
    name, size = f"users/{g.query['query']}", page_size(DEFAULT_PAGE)
    at = cursor(name)
    ids = services().names.users(viewer_id, words, before=at.older_than, limit=size + 1)
    found = services().documents.users(viewer_id, ids[:size], selected())
    seen = visible_users(viewer_id, ids[:size], found)
    data, includes, errors = services().documents.of_users(viewer_id, seen, selected(), found)
    older_than = ids[size - 1] if len(ids) > size else None
    meta = {"result_count": len(data)} | page_tokens(name, older_than, None)
    parts = {"data": data, "includes": includes, "errors": errors}
    document = {part: value for part, value in parts.items() if value}
    return answer(document | {"meta": meta}, stale=found.stale)


@blueprint.get("/search/typeahead")
@operation("getTypeahead", MAY_READ, query=(TYPED,), answer=Typed, limit="search", after=(JOB,))
def typeahead() -> Response:
    """The tags and users that one who has typed so far is likely to mean, a few of each.

    `use_count` is how often a tag was used in all, an estimate: never too low, and with a
    probability of 0.993 too high by no more than `meta.use_count_error`.
    """
    words, viewer_id, names = _words(), principal().id, services().names
    typed = words[-1]
    tags = (
        []
        if typed.startswith("@")
        else names.likely_tags(viewer_id, typed.lstrip("#＃"), LIKELY, now_ms())
    )
    plain = [word.lstrip("@＠") for word in words]
    ids = [] if typed[0] in "#＃" else names.likely_users(viewer_id, plain, LIKELY)
    found = services().documents.users(viewer_id, ids, selected())
    seen = visible_users(viewer_id, ids, found)
    users, _, _ = services().documents.of_users(viewer_id, seen, selected(), found)
    in_all = uses_in_all(services().rows, [tag for tag, _ in tags])
    uses = [
        {"tag": tag, "tweet_count": count, "use_count": in_all.uses[tag]} for tag, count in tags
    ]
    return answer(
        {
            "data": {"tags": uses, "users": users},
            "meta": {"use_count_error": in_all.error},
        },
        stale=found.stale | in_all.stale,
    )


def _words() -> list[str]:
    words: list[str] = g.query["query"].split()
    if not any(word.strip("@＠#＃") for word in words):
        raise query.invalid("query", g.query["query"], "has no word")
    return words
