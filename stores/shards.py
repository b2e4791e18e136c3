"""On which Redis server does a bucket of timelines lie, and how are several asked at once?

Timelines are spread over servers by bucket (`views.timelines.bucket_of`); all keys of a bucket lie
on one server, so a function may touch several of them. `Shards` sends every server its commands
before it waits for the first answer: a round trip to many costs no more than one to the slowest.

The servers are either plain ones, and a bucket's is its number modulo theirs; or a Redis Cluster,
where the hash tag in the keys (`{bucket}`) decides, and what has moved is looked up anew. Every
command that goes this way can be repeated, so a connection that broke is tried once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import redis
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import MovedError

from settings import Settings

Command = tuple[Any, ...]
"""A command of Redis and its arguments."""

Call = tuple[int, Command]
"""The bucket whose server must answer, and what it is asked."""

SENT_AT_ONCE = 16 * 1024  # bytes; less is not worth a system call of its own
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
        """The replies to the calls, in their order, in one round trip to each server.

        Calls may be made one by one: a server has long begun while the last is still to come.
        """
        kept: list[Call] = []
        replies = self._ask(_keeping(calls, kept))
        for _ in range(MOVES):
            moved = [at for at, reply in enumerate(replies) if isinstance(reply, MovedError)]
            if not moved:
                break
            self._servers.look_again()
            again = self._ask([kept[at] for at in moved])
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

    def _ask(self, calls: Iterable[Call]) -> list[Any]:
        """The replies, among them errors that servers answered with."""
        asked: dict[int, Asked] = {}
        count = 0
        try:
            for count, (bucket, command) in enumerate(calls, 1):
                client = self._servers.client(bucket)
                if id(client) not in asked:
                    asked[id(client)] = Asked(client)
                asked[id(client)].add(count - 1, command)
        except BaseException:
            for one in asked.values():
                one.drop()
            raise
        for one in asked.values():
            one.send()
        replies: list[Any] = [None] * count
        failed: Exception | None = None
        for one in asked.values():  # each is heard to its end, or its connection is of no more use
            try:
                for place, reply in one.replies():
                    replies[place] = reply
            except redis.RedisError as error:
                failed = error
        if failed:
            raise failed
        return replies


def _keeping(calls: Iterable[Call], kept: list[Call]) -> Iterator[Call]:
    for call in calls:
        kept.append(call)
        yield call


class Asked:
    """Commands for one server, sent as soon as they are worth it, whose replies are read later.

    Nothing is raised before `replies`, so that whoever asks several servers reads what each says.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._pool = client.connection_pool
        self._commands: list[Command] = []
        self._places: list[int] = []
        self._sent = self._waiting = 0  # commands that are gone, bytes of those that are not
        self._connection: Any = None
        self._error: Exception | None = None

    def add(self, place: int, command: Command) -> None:
        """`place` comes back with the reply."""
        self._places.append(place)
        self._commands.append(command)
        self._waiting += sum(len(part) for part in command if isinstance(part, str | bytes))
        if self._waiting >= SENT_AT_ONCE:
            self.send()

    def send(self) -> None:
        """Sends what is not sent yet."""
        if self._error is not None or self._sent == len(self._commands):
            return
        try:
            if self._connection is None:
                self._connection = self._pool.get_connection()
            connection = self._connection
            commands = self._commands[self._sent :]
            connection.send_packed_command(connection.pack_commands(commands))
            self._sent, self._waiting = len(self._commands), 0
        except (redis.RedisError, OSError) as error:
            self._error = error
            self.drop()
        except BaseException:
            self.drop()
            raise

    def replies(self) -> list[tuple[int, Any]]:
        """Places and replies."""
        try:
            return self._read()
        except redis.ConnectionError:
            self._sent, self._error = 0, None  # the server was restarted since the last time
            self.send()
            return self._read()

    def drop(self) -> None:
        """Gives the connection up: there may be replies on it that nobody reads."""
        if self._connection is not None:
            self._connection.disconnect()
            self._release()

    def _read(self) -> list[tuple[int, Any]]:
        if self._error is not None:
            raise self._error
        try:
            found = [self._reply() for _ in self._commands]
        except BaseException:
            self.drop()
            raise
        self._release()
        return list(zip(self._places, found, strict=True))

    def _reply(self) -> Any:
        try:
            return self._connection.read_response()
        except redis.ResponseError as error:
            return error

    def _release(self) -> None:
        self._pool.release(self._connection)
        self._connection = None
