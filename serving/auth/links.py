"""What stands in the links of our letters? What they allow, signed, and when they were made."""

from __future__ import annotations

import hashlib
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from serving.errors import InvalidRequest


class Links:
    """One kind of link; a link of another kind is none."""

    def __init__(self, key: str, kind: str, *, seconds: int) -> None:
        self._seconds = seconds
        self._serializer = URLSafeTimedSerializer(
            key, salt=kind, signer_kwargs={"digest_method": hashlib.sha256}
        )

    def make(self, *says: Any) -> str:
        return self._serializer.dumps(says)

    def read(self, token: str) -> list[Any]:
        """Raises `InvalidRequest` for one that is not ours, or too old."""
        try:
            found: list[Any] = self._serializer.loads(token, max_age=self._seconds)
        except BadData:
            raise InvalidRequest(
                "This link is not valid, or it is too old. Ask for a new one.", token="..."
            ) from None
        return found
