"""With which key does the API sign what clients hand back?"""

from __future__ import annotations

from settings import Settings, made_once


def signing_key(settings: Settings) -> str:
    """The configured key, else one made once and shared by all API processes of this machine."""
    return settings.signing_key or made_once(settings.state_dir / "api" / "signing.key")
