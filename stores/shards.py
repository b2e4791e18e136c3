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
from typing import Any

import redis
from redis.cluster import ClusterNode, RedisCluster

from settings import Settings
from stores.asking import Call, Servers, UnderWay

__all__ = ["Call", "Shards"]


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
        return self.send(calls).replies()

    def send(self, calls: Iterable[Call], after: UnderWay | None = None) -> UnderWay:
        """The calls, sent; what they reply is read later, and after what `after` has to read.

        Each server gets them behind those of `after`, on the same connection.
        """
        return UnderWay(self._servers, calls, after)

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
