"""Posting, editing, deleting and looking up tweets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, Response, g

from ingest.events import Event, TweetDeleted, TweetEdited, TweetPosted, Unretweeted
from ingest.positions import Position
from serving import edits, posting, query, reply_settings
from serving.api.parameters import TWEET_SELECTION, selected
from serving.documents import unseen_tweets
from serving.errors import Forbidden, NotFound
from serving.http import answer, now_ms, principal
from serving.mentioning import mentioned, mentioned_again
from serving.openapi.shapes import Done, Id, One, Shape, Some, Tweet
from serving.operations import new_id, operation, reads, writes
from serving.posting import NewTweet
from serving.query import an_id
from serving.render.selection import Selection
from serving.rows import TweetRow
from serving.services import services
from serving.visibility import Surface, is_there, visible_tweets

blueprint = Blueprint("tweets", __name__)


class TweetDone(Shape):
    id: Id
    text: str
    edit_history_tweet_ids: list[Id]


class DeleteDone(Shape):
    deleted: bool


MAY_READ = reads("tweet.read", "users.read")
MAY_WRITE = writes("tweet.read", "tweet.write", "users.read")
MINUTE_MS = 60_000  # by which clocks may differ
IDS = query.some("ids", "Ids of tweets, 1 to 100.", f"^{query.ID.pattern}$", query.an_id)


@blueprint.post("/tweets")
@operation(
    "createPosts", MAY_WRITE, body=NewTweet, answer=Done[TweetDone], status=201, limit="tweets"
)
def create(body: NewTweet) -> Response:
    """Posts a tweet, or with `edit_options` a new version of one."""
    text, id = posting.check(body), new_id()
    services().screening.check(text, *(body.poll.options if body.poll else ()))
    if body.edit_options is not None:
        return _edit(body, text, id, an_id(body.edit_options.previous_post_id, "previous_post_id"))
    parent = quoted = None
    if body.reply is not None:
        parent = _answered(body.reply.in_reply_to_tweet_id, "in_reply_to_tweet_id", "reply to")
        reply_settings.check(services(), parent, principal().id)
    if body.quote_tweet_id is not None:
        quoted = _answered(body.quote_tweet_id, "quote_tweet_id", "quote")
    event: TweetPosted = posting.posted(
        body,
        text,
        id=id,
        author_id=principal().id,
        at_ms=now_ms(),
        parent=parent,
        quoted=quoted,
        mention_ids=mentioned(services(), principal().id, text, body.reply, parent),
    )
    position = services().write(event, g.request_id)
    data = {"id": str(id), "text": text, "edit_history_tweet_ids": [str(id)]}
    return answer({"data": data}, 201, position=position)


def _edit(body: NewTweet, text: str, id: int, previous_id: int) -> Response:
    viewer_id = principal().id
    first = visible_tweet(previous_id)
    if first is None:
        raise NotFound("tweet", str(previous_id), "previous_post_id")
    # Two edits at once would both follow the same version; one waits until the other is done.
    with services().redis.exclusively(f"edit:{first.id}"):
        found = services().documents.gather(viewer_id, [first.id], Selection())
        newest = found.newest(found.tweets.get(first.id, first))
        position = None
        if newest.id != id:  # else an earlier try made it and the answer was lost
            previous = edits.check(newest, previous_id, viewer_id, now_ms())
            event: TweetEdited = posting.edited(
                body,
                text,
                id=id,
                at_ms=now_ms(),
                previous=previous,
                mention_ids=mentioned_again(services(), text, previous),
            )
            position = services().write(event, g.request_id)
            versions = [*previous.versions, id]
        else:
            versions = newest.versions
    data = {"id": str(id), "text": text, "edit_history_tweet_ids": [str(v) for v in versions]}
    return answer({"data": data}, 201, position=position)


@blueprint.delete("/tweets/<id>")
@operation("deletePosts", MAY_WRITE, answer=Done[DeleteDone])
def delete(id: int) -> Response:
    """Deletes a tweet of one's own, in all versions; of a retweet's id, takes the retweet back."""
    row = services().rows.fetch(tweets=[id]).tweets.get(id)
    if row is None:
        raise NotFound("tweet", str(id), "id")
    if row.author_id != principal().id:
        raise Forbidden("You are not authorized to delete this Tweet.")
    if now_ms() > edits.editable_until_ms(row) + MINUTE_MS:
        positions = _delete_all(id)
    else:  # a version that is made meanwhile would stay
        with services().redis.exclusively(f"edit:{row.counted_id}"):
            positions = _delete_all(id)
    return answer({"data": {"deleted": True}}, position=positions)


def _delete_all(id: int) -> list[Position]:
    found = services().documents.gather(principal().id, [id], Selection())
    if id not in found.tweets:
        return []
    ids = found.newest(found.tweets[id]).versions
    versions = services().rows.fetch(tweets=ids).tweets.values()
    # The one that was asked for comes last: until it is gone, asking again finds the others.
    rows = sorted(versions, key=lambda version: version.id == id)
    return [services().write(_gone(version), g.request_id) for version in rows]


def _gone(row: TweetRow) -> Event:
    if row.retweet_of_id is not None:
        return Unretweeted(
            at_ms=now_ms(), id=row.id, author_id=row.author_id, tweet_id=row.retweet_of_id
        )
    return TweetDeleted(
        at_ms=now_ms(),
        id=row.id,
        author_id=row.author_id,
        conversation_id=row.conversation_id,
        reply_to_id=row.reply_to_id,
        quote_of_id=row.quote_of_id,
        mention_ids=row.mention_ids,
    )


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


def _lookup(
    wanted: list[int], parameter: str, selection: Selection
) -> tuple[dict[str, Any], Collection[str]]:
    """The document, and what of it is stale."""
    documents = services().documents
    viewer_id = principal().id
    found = documents.gather(viewer_id, wanted, selection)
    rows = visible_tweets(viewer_id, wanted, found, Surface.LOOKUP)
    data, includes, errors = documents.of_tweets(viewer_id, rows, selection, found)
    errors = unseen_tweets(wanted, rows, found, parameter) + errors
    answers = {"data": data, "includes": includes, "errors": errors}
    return {name: value for name, value in answers.items() if value}, found.stale


def visible_tweet(id: int) -> TweetRow | None:
    """The tweet that an act on `id` means: of a retweet its source, of a version the first; None
    where there is none.

    Raises `Forbidden` where it is not for the one who asks.
    """
    viewer_id = principal().id
    meant, found = services().documents.meant(viewer_id, id)
    seen = visible_tweets(viewer_id, [meant], found, Surface.LOOKUP)
    if not seen and is_there(meant, found):
        raise Forbidden("You are not allowed to do this: the Tweet's author keeps it from you.")
    return seen[0] if seen else None


def acted_on(tweet_id: str, parameter: str = "tweet_id") -> TweetRow:
    """As `visible_tweet`, for an id in a body or path. Raises `NotFound`."""
    row = visible_tweet(an_id(tweet_id, parameter))
    if row is None:
        raise NotFound("tweet", tweet_id, parameter)
    return row


def taken_back(tweet_id: int) -> int:
    """The id under which an act on this tweet was written, for taking it back: the tweet may be
    gone by now, or out of sight."""
    row = services().rows.fetch(tweets=[tweet_id]).tweets.get(tweet_id)
    return tweet_id if row is None else row.retweet_of_id or row.counted_id


def _answered(tweet_id: str, parameter: str, act: str) -> TweetRow:
    row = visible_tweet(an_id(tweet_id, parameter))
    if row is None:
        raise Forbidden(f"You attempted to {act} a Tweet that is deleted or not visible to you.")
    return row
