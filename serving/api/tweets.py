"""Posting, deleting and looking up tweets."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, g

from ingest.events import TweetDeleted, TweetPosted, Unretweeted
from serving import query
from serving.api.parameters import TWEET_SELECTION, selected
from serving.documents import unseen_tweets
from serving.errors import Forbidden, NotFound
from serving.http import answer, now_ms, principal
from serving.openapi.shapes import Done, Id, One, Shape, Some, Tweet
from serving.operations import new_id, operation, reads, writes
from serving.query import an_id
from serving.render.selection import Selection
from serving.rows import TweetRow
from serving.services import services
from serving.text import tweet_text
from serving.visibility import Surface, is_there, visible_tweets

blueprint = Blueprint("tweets", __name__)


class Reply(msgspec.Struct, forbid_unknown_fields=True):
    in_reply_to_tweet_id: str
    auto_populate_reply_metadata: bool = True
    exclude_reply_user_ids: list[str] = []


class NewTweet(msgspec.Struct, forbid_unknown_fields=True):
    """What a client may say; what is not here is refused rather than quietly left out."""

    text: str = ""
    reply: Reply | None = None
    quote_tweet_id: str | None = None


class TweetDone(Shape):
    id: Id
    text: str
    edit_history_tweet_ids: list[Id]


class DeleteDone(Shape):
    deleted: bool


MAY_READ = reads("tweet.read", "users.read")
MAY_WRITE = writes("tweet.read", "tweet.write", "users.read")
IDS = query.some("ids", "Ids of tweets, 1 to 100.", f"^{query.ID.pattern}$", query.an_id)


@blueprint.post("/tweets")
@operation(
    "createPosts", MAY_WRITE, body=NewTweet, answer=Done[TweetDone], status=201, limit="tweets"
)
def create(body: NewTweet) -> Response:
    """Posts a tweet."""
    author, id = principal(), new_id()
    text = tweet_text(body.text)
    parent = quoted = None
    if body.reply is not None:
        parent = _answered(body.reply.in_reply_to_tweet_id, "reply to")
    if body.quote_tweet_id is not None:
        quoted = _answered(body.quote_tweet_id, "quote")
    event = TweetPosted(
        at_ms=now_ms(),
        id=id,
        author_id=author.id,
        text=text,
        conversation_id=(parent.conversation_id or parent.id) if parent else id,
        reply_to_id=parent.id if parent else None,
        reply_to_user_id=parent.author_id if parent else None,
        quote_of_id=quoted.id if quoted else None,
    )
    position = services().write(event, g.request_id)
    data = {"id": str(id), "text": text, "edit_history_tweet_ids": [str(id)]}
    return answer({"data": data}, 201, position=position)


@blueprint.delete("/tweets/<id>")
@operation("deletePosts", MAY_WRITE, answer=Done[DeleteDone])
def delete(id: int) -> Response:
    """Deletes a tweet of one's own; of a retweet's id, takes the retweet back."""
    row = services().rows.fetch(tweets=[id]).tweets.get(id)
    if row is None:
        raise NotFound("tweet", str(id), "id")
    if row.author_id != principal().id:
        raise Forbidden("You are not authorized to delete this Tweet.")
    event: TweetDeleted | Unretweeted
    if row.retweet_of_id is not None:
        event = Unretweeted(
            at_ms=now_ms(), id=row.id, author_id=row.author_id, tweet_id=row.retweet_of_id
        )
    else:
        event = TweetDeleted(
            at_ms=now_ms(),
            id=row.id,
            author_id=row.author_id,
            reply_to_id=row.reply_to_id,
            quote_of_id=row.quote_of_id,
        )
    position = services().write(event, g.request_id)
    return answer({"data": {"deleted": True}}, position=position)


@blueprint.get("/tweets/<id>")
@operation("getPostsById", MAY_READ, query=TWEET_SELECTION, answer=One[Tweet])
def lookup_one(id: int) -> Response:
    """The tweet with this id."""
    document, stale = _lookup([id], "id", selected())
    if "data" in document:
        document["data"] = document["data"][0]
    return answer(document, stale=stale)


@blueprint.get("/tweets")
@operation("getPostsByIds", MAY_READ, query=(IDS, *TWEET_SELECTION), answer=Some[Tweet])
def lookup_many() -> Response:
    """The tweets with these ids."""
    document, stale = _lookup(g.query["ids"], "ids", selected())
    return answer(document, stale=stale)


def _lookup(wanted: list[int], parameter: str, selection: Selection) -> tuple[dict[str, Any], bool]:
    """The document, and whether its counts are stale."""
    documents = services().documents
    viewer_id = principal().id
    found = documents.gather(viewer_id, wanted, selection)
    rows = visible_tweets(viewer_id, wanted, found, Surface.LOOKUP)
    data, includes, errors = documents.of_tweets(viewer_id, rows, selection, found)
    errors = unseen_tweets(wanted, rows, found, parameter) + errors
    answers = {"data": data, "includes": includes, "errors": errors}
    return {name: value for name, value in answers.items() if value}, found.stale


def visible_tweet(id: int) -> TweetRow | None:
    """The tweet that an act on `id` means: of a retweet its source; None where there is none.

    Raises `Forbidden` where it is not for the one who asks.
    """
    viewer_id = principal().id
    found = services().documents.gather(viewer_id, [id], Selection())
    source_id = found.tweets[id].retweet_of_id if id in found.tweets else None
    meant = source_id or id
    seen = visible_tweets(viewer_id, [meant], found, Surface.LOOKUP)
    if not seen and is_there(meant, found):
        raise Forbidden("You are not allowed to do this: the Tweet's author keeps it from you.")
    return seen[0] if seen else None


def acted_on(tweet_id: str) -> TweetRow:
    """As `visible_tweet`, for the `tweet_id` of a body. Raises `NotFound`."""
    row = visible_tweet(an_id(tweet_id, "tweet_id"))
    if row is None:
        raise NotFound("tweet", tweet_id, "tweet_id")
    return row


def _answered(tweet_id: str, act: str) -> TweetRow:
    row = visible_tweet(an_id(tweet_id, "in_reply_to_tweet_id"))
    if row is None:
        raise Forbidden(f"You attempted to {act} a Tweet that is deleted or not visible to you.")
    return row
