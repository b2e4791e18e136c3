"""Who decides about what others post? `./starling moderator USERNAME [--revoke]` says it."""

from __future__ import annotations

import sys

from serving.errors import InvalidRequest, StoreUnavailable
from serving.services import make
from settings import load


def moderator(username: str, *, revoke: bool) -> int:
    """Makes the account a moderator, or no longer one. Returns the exit code.

    Works on the machine of the platform only: it speaks to PostgreSQL, not to the API.
    """
    services = make(load())
    try:
        moderators = services.auth.moderators
        changed = (moderators.dismiss if revoke else moderators.appoint)(username)
    except InvalidRequest as error:
        print(error.message, file=sys.stderr)
        return 2
    except StoreUnavailable as error:
        print(f"{error}. Is the platform up? `./starling status` says.", file=sys.stderr)
        return 1
    finally:
        services.close()
    stands = "is no moderator" if revoke else "is a moderator"
    print(f"{username} {stands}{'' if changed else ', as before'}.")
    return 0
