"""How does an account come to be?

PostgreSQL decides whose name it is; the log tells everybody. An account that the log has not taken
yet is announced again the next time it is asked for, with the same id, so a failure between the
two leaves nothing half made.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

from ingest.events import AccountCreated
from ingest.ids import IdMaker
from ingest.producer import Producer
from serving.errors import InvalidRequest
from serving.own_rows import OwnRows
from serving.stores.postgres import Account, PostgresStore

USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")


class Accounts:
    def __init__(
        self, postgres: PostgresStore, log: Producer, own_rows: OwnRows, ids: IdMaker
    ) -> None:
        self._postgres, self._log, self._own_rows, self._ids = postgres, log, own_rows, ids

    def ensure(self, username: str, *, name: str | None = None, request_id: str = "") -> Account:
        """The account of that name, made and announced where it is new.

        Raises `InvalidRequest` for what is no username, `LogUnavailable`, `StoreUnavailable`.
        """
        if not USERNAME.fullmatch(username):
            raise InvalidRequest(
                "A username has 1 to 15 letters, digits or underscores.", username=username
            )
        account = self._postgres.account_by_username(username)
        if account is None:
            now = datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)
            account = self._postgres.add_account(self._ids.next(), username, name or username, now)
        if account.log_position is None:
            self.announce(account, request_id)
        return account

    def announce(self, account: Account, request_id: str) -> None:
        """Tells the log of it. Raises `LogUnavailable`, `StoreUnavailable`."""
        event = AccountCreated(
            at_ms=round(account.created_at.timestamp() * 1000),
            id=account.id,
            username=account.username,
            name=account.name,
        )
        appended = self._log.append(event, request_id=request_id)
        self._own_rows.apply(event, appended.position.offset)
        self._postgres.mark_announced(account.id, str(appended.position))
