"""The conversation around a tweet, and hiding replies in one's own."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g

from ingest.events import ReplyHidden, ReplyUnhidden
from serving import query
from serving.api.pages import readable_tweet, timeline_page
from serving.api.parameters import TWEET_SELECTION, cursor, page_size, pages, selected
from serving.api.tweets import acted_on
from serving.errors import Forbidden
from serving.http import answer, now_ms, principal
from serving.openapi.shapes import Done, Page, Shape, Tweet
from serving.operations import operation, reads, writes
from serving.paging import Cursor, cut
from serving.services import services

blueprint = Blueprint("conversations", __name__)

FIRST = Cursor(newer_than=0)
HIDDEN = query.boolean("hidden", "Whether replies that the author has hidden are shown; or not.")


class Hide(msgspec.Struct, forbid_unknown_fields=True):
    hidden: bool


class Hidden(Shape):
    hidden: bool


@blueprint.get("/tweets/<id>/conversation")
@operation(
    "getPostsConversation",
    reads("tweet.read", "users.read"),
    query=(*TWEET_SELECTION, *pages(5, 100), HIDDEN),
    answer=Page[Tweet],
    limit="timeline",
)
def conversation(id: int) -> Response:
    """What the tweet answers, itself, and what answers it, oldest first."""
    tweet, errors = readable_tweet(id)
    if tweet is None:
        return answer({"errors": errors})
    hidden = g.query.get("hidden", False)
    name = f"conversation/{tweet.id}/{hidden:d}"
    at = cursor(name, FIRST)
    ids = services().conversations.around(tweet, hidden=hidden)[::-1]
    page = services().beside.newest_of(
        principal().id, lambda at, count: cut(ids, at, count), at, page_size(), selected()
    )
    if at == FIRST:
        page.older_than = None
    return timeline_page(name, page, oldest_first=True)


@blueprint.put("/tweets/<tweet_id>/hidden")
@operation(
    "hidePostsReply",
    writes("tweet.moderate.write", "tweet.read", "users.read"),
    body=Hide,
    answer=Done[Hidden],
)
def hide(tweet_id: int, body: Hide) -> Response:
    """Hides a reply in a conversation that one began, or shows it again."""
    reply = acted_on(str(tweet_id), "tweet_id")
    conversation_id = reply.conversation_id or reply.id
    if reply.reply_to_id is None:
        raise Forbidden("Only replies can be hidden.")
    first = services().rows.fetch(tweets=[conversation_id]).tweets.get(conversation_id)
    if first is None or first.author_id != principal().id:
        raise Forbidden("You can only hide replies in conversations that you began.")
    kind = ReplyHidden if body.hidden else ReplyUnhidden
    event = kind(
        at_ms=now_ms(),
        author_id=principal().id,
        conversation_id=conversation_id,
        tweet_id=reply.id,
    )
    position = services().write(event, g.request_id)
    return answer({"data": {"hidden": body.hidden}}, position=position)
