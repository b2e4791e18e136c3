"""What does a writer see of their own write at once?

The rows that the speed layer will write in a moment: the same projection, under the same log
position, by the same statements; so it does not matter who comes first. A store that does not take
them takes nothing back: the log has the event, and the speed layer brings the rows. What the search
engine has is brought by its own writer alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from ingest.events import AccountCreated, AccountUpdated, Event
from serving.errors import StoreUnavailable
from serving.metrics import OWN_ROWS_FAILED
from serving.stores.cassandra import UNSET, CassandraStore
from serving.stores.redis import RedisStore
from stores.shards import Call
from views.contract import Change, Put
from views.registry import state_views
from views.tables import TABLES, USERNAME_PUT, statement
from views.user_timeline import USER_TIMELINE

logger = structlog.get_logger()


class OwnRows:
    def __init__(self, redis: RedisStore, cassandra: CassandraStore) -> None:
        self._redis, self._cassandra = redis, cassandra

    def apply(self, event: Event, pos: int) -> None:
        """Writes the rows that the event changes. A store that fails is logged and counted."""
        changes = [
            (view.name, change)
            for view in state_views()
            if isinstance(event, view.events)
            for change in view.project(event)
        ]
        if not changes:
            return
        statements = [
            statement(TABLES[view], change, pos=pos, unset=UNSET) for view, change in changes
        ]
        if isinstance(event, AccountCreated | AccountUpdated):
            statements.append((USERNAME_PUT, (event.username.lower(), event.id, event.at_ms)))
        sent = self._attempt("cassandra", event, lambda: self._cassandra.begin(statements))
        commands = [
            command
            for view, change in changes
            if (command := self._redis.put_change(view, change, pos))
        ]
        self._attempt("redis", event, lambda: self._redis.pipeline(commands))
        entries = [self._entry(change) for view, change in changes if view == USER_TIMELINE.name]
        if entries:
            self._attempt("redis", event, lambda: self._redis.timelines(entries))
        if sent is not None:
            self._attempt("cassandra", event, lambda: self._cassandra.finish(sent))

    def _entry(self, change: Change) -> Call:
        if isinstance(change, Put):
            return self._redis.push_entry(*change.key)
        return self._redis.remove_entry(*change.key)

    def _attempt(self, store: str, event: Event, write: Callable[[], Any]) -> Any:
        try:
            return write()
        except StoreUnavailable as error:
            OWN_ROWS_FAILED.labels(store).inc()
            logger.warning(
                "own_rows_not_written", store=store, kind=type(event).__name__, reason=error.reason
            )
            return None
