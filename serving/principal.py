"""Who asks? One answer for every way of asking, whatever protocol brought the proof."""

from __future__ import annotations

from typing import Literal

import msgspec

from serving.auth.scopes import ALL_SCOPES

__all__ = ["ALL_SCOPES", "NOBODY", "Kind", "Principal"]

Kind = Literal["oauth2_user", "oauth2_app", "oauth1", "session", "local"]
NOBODY = 0  # the id of an app that asks on nobody's behalf


class Principal(msgspec.Struct, frozen=True):
    """The account that asks, what it may do, and through which app and proof.

    `id` is `NOBODY` and `username` empty where an app asks for itself (`oauth2_app`). `app_id` is
    None for a session of our own pages and for tokens of `./starling token` (`local`).
    """

    id: int
    username: str
    scopes: frozenset[str] = frozenset()
    app_id: int | None = None
    kind: Kind = "local"

    @property
    def subject(self) -> str:
        """Whose budget a call is counted against: the user's, or else the app's."""
        return f"user:{self.id}" if self.id else f"app:{self.app_id}"
