"""Which passwords are good, and how is one kept so that it cannot be read back?"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from serving.errors import InvalidRequest

LEAST, MOST = 8, 128  # characters

# Argon2id with the least that OWASP's password storage cheat sheet asks for: 19 MiB, two passes,
# one lane. More memory would be taken from the stores of the same machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobodys = _hasher.hash("a password that nobody has, so that unknown names take as long")


def acceptable(password: str, *, parameter: str = "password") -> str:
    """The password as it is hashed: one text however a keyboard composes it.

    Raises `InvalidRequest`.
    """
    if not LEAST <= len(password) <= MOST:
        raise InvalidRequest(
            f"A password has {LEAST} to {MOST} characters.", **{parameter: f"{len(password)} long"}
        )
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """Raises `InvalidRequest` for one that is not acceptable."""
    return _hasher.hash(acceptable(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password kept. Takes the same time where there is none to compare with."""
    try:
        _hasher.verify(kept or _nobodys, unicodedata.normalize("NFKC", password[: MOST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
