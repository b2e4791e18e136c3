"""How does somebody on this machine get a token? `./starling token USER`."""

from __future__ import annotations

import sys

from ingest.producer import LogUnavailable
from serving.errors import InvalidRequest, StoreUnavailable
from serving.principal import ALL_SCOPES
from serving.services import make
from settings import load


def token(username: str) -> str:
    """A new bearer token for the account of that name, which is made where it is new.

    Works on the machine of the platform only: it speaks to PostgreSQL and the log, not to the API.
    Raises `InvalidRequest`, `StoreUnavailable` or `LogUnavailable`.
    """
    services = make(load())
    try:
        account = services.accounts.ensure(username, request_id="starling-token")
        return services.tokens.issue(account.id, ALL_SCOPES)
    finally:
        services.close()


def show(username: str) -> int:
    """Prints the token alone, so that a script can take it. Returns the exit code."""
    try:
        print(token(username))
    except InvalidRequest as error:
        print(error.message, file=sys.stderr)
        return 2
    except (StoreUnavailable, LogUnavailable) as error:
        print(f"{error}. Is the platform up? `./starling status` says.", file=sys.stderr)
        return 1
    return 0
