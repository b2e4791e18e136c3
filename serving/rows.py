"""What is known about these tweets and users? One round trip to Redis, and Cassandra for the rest.

    Redis        rows and speed totals, hot for 72 hours; where it has them it is right
    Cassandra    every row, and what batch published; asked for what Redis lacks, which is refilled

With Redis down everything comes from Cassandra: rows are complete, counts are those of the last
batch run, and the answer is marked stale; so it is where the speed layer has not counted an epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import msgspec

from ingest.events.tweets import ids_of
from serving.errors import StoreUnavailable
from serving.moderations import Moderations
from serving.relations import NOBODY, Relation, Relations
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import Command, RedisStore
from serving.totals import Counted, Totals
from settings import Settings
from views.contract import Put
from views.moderation_states import UNSAID, Moderation
from views.registry import fold_views
from views.rows import PLACES, retweet_key, unpack_row

COUNTS = {view.name: view for view in fold_views()}
COUNTS_STALE = frozenset({"counts"})  # all that can be said, and an epoch may be missing
T = TypeVar("T")


class TweetRow(msgspec.Struct, frozen=True):
    """A tweet or retweet that is there. See `views.tweets.COLUMNS`."""

    id: int
    author_id: int
    text: str = ""
    conversation_id: int | None = None
    reply_to_id: int | None = None
    reply_to_user_id: int | None = None
    quote_of_id: int | None = None
    retweet_of_id: int | None = None
    retweet_of_user_id: int | None = None
    lang: str | None = None
    mention_ids: str | None = None
    media_ids: str | None = None
    tagged_user_ids: str | None = None
    reply_settings: str | None = None
    place_id: str | None = None
    poll_option_1: str | None = None
    poll_option_2: str | None = None
    poll_option_3: str | None = None
    poll_option_4: str | None = None
    poll_ends_ms: int | None = None
    first_id: int | None = None
    edit_ids: str | None = None

    @property
    def counted_id(self) -> int:
        """The version that likes, replies and counts belong to: the first."""
        return self.first_id or self.id

    @property
    def versions(self) -> list[int]:
        """All versions that this row knows of, oldest first. Only the newest knows all."""
        return ids_of(self.edit_ids) or [self.id]

    @property
    def superseded(self) -> bool:
        """Whether there is a newer version."""
        return self.edit_ids is not None and self.versions[-1] != self.id

    @property
    def poll_options(self) -> list[str]:
        """None where the tweet has no poll."""
        options = (getattr(self, f"poll_option_{n}") for n in (1, 2, 3, 4))
        return [option for option in options if option is not None]


class UserRow(msgspec.Struct, frozen=True):
    """A public profile. See `views.users.COLUMNS`."""

    id: int
    username: str
    name: str
    description: str = ""
    verified: bool = False
    protected: bool = False
    created_at_ms: int = 0
    location: str = ""
    url: str = ""
    pinned_tweet_id: int | None = None


class ListRow(msgspec.Struct, frozen=True):
    """A list that is there. See `views.lists.COLUMNS`."""

    id: int
    owner_id: int
    name: str
    description: str = ""
    private: bool = False


ROW_TYPES: dict[str, type[msgspec.Struct]] = {
    "tweets": TweetRow,
    "users": UserRow,
    "lists": ListRow,
}
DECODERS = {view: msgspec.json.Decoder(type_) for view, type_ in ROW_TYPES.items()}


@dataclass
class Found:
    """By id, what is there; an id that is absent does not exist (any more).

    `moderation` says what holds of the tweets; `relations` say how the reader stands to those whose
    profiles were asked for; `stale` is what of it may be older than what the log has.
    """

    tweets: dict[int, TweetRow] = field(default_factory=dict)
    users: dict[int, UserRow] = field(default_factory=dict)
    lists: dict[int, ListRow] = field(default_factory=dict)
    tweet_counts: dict[int, dict[str, int]] = field(default_factory=dict)
    user_counts: dict[int, dict[str, int]] = field(default_factory=dict)
    list_counts: dict[int, dict[str, int]] = field(default_factory=dict)
    poll_counts: dict[int, dict[str, int]] = field(default_factory=dict)
    tag_sketch: dict[int, dict[str, int]] = field(default_factory=dict)
    relations: dict[int, Relation] = field(default_factory=dict)
    moderation: dict[int, Moderation] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()

    def add(self, other: Found) -> None:
        for name in (*ROW_TYPES, *COUNTS, "relations", "moderation"):
            getattr(self, name).update(getattr(other, name))
        self.stale |= other.stale

    def newest(self, row: TweetRow) -> TweetRow:
        """The newest version of the tweet, as far as it was fetched."""
        while row.superseded and (later := self.tweets.get(row.versions[-1])):
            row = later
        return row


class Rows:
    """Reads rows and counts. Raises `StoreUnavailable` where neither store can say."""

    def __init__(self, settings: Settings, redis: RedisStore, cassandra: CassandraStore) -> None:
        self._redis, self._cassandra = redis, cassandra
        self._relations = Relations(redis, cassandra)
        self._totals = Totals(settings, cassandra)
        self._moderations = Moderations(settings, redis, cassandra)

    def fetch(
        self,
        *,
        tweets: Sequence[int] = (),
        users: Sequence[int] = (),
        lists: Sequence[int] = (),
        tweet_counts: Sequence[int] = (),
        user_counts: Sequence[int] = (),
        list_counts: Sequence[int] = (),
        poll_counts: Sequence[int] = (),
        tag_sketch: Sequence[int] = (),
        viewer_id: int | None = None,
        people: Sequence[int] = (),
        follows: bool = False,
    ) -> Found:
        """All of it at once. Ids may be given in any order, each once.

        With a `viewer_id` (0: nobody), how that reader stands to the `users` and to more `people`;
        with `follows`, who of the users follows whom.
        """
        wanted = {"tweets": tweets, "users": users, "lists": lists}
        wanted = {view: ids for view, ids in wanted.items() if ids}
        counts = {"tweet_counts": tweet_counts, "user_counts": user_counts}
        counts |= {"list_counts": list_counts, "poll_counts": poll_counts}
        counts |= {"tag_sketch": tag_sketch}
        counted = [(COUNTS[name], keys) for name, keys in counts.items() if keys]
        near = dict.fromkeys((*users, *people))
        others = [id for id in near if id != viewer_id] if viewer_id else []
        commands = self._totals.commands(counted)
        commands += [("MGET", *map(PLACES[view].key, ids)) for view, ids in wanted.items()]
        of_moderation = self._moderations.commands(tweets)
        commands += of_moderation
        if others:
            commands += self._relations.commands(viewer_id or 0, others)
        if not commands:
            return Found()
        try:
            replies = iter(self._redis.pipeline(commands))
        except StoreUnavailable:
            found = self._without_redis(wanted, counted)
            self._moderated(found, lambda ids: (self._moderations.without_redis(ids), frozenset()))
            if others:
                found.relations = self._relations.without_redis(viewer_id or 0, others)
            self._add_follows(found, viewer_id, users, follows)
            return found

        totals, refill, whole = self._totals.read(counted, replies)
        found = Found(stale=frozenset() if whole else COUNTS_STALE, **totals)
        lacking = {
            view: self._decode(ids, next(replies), DECODERS[view].decode, getattr(found, view))
            for view, ids in wanted.items()
        }
        refill += self._refill_rows(found, {view: ids for view, ids in lacking.items() if ids})
        said = dict(zip(tweets, islice(replies, len(of_moderation)), strict=False))
        self._moderated(found, lambda ids: self._moderations.read({id: said[id] for id in ids}))
        if others:
            found.relations = self._relations.read(viewer_id or 0, others, list(replies))
        if refill:
            with suppress(StoreUnavailable):  # the answer is known; the next reader refills
                self._redis.pipeline(refill)
        self._add_follows(found, viewer_id, users, follows)
        return found

    def _moderated(
        self,
        found: Found,
        said: Callable[[list[int]], tuple[dict[int, Moderation], frozenset[str]]],
    ) -> None:
        """What holds of the tweets that are there. A retweet says nothing itself."""
        own = [row.id for row in found.tweets.values() if row.retweet_of_id is None]
        found.moderation = dict.fromkeys(found.tweets, UNSAID)
        if own:
            moderation, stale = said(own)
            found.moderation |= moderation
            found.stale |= stale

    def _add_follows(
        self, found: Found, viewer_id: int | None, users: Sequence[int], follows: bool
    ) -> None:
        """With `follows`, who of them follows the reader, and who asks to follow whom."""
        if viewer_id == 0:  # stands to nobody in any way
            found.relations = dict.fromkeys(users, NOBODY)
        elif viewer_id is not None and follows and users:
            found.relations |= self._relations.with_follows(viewer_id, found.relations, users)

    def retweet_id(self, author_id: int, tweet_id: int) -> int | None:
        """The author's retweet of that tweet, if there is one."""
        try:
            value = self._redis.command("GET", retweet_key(author_id, tweet_id))
        except StoreUnavailable:
            value = None  # Cassandra can say
        if value is None:
            return self._cassandra.retweet_id(author_id, tweet_id)
        _, row = unpack_row(value)
        return msgspec.json.decode(row)["id"] if row is not None else None

    def _decode(
        self, ids: Sequence[int], values: list[bytes | None], decode: Any, into: dict[int, Any]
    ) -> list[int]:
        """Decodes what is there, and returns the ids of which Redis knows nothing."""
        unknown = []
        for id, value in zip(ids, values, strict=True):
            if value is None:
                unknown.append(id)
                continue
            _, row = unpack_row(value)
            if row is not None:  # else a tombstone: it is known to be gone
                into[id] = decode(row)
        return unknown

    def _refill_rows(self, found: Found, lacking: dict[str, list[int]]) -> list[Command]:
        if not lacking:
            return []
        refill = []
        for view, rows in self._cassandra.rows(lacking).items():
            for id, row in rows.items():
                getattr(found, view)[id] = _from_cassandra(row, ROW_TYPES[view])
                put = Put(id, _stored(row))
                refill.append(self._redis.put_change(view, put, row["pos"]))
        return refill

    def _without_redis(self, wanted: dict[str, Sequence[int]], counted: Counted) -> Found:
        found = Found(stale=COUNTS_STALE, **self._totals.published(counted))
        for view, rows in self._cassandra.rows(wanted).items():
            getattr(found, view).update(
                {id: _from_cassandra(row, ROW_TYPES[view]) for id, row in rows.items()}
            )
        return found


def _stored(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "pos" and value is not None}


def _from_cassandra(row: dict[str, Any], type_: type[T]) -> T:
    return msgspec.convert(_stored(row), type_)
