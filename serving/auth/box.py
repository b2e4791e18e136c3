"""How does a secret lie that we must be able to read again? Encrypted, with a key of its own.

The key is derived from the signing key, which is a setting or a file and never in PostgreSQL.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Box:
    def __init__(self, key: str, purpose: str) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def shut(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, shut: str) -> str:
        """Raises `cryptography.fernet.InvalidToken` where another signing key shut it."""
        return self._fernet.decrypt(shut.encode()).decode()
