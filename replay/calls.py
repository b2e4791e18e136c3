"""Which request of the X API v2 does an action become?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.events import TweetPosted
from ingest.generator.actions import (
    Action,
    Delete,
    Follow,
    Like,
    OnTweet,
    Post,
    Retweet,
    Unfollow,
    Unlike,
    Unretweet,
)

Call = tuple[str, str, dict[str, Any] | None]
"""Method, path and JSON body."""


def call(action: Action, me: int, tweets: Mapping[int, TweetPosted], users: Sequence[int]) -> Call:
    """The request by which the account `me` does it; the others translate numbers to ids."""
    match action:
        case Post():
            body: dict[str, Any] = {"text": action.text}
            if action.reply_to is not None:
                body["reply"] = {"in_reply_to_tweet_id": str(tweets[action.reply_to].id)}
            if action.quote_of is not None:
                body["quote_tweet_id"] = str(tweets[action.quote_of].id)
            return "POST", "/2/tweets", body
        case Delete():
            return "DELETE", f"/2/tweets/{tweets[action.tweet].id}", None
        case Like():
            return "POST", f"/2/users/{me}/likes", {"tweet_id": str(tweets[action.tweet].id)}
        case Unlike():
            return "DELETE", f"/2/users/{me}/likes/{tweets[action.tweet].id}", None
        case Retweet():
            return "POST", f"/2/users/{me}/retweets", {"tweet_id": str(tweets[action.tweet].id)}
        case Unretweet():
            return "DELETE", f"/2/users/{me}/retweets/{tweets[action.tweet].id}", None
        case Follow():
            target = {"target_user_id": str(users[action.followee])}
            return "POST", f"/2/users/{me}/following", target
        case Unfollow():
            return "DELETE", f"/2/users/{me}/following/{users[action.followee]}", None
    raise TypeError(f"no request for {action!r}")


def about(action: Action) -> list[int]:
    """The numbers of the tweets that an action refers to."""
    if isinstance(action, OnTweet):
        return [action.tweet]
    if isinstance(action, Post):
        return [n for n in (action.reply_to, action.quote_of) if n is not None]
    return []
