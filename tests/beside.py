"""What lies beside the repository that is no part of it: real data, and the reference document."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.environments import REPOSITORY


def shared(name: str) -> Path:
    """The file or folder `name` of `shared/`, beside the repository or above it; else skips."""
    found = (parent / "shared" / name for parent in REPOSITORY.parents)
    path = next((path for path in found if path.exists()), None)
    if path is None:
        pytest.skip(f"there is no shared/{name} beside the repository")
    return path
