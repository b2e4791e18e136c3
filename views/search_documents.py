"""What of a tweet is there to be found?

A document a tweet or retweet, by its id; of an edited tweet the newest version alone. It says what
the tweet says; what its author is (protected, verified) the index adds, for that changes by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.events import Event, Retweeted, TweetDeleted, TweetEdited, TweetPosted, Unretweeted
from ingest.events.entities import cashtags, hashtags, mentions
from ingest.events.links import outside, urls
from ingest.events.tweets import ids_of
from ingest.ids import timestamp_ms
from views.contract import Change, Delete, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """The document that this event puts or deletes, by the tweet's id."""
    match event:
        case TweetPosted() | TweetEdited():
            yield Put(event.id, _of_tweet(event))
            if isinstance(event, TweetEdited):
                yield Delete(event.previous_id)
        case Retweeted():
            yield Put(
                event.id,
                _document(event.id, event.author_id, ["is:retweet"])
                | {"retweet_of_user_id": event.tweet_author_id},
            )
        case TweetDeleted() | Unretweeted():
            yield Delete(event.id)


def _of_tweet(event: TweetPosted | TweetEdited) -> dict[str, Any]:
    links = urls(event.text)
    named = {
        "hashtags": [tag.tag for tag in outside(hashtags(event.text), links)],
        "mentions": [tag.tag.lower() for tag in outside(mentions(event.text), links)],
        "cashtags": [tag.tag.upper() for tag in outside(cashtags(event.text), links)],
        "links": [link.url for link in links],
    }
    images = ids_of(event.media_ids)
    has = [f"has:{kind}" for kind, found in named.items() if found]
    has += ["has:media", "has:images"] if images else []
    answers = ["is:reply"] if event.reply_to_id is not None else []
    quotes = ["is:quote"] if event.quote_of_id is not None else []
    return _document(event.id, event.author_id, [*has, *answers, *quotes]) | {
        "text": event.text,
        "lang": event.lang or "und",
        "conversation_id": event.conversation_id,
        "reply_to_user_id": event.reply_to_user_id,
        "mention_ids": [id for id in ids_of(event.mention_ids) if id],
        **{kind: list(dict.fromkeys(found)) for kind, found in named.items()},
    }


def _document(id: int, author_id: int, kinds: list[str]) -> dict[str, Any]:
    """`kinds` are the values of `has:` and `is:` that hold."""
    return {"id": id, "author_id": author_id, "created_at": timestamp_ms(id), "kinds": kinds}


SEARCH_DOCUMENTS = StateView(
    name="search_documents",
    doc=__doc__,
    topics=("tweets",),
    events=(TweetPosted, TweetEdited, TweetDeleted, Retweeted, Unretweeted),
    project=project,
)
