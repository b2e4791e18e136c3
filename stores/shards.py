"""On which Redis server does a bucket of timelines lie, and how are several asked at once?

Timelines are spread over servers by bucket (`views.timelines.bucket_of`); all keys of a bucket lie
on one server, so a function may touch several of them. `Shards` sends every server its commands
before it waits for the first answer: a round trip to many costs no more than one to the slowest.

The servers are either plain ones, and a bucket's is its number modulo theirs; or a Redis Cluster,
where the hash tag in the keys (`{bucket}`) decides, and what has moved is looked up anew. Every
command that goes this way can be repeated, so a connection that broke is tried once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import redis
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import MovedError

from settings import Settings

Command = tuple[Any, ...]
"""A command of Redis and its arguments."""

Call = tuple[int, Command]
"""The bucket whose server must answer, and what it is asked."""

MOVES = 5  # of a bucket that is followed before giving up: a slot moves once, rarely twice


class Servers(Protocol):
    """Knows which server has which bucket."""

    def client(self, bucket: int) -> redis.Redis: ...

    def all(self) -> Sequence[redis.Redis]: ...

    def look_again(self) -> None:
        """A server said that it has the bucket no more."""


class PlainServers:
    def __init__(self, addresses: Sequence[tuple[str, int]], **options: Any) -> None:
        self._clients = [
            redis.Redis(
                connection_pool=redis.BlockingConnectionPool(host=host, port=port, **options)
            )
            for host, port in addresses
        ]

    def client(self, bucket: int) -> redis.Redis:
        return self._clients[bucket % len(self._clients)]

    def all(self) -> Sequence[redis.Redis]:
        return self._clients

    def look_again(self) -> None:
        raise RuntimeError("a server of no cluster said that a key has moved")


class ClusterServers:
    """The primaries of a Redis Cluster. The addresses are those it is first asked at."""

    def __init__(self, addresses: Sequence[tuple[str, int]], **options: Any) -> None:
        # How many connections, and how long one waits for one, is for pools of plain servers only.
        for name in ("max_connections", "timeout"):
            options.pop(name, None)
        nodes = [ClusterNode(host, port) for host, port in addresses]
        self._cluster = RedisCluster(startup_nodes=nodes, **options)

    def client(self, bucket: int) -> redis.Redis:
        return self._client(self._cluster.get_node_from_key(f"{{{bucket}}}"))

    def all(self) -> Sequence[redis.Redis]:
        return [self._client(node) for node in self._cluster.get_primaries()]

    def look_again(self) -> None:
        self._cluster.nodes_manager.initialize()

    def _client(self, node: Any) -> redis.Redis:
        return node.redis_connection or self._cluster.get_redis_connection(node)


class Shards:
    """Thread-safe. Raises what redis-py raises: `ConnectionError`, `TimeoutError`, `ResponseError`.

    `options` are those of a redis-py connection and its pool.
    """

    def __init__(self, settings: Settings, **options: Any) -> None:
        servers = ClusterServers if settings.timeline_cluster else PlainServers
        self._servers: Servers = servers(settings.timeline_addresses, **options)

    def pipeline(self, calls: Iterable[Call]) -> list[Any]:
        """The replies to the calls, in their order, in one round trip to each server."""
        calls = list(calls)
        replies = self._ask(calls)
        for _ in range(MOVES):
            moved = [at for at, reply in enumerate(replies) if isinstance(reply, MovedError)]
            if not moved:
                break
            self._servers.look_again()
            again = self._ask([calls[at] for at in moved])
            for at, reply in zip(moved, again, strict=True):
                replies[at] = reply
        for reply in replies:
            if isinstance(reply, Exception):
                raise reply
        return replies

    def command(self, bucket: int, *command: Any) -> Any:
        return self.pipeline([(bucket, command)])[0]

    def client(self, bucket: int) -> redis.Redis:
        """Of the server that has the bucket now."""
        return self._servers.client(bucket)

    def all(self) -> Sequence[redis.Redis]:
        """A client of each server."""
        return self._servers.all()

    def close(self) -> None:
        for client in self._servers.all():
            client.close()

    def _ask(self, calls: Sequence[Call]) -> list[Any]:
        """The replies, among them errors that servers answered with."""
        parts: dict[int, tuple[redis.Redis, list[int]]] = {}
        for at, (bucket, _) in enumerate(calls):
            client = self._servers.client(bucket)
            parts.setdefault(id(client), (client, []))[1].append(at)
        replies: list[Any] = [None] * len(calls)
        asked = [
            (places, Asked(client, [calls[at][1] for at in places]))
            for client, places in parts.values()
        ]
        failed: Exception | None = None
        for places, one in asked:  # each is heard to its end, or its connection is of no more use
            try:
                for at, reply in zip(places, one.replies(), strict=True):
                    replies[at] = reply
            except redis.RedisError as error:
                failed = error
        if failed:
            raise failed
        return replies


class Asked:
    """Commands that were sent to one server, whose replies are still to be read.

    Nothing is raised before `replies`, so that whoever asks several servers reads what each says.
    """

    def __init__(self, client: redis.Redis, commands: Sequence[Command]) -> None:
        self._pool, self._commands = client.connection_pool, commands
        self._connection: Any = None
        self._error: Exception | None = None
        self._send()

    def replies(self) -> list[Any]:
        try:
            return self._read()
        except redis.ConnectionError:
            self._send()  # the server was restarted since the connection was last used
            return self._read()

    def _send(self) -> None:
        try:
            self._connection = connection = self._pool.get_connection()
            try:
                connection.send_packed_command(connection.pack_commands(self._commands))
            except BaseException:
                self._drop()
                raise
        except (redis.RedisError, OSError) as error:
            self._error = error

    def _read(self) -> list[Any]:
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        try:
            return [self._reply() for _ in self._commands]
        except BaseException:
            self._connection.disconnect()
            raise
        finally:
            self._release()

    def _reply(self) -> Any:
        try:
            return self._connection.read_response()
        except redis.ResponseError as error:
            return error

    def _drop(self) -> None:
        self._connection.disconnect()
        self._release()

    def _release(self) -> None:
        self._pool.release(self._connection)
        self._connection = None
