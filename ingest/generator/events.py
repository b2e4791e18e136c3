"""Which events do the actions of a made-up world become in the log?

Ids are made as the API makes them, from the time of each action and a worker number that is the
generator's alone; so the same world started at the same time gives the same events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.events import (
    AccountCreated,
    Event,
    Followed,
    Liked,
    Retweeted,
    TweetDeleted,
    TweetPosted,
    Unfollowed,
    Unliked,
    Unretweeted,
)
from ingest.generator.actions import (
    Action,
    Delete,
    Follow,
    Like,
    Post,
    Retweet,
    Unfollow,
    Unlike,
    Unretweet,
)
from ingest.generator.activity import World
from ingest.ids import IdMaker


class Teller:
    """Tells what happened in a world that starts at `start_ms` (milliseconds since 1970).

    `world` is any `World`; `worker` keeps its ids apart from those of processes that run beside it.
    """

    def __init__(self, world: World, *, start_ms: int, worker: int) -> None:
        self._world, self._start_ms = world, start_ms
        self._now_ms = start_ms
        self._ids = IdMaker(worker, clock=lambda: self._now_ms)
        self.user_ids = [self._ids.next() for _ in world.people]
        self.tweets: dict[int, TweetPosted] = {}
        """The tweets by their number."""
        self._entries: dict[tuple[int, int], int] = {}

    def beginning(self) -> Iterator[Event]:
        """The accounts and the edges that stand before anything is written."""
        for id, person in zip(self.user_ids, self._world.people, strict=True):
            yield AccountCreated(at_ms=self._start_ms, id=id, **person._asdict())
        for user, followees in enumerate(self._world.follows):
            for followee in followees:
                yield self._followed(Follow(0, user, followee))

    def events(self, actions: Iterable[Action]) -> Iterator[Event]:
        """One event an action, in the same order."""
        for action in actions:
            yield self.event(action)

    def _followed(self, action: Follow) -> Followed:
        return Followed(
            at_ms=self._start_ms + action.at_ms,
            follower_id=self.user_ids[action.user],
            followee_id=self.user_ids[action.followee],
        )

    def event(self, action: Action) -> Event:
        """The event of an action. The tweets it is about must have been told before."""
        at_ms = self._now_ms = self._start_ms + action.at_ms
        user_id = self.user_ids[action.user]
        match action:
            case Post():
                posted = self._posted(action, at_ms, user_id)
                self.tweets[action.tweet] = posted
                return posted
            case Delete():
                gone = self.tweets[action.tweet]
                return TweetDeleted(
                    at_ms=at_ms,
                    id=gone.id,
                    author_id=user_id,
                    reply_to_id=gone.reply_to_id,
                    quote_of_id=gone.quote_of_id,
                )
            case Retweet():
                of = self.tweets[action.tweet]
                entry = self._ids.next()
                self._entries[user_id, of.id] = entry
                return Retweeted(
                    at_ms=at_ms,
                    id=entry,
                    author_id=user_id,
                    tweet_id=of.id,
                    tweet_author_id=of.author_id,
                )
            case Unretweet():
                of = self.tweets[action.tweet]
                entry = self._entries.pop((user_id, of.id))
                return Unretweeted(at_ms=at_ms, id=entry, author_id=user_id, tweet_id=of.id)
            case Like():
                of = self.tweets[action.tweet]
                return Liked(
                    at_ms=at_ms, user_id=user_id, tweet_id=of.id, tweet_author_id=of.author_id
                )
            case Unlike():
                return Unliked(at_ms=at_ms, user_id=user_id, tweet_id=self.tweets[action.tweet].id)
            case Follow():
                return self._followed(action)
            case Unfollow():
                other_id = self.user_ids[action.followee]
                return Unfollowed(at_ms=at_ms, follower_id=user_id, followee_id=other_id)
        raise TypeError(f"no event for {action!r}")

    def _posted(self, action: Post, at_ms: int, user_id: int) -> TweetPosted:
        answered = None if action.reply_to is None else self.tweets[action.reply_to]
        quoted = None if action.quote_of is None else self.tweets[action.quote_of]
        id = self._ids.next()
        return TweetPosted(
            at_ms=at_ms,
            id=id,
            author_id=user_id,
            text=action.text,
            conversation_id=answered.conversation_id if answered else id,
            reply_to_id=answered.id if answered else None,
            reply_to_user_id=answered.author_id if answered else None,
            quote_of_id=quoted.id if quoted else None,
        )
