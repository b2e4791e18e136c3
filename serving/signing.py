"""With which key does the API sign what clients hand back?"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from settings import Settings


def signing_key(settings: Settings) -> str:
    """The configured key, else one made once and shared by all API processes of this machine."""
    if settings.signing_key:
        return settings.signing_key
    path = settings.state_dir / "api" / "signing.key"
    if not path.exists():
        _make(path)
    return path.read_text()


def _make(path: Path) -> None:
    """Written whole, then linked into place: of several processes at once, the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"signing.key.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
