"""The cast that all tests share, and short ways to say what they do."""

from __future__ import annotations

from ingest.events import (
    AccountCreated,
    Followed,
    Liked,
    Retweeted,
    TweetDeleted,
    TweetPosted,
    Unfollowed,
    Unliked,
    Unretweeted,
)

ALICE, BOB, CAROL, DAVE, CELEBRITY = 1, 2, 3, 4, 5
NAMES = {ALICE: "alice", BOB: "bob", CAROL: "carol", DAVE: "dave", CELEBRITY: "celebrity"}


def created(user_id: int) -> AccountCreated:
    name = NAMES[user_id]
    return AccountCreated(at_ms=0, id=user_id, username=name, name=name.title())


def posted(
    id: int, author_id: int, *, reply_to_id: int | None = None, quote_of_id: int | None = None
) -> TweetPosted:
    return TweetPosted(
        at_ms=0,
        id=id,
        author_id=author_id,
        text=f"tweet {id}",
        conversation_id=reply_to_id or id,
        reply_to_id=reply_to_id,
        quote_of_id=quote_of_id,
    )


def deleted(
    id: int, author_id: int, *, reply_to_id: int | None = None, quote_of_id: int | None = None
) -> TweetDeleted:
    return TweetDeleted(
        at_ms=0, id=id, author_id=author_id, reply_to_id=reply_to_id, quote_of_id=quote_of_id
    )


def retweeted(id: int, author_id: int, tweet_id: int) -> Retweeted:
    return Retweeted(at_ms=0, id=id, author_id=author_id, tweet_id=tweet_id)


def unretweeted(id: int, author_id: int, tweet_id: int) -> Unretweeted:
    return Unretweeted(at_ms=0, id=id, author_id=author_id, tweet_id=tweet_id)


def liked(user_id: int, tweet_id: int) -> Liked:
    return Liked(at_ms=0, user_id=user_id, tweet_id=tweet_id)


def unliked(user_id: int, tweet_id: int) -> Unliked:
    return Unliked(at_ms=0, user_id=user_id, tweet_id=tweet_id)


def followed(follower_id: int, followee_id: int) -> Followed:
    return Followed(at_ms=0, follower_id=follower_id, followee_id=followee_id)


def unfollowed(follower_id: int, followee_id: int) -> Unfollowed:
    return Unfollowed(at_ms=0, follower_id=follower_id, followee_id=followee_id)
