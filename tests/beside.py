"""What lies beside the repository that is no part of it: real data, and the reference document."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.environments import REPOSITORY


def shared(name: str) -> Path:
    """The file or folder `name` of `shared/`, beside the repository or above it; else skips."""
    path = found(name)
    if path is None:
        pytest.skip(f"there is no shared/{name} beside the repository")
    return path


def found(name: str) -> Path | None:
    """The same, where it is there."""
    paths = (parent / "shared" / name for parent in REPOSITORY.parents)
    return next((path for path in paths if path.exists()), None)
