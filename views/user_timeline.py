"""Which tweets and retweets are this author's, newest first?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, Retweeted, TweetDeleted, TweetEdited, TweetPosted, Unretweeted
from views.contract import Change, Delete, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """An entry keyed `(author_id, id)`. Its row says what a reader may wish to leave out.

    Each version of an edited tweet is an entry; readers leave out all but the newest.
    """
    match event:
        case TweetPosted() | TweetEdited():
            yield Put(
                (event.author_id, event.id),
                {
                    "reply_to_user_id": event.reply_to_user_id,
                    "retweet_of_id": None,
                },
            )
        case Retweeted():
            yield Put(
                (event.author_id, event.id),
                {"reply_to_user_id": None, "retweet_of_id": event.tweet_id},
            )
        case TweetDeleted() | Unretweeted():
            yield Delete((event.author_id, event.id))


USER_TIMELINE = StateView(
    name="user_timeline",
    doc=__doc__,
    topics=("tweets",),
    events=(TweetPosted, TweetEdited, TweetDeleted, Retweeted, Unretweeted),
    project=project,
)
