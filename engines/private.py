"""How is something written that only the platform's owner may read?"""

from __future__ import annotations

from pathlib import Path


def private(file: Path) -> Path:
    """The file, there and closed to others before anything secret is in it."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    return file


def write_private(file: Path, text: str) -> None:
    private(file).write_text(text)
