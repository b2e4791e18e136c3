"""What does Redis know? Timelines, hot rows, speed totals, how far the speed jobs are, tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from serving.errors import StoreUnavailable
from serving.stores.guard import Guard
from settings import Settings
from stores.shards import Call, Shards
from views import timelines
from views.contract import Change
from views.rows import LOADING, put

Command = tuple[str | bytes | int, ...]


class RedisStore:
    """Thread-safe; connects on first use. Every method may raise `StoreUnavailable`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        timeout_s = settings.store_timeout_seconds
        options: dict[str, Any] = {
            "max_connections": settings.api_threads + 8,
            "timeout": timeout_s,  # of waiting for a connection
            "socket_timeout": timeout_s,
            "socket_connect_timeout": timeout_s,
            "socket_keepalive": True,
        }
        self._client = redis.Redis(
            connection_pool=redis.BlockingConnectionPool(
                host=settings.host,
                port=settings.redis_port,
                # A connection that Redis closed (a restart) is opened anew once, without waiting.
                retry=Retry(NoBackoff(), 1),
                retry_on_error=[redis.ConnectionError],
                **options,
            )
        )
        self._shards = Shards(settings, **options)
        failures = (redis.ConnectionError, redis.TimeoutError, OSError)
        self.guard = Guard("redis", failures)
        # Of its own: rows and limits go on while a server that has only timelines is away.
        self.timelines_guard = Guard("redis_timelines", failures)

    def pipeline(self, commands: Iterable[Command]) -> list[Any]:
        """The replies to these commands, in one round trip. Raises on the first error reply."""
        with self.guard(), self._client.pipeline(transaction=False) as pipe:
            for command in commands:
                pipe.execute_command(*command)
            return pipe.execute()

    def command(self, *command: str | bytes | int) -> Any:
        with self.guard():
            return self._client.execute_command(*command)

    def timelines(self, calls: Iterable[Call]) -> list[Any]:
        """The replies of the servers of timelines, in one round trip to each."""
        with self.timelines_guard():
            try:
                return self._shards.pipeline(calls)
            except redis.ResponseError as error:
                if "Function not found" not in str(error):
                    raise
                # Started anew and empty, functions too; the platform loads them at once.
                raise StoreUnavailable("redis_timelines", "it has just been started") from error

    @contextmanager
    def exclusively(self, name: str) -> Iterator[None]:
        """One at a time over all API processes, as long as Redis is there to say whose turn it is.

        Raises `StoreUnavailable` when a turn has not come within a write's time.
        """
        held_s = self._settings.append_timeout_seconds + 2 * self._settings.store_timeout_seconds
        lock = self._client.lock(
            f"lock:{name}", timeout=held_s, blocking_timeout=held_s, sleep=0.01
        )
        try:
            with self.guard():
                acquired = lock.acquire()
        except StoreUnavailable:
            yield  # a write does not wait for Redis
            return
        if not acquired:
            raise StoreUnavailable("redis", f"another request holds {name}")
        try:
            yield
        finally:
            with suppress(redis.RedisError):  # it ran out, or went with Redis: it is free
                lock.release()

    def ping(self) -> None:
        self.command("PING")

    # How own rows are written: the same functions on the server as the speed layer calls

    def put_change(self, view: str, change: Change, pos: int) -> Command:
        """Empty where Redis has no rows of the view."""
        ttl_s = self._settings.speed_row_ttl_hours * 3600
        call = put(view, change, pos=pos, ttl_s=ttl_s, reader=True)
        return ("FCALL", *call) if call else ()

    def begin_edges(self, key: str, nonce: bytes) -> list[Command]:
        """Begins to load a hash, unless somebody has begun: the second reply is their nonce."""
        ttl_s = self._settings.speed_row_ttl_hours * 3600
        return [("HSETNX", key, LOADING, nonce), ("HGET", key, LOADING), ("EXPIRE", key, ttl_s)]

    def load_edges(self, key: str, nonce: bytes, pairs: Sequence[str | bytes]) -> Command:
        """All fields of the hash, each followed by its row."""
        ttl_s = self._settings.speed_row_ttl_hours * 3600
        return ("FCALL", "edges_load", 1, key, ttl_s, nonce, *pairs)

    def push_entry(self, author_id: int, id: int) -> Call:
        """Puts a tweet on its author's own timeline."""
        s = self._settings
        keep = (s.timeline_cap, s.timeline_slack, s.timeline_seconds)
        return self._own("author_push", author_id, id, *keep)

    def remove_entry(self, author_id: int, id: int) -> Call:
        return self._own("author_remove", author_id, id)

    def _own(self, function: str, author_id: int, id: int, *arguments: int) -> Call:
        buckets = self._settings.timeline_buckets
        key = timelines.user_key(author_id, buckets)
        call = ("FCALL", function, 1, key, timelines.pack([id]), *arguments)
        return timelines.bucket_of(author_id, buckets), call
