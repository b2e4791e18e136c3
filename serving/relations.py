"""How does this reader stand to these people: who blocks whom, who is muted, who follows?

    Redis       two hashes a reader (`views.rows`): whom they block and mute, and who blocks them;
                and whom they follow. Each is whole once it is `loaded`, and then one command
                answers for a page of authors
    Cassandra   every edge: loads such a hash, and answers alone while Redis is away

What the speed layer or a writer puts into a hash carries its log position, and so does what is
loaded, so loading never overwrites what is newer. A loader begins the hash before it asks
Cassandra, and the speed layer writes to Cassandra first: what it did not write into the hash, since
there was none yet, Cassandra already says (docs/decisions/0073-whom-a-reader-follows.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from serving.errors import StoreUnavailable
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import Command, RedisStore
from views.rows import LOADED, PLACES, POSITION_BYTES, pack_row

HASHES = (("blocking", "blocked_by", "muting"), ("following",))
"""The views whose edges `(reader, other)` share a hash, in the order of `Relation`'s fields."""
VIEWS = tuple(view for views in HASHES for view in views)
LOADS = 3  # of a hash that goes while it is loaded


class Relation(NamedTuple):
    """How a reader stands to another. The last three are known where they were asked for."""

    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    following: bool = False
    followed_by: bool = False
    requested: bool = False
    asked_by: bool = False


NOBODY = Relation()
Replies = Sequence[Sequence[bytes | None]]


class Relations:
    def __init__(self, redis: RedisStore, cassandra: CassandraStore) -> None:
        self._redis, self._cassandra = redis, cassandra

    def commands(self, viewer_id: int, others: Sequence[int]) -> list[Command]:
        """What asks Redis, one for each of `HASHES`; the replies are for `read`."""
        return [_ask(views, viewer_id, others) for views in HASHES]

    def read(self, viewer_id: int, others: Sequence[int], replies: Replies) -> dict[int, Relation]:
        """From the replies of Redis. Raises `StoreUnavailable` where nobody can say: that there are
        no blocks is never guessed."""
        said = [
            self._said(views, viewer_id, others, reply)
            for views, reply in zip(HASHES, replies, strict=True)
        ]
        return {
            other: Relation(*(stands for hash in hashes for stands in hash))
            for other, *hashes in zip(others, *said, strict=True)
        }

    def without_redis(self, viewer_id: int, others: Sequence[int]) -> dict[int, Relation]:
        """The same from Cassandra, edge by edge."""
        people = self._edges(VIEWS, viewer_id, others)
        return {other: Relation(*stands) for other, stands in zip(others, people, strict=True)}

    def beside(self, view: str, one: int, others: Iterable[int]) -> set[int]:
        """Those of the others to whom the edge stands, in a view that has a hash alone."""
        ids, views = list(dict.fromkeys(others)), (view,)
        if not ids:
            return set()
        try:
            reply = self._redis.command(*_ask(views, one, ids))
        except StoreUnavailable:
            stand = self._edges(views, one, ids)
        else:
            stand = self._said(views, one, ids, reply)
        return {id for id, (stands,) in zip(ids, stand, strict=True) if stands}

    def with_follows(
        self, viewer_id: int, known: dict[int, Relation], others: Iterable[int]
    ) -> dict[int, Relation]:
        """The relations to `others` with who follows the reader, and requests that wait for an
        answer."""
        ids = [other for other in others if other != viewer_id]
        edges = [("following", other, viewer_id) for other in ids]
        edges += [("follow_requests", other, viewer_id) for other in ids]
        edges += [("follow_requests", viewer_id, other) for other in ids]
        stands = self._cassandra.edges_stand(edges)
        columns = [stands[at : at + len(ids)] for at in range(0, len(edges), len(ids) or 1)]
        names = Relation._fields[len(VIEWS) :]
        return {
            other: known.get(other, NOBODY)._replace(
                **{name: column[at] for name, column in zip(names, columns, strict=False)}
            )
            for at, other in enumerate(ids)
        }

    def _said(
        self,
        views: Sequence[str],
        viewer_id: int,
        others: Sequence[int],
        reply: Sequence[bytes | None],
    ) -> list[Sequence[bool]]:
        """Of each of the others, whether the edge of each view stands."""
        if reply[0] is None:
            with suppress(StoreUnavailable):  # Cassandra alone can say too
                self._load(views, viewer_id)
                reply = self._redis.command(*_ask(views, viewer_id, others))
        if reply[0] is None:
            return self._edges(views, viewer_id, others)
        stands = [value is not None and len(value) > POSITION_BYTES for value in reply[1:]]
        return _people(views, stands)

    def _edges(
        self, views: Sequence[str], viewer_id: int, others: Sequence[int]
    ) -> list[Sequence[bool]]:
        edges = [(view, viewer_id, other) for other in others for view in views]
        return _people(views, self._cassandra.edges_stand(edges))

    def _load(self, views: Sequence[str], viewer_id: int) -> None:
        key = _key(views, viewer_id)
        for _ in range(LOADS):
            begun = self._redis.pipeline(self._redis.begin_edges(key, secrets.token_bytes(8)))
            nonce = begun[1]
            found = self._cassandra.edges_of([(view, viewer_id) for view in views])
            pairs = [
                part
                for view, edges in zip(views, found, strict=True)
                for other, at_ms, pos in edges
                for part in (
                    _field(view, viewer_id, other),
                    pack_row(pos, PLACES[view].value({"at_ms": at_ms})),
                )
            ]
            # All in one call: with a part of it, `loaded` would say too much.
            if nonce and self._redis.command(*self._redis.load_edges(key, nonce, pairs)):
                return


def _key(views: Sequence[str], viewer_id: int) -> str:
    return PLACES[views[0]].key((viewer_id, 0))


def _field(view: str, viewer_id: int, other: int) -> str:
    field = PLACES[view].field
    assert field is not None
    return field((viewer_id, other))


def _ask(views: Sequence[str], viewer_id: int, others: Sequence[int]) -> Command:
    fields = (_field(view, viewer_id, other) for other in others for view in views)
    return ("HMGET", _key(views, viewer_id), LOADED, *fields)


def _people(views: Sequence[str], stands: Sequence[bool]) -> list[Sequence[bool]]:
    """Person by person, whether the edge of each view stands."""
    return [stands[at : at + len(views)] for at in range(0, len(stands), len(views))]
