"""How does this reader stand to these people: who blocks whom, who is muted, who follows?

    Redis       one hash a reader (`views.rows`): whom they block and mute, and who blocks them. It
                is whole once it is `loaded`, and then one command answers for a page of authors
    Cassandra   every edge: loads such a hash, and answers alone while Redis is away

What the speed layer or a writer puts into a hash carries its log position, and so does what is
loaded, so loading never overwrites what is newer. Follows are asked of Cassandra, edge by edge, and
only where something hangs on one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from serving.errors import StoreUnavailable
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import Command, RedisStore
from views.rows import (
    BLOCKED_BY,
    BLOCKS,
    LOADED,
    MUTES,
    POSITION_BYTES,
    pack_row,
    relation_field,
    relations_key,
)

SORTS = ((BLOCKS, "blocking"), (BLOCKED_BY, "blocked_by"), (MUTES, "muting"))
"""Each sort of field, with the view whose rows it holds: `(reader, other)`."""


class Relation(NamedTuple):
    """How a reader stands to another. The last four are known where they were asked for."""

    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    following: bool = False
    followed_by: bool = False
    requested: bool = False
    asked_by: bool = False


NOBODY = Relation()


class Relations:
    def __init__(self, redis: RedisStore, cassandra: CassandraStore) -> None:
        self._redis, self._cassandra = redis, cassandra

    def command(self, viewer_id: int, others: Sequence[int]) -> Command:
        """What asks Redis; its reply is for `read`."""
        fields = (relation_field(sort, other) for other in others for sort, _ in SORTS)
        return ("HMGET", relations_key(viewer_id), LOADED, *fields)

    def read(
        self, viewer_id: int, others: Sequence[int], reply: Sequence[bytes | None]
    ) -> dict[int, Relation]:
        """From the reply of Redis. Raises `StoreUnavailable` where nobody can say: that there are
        no blocks is never guessed."""
        if reply[0] is None:
            with suppress(StoreUnavailable):  # Cassandra alone can say too
                self._load(viewer_id)
                reply = self._redis.command(*self.command(viewer_id, others))
        if reply[0] is None:
            return self.without_redis(viewer_id, others)
        return _by_person(others, [v is not None and len(v) > POSITION_BYTES for v in reply[1:]])

    def without_redis(self, viewer_id: int, others: Sequence[int]) -> dict[int, Relation]:
        """The same from Cassandra, edge by edge."""
        edges = [(view, viewer_id, other) for other in others for _, view in SORTS]
        return _by_person(others, self._cassandra.edges_stand(edges))

    def with_follows(
        self, viewer_id: int, known: dict[int, Relation], others: Iterable[int], *, all: bool
    ) -> dict[int, Relation]:
        """The relations to `others` with `following`; with `all`, in either direction and with
        requests that wait for an answer."""
        ids = [other for other in others if other != viewer_id]
        edges = [("following", viewer_id, other) for other in ids]
        if all:
            edges += [("following", other, viewer_id) for other in ids]
            edges += [("follow_requests", other, viewer_id) for other in ids]
            edges += [("follow_requests", viewer_id, other) for other in ids]
        stands = self._cassandra.edges_stand(edges)
        columns = [stands[at : at + len(ids)] for at in range(0, len(edges), len(ids) or 1)]
        names = Relation._fields[3:]
        return {
            other: known.get(other, NOBODY)._replace(
                **{name: column[at] for name, column in zip(names, columns, strict=False)}
            )
            for at, other in enumerate(ids)
        }

    def _load(self, viewer_id: int) -> None:
        found = self._cassandra.edges_of([(view, viewer_id) for _, view in SORTS])
        pairs = [
            part
            for (sort, _), edges in zip(SORTS, found, strict=True)
            for other, at_ms, pos in edges
            for part in (relation_field(sort, other), pack_row(pos, {"at_ms": at_ms}))
        ]
        # All in one call: with a part of it, `loaded` would say too much.
        self._redis.command(
            *self._redis.put_edges(relations_key(viewer_id), [*pairs, LOADED, pack_row(0, {})])
        )


def _by_person(others: Sequence[int], stands: Sequence[bool]) -> dict[int, Relation]:
    """From whether each edge of each person stands, in the order of `SORTS`."""
    sorts = len(SORTS)
    return {
        other: Relation(*stands[at * sorts : (at + 1) * sorts]) for at, other in enumerate(others)
    }
