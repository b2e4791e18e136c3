"""Which platform do these tests break? One of small servers, up in seconds, for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines import control
from settings import Settings
from tests.conftest import port_settings


@pytest.fixture
def small() -> Iterator[Settings]:
    """Settings of a platform of its own; whatever runs there is down afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="starling-small-"))
    folder.chmod(0o755)
    settings = Settings(state_dir=folder, **port_settings())  # type: ignore[arg-type]
    try:
        yield settings
    finally:
        control.down(settings)
        shutil.rmtree(folder)
