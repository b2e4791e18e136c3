"""What the environment says holds; where it is silent, the state folder remembers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

import settings as settings_module


@pytest.fixture(autouse=True)
def read_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("STARLING_STATE_DIR", str(tmp_path))
    monkeypatch.delenv("STARLING_EPOCH_SECONDS", raising=False)
    settings_module.load.cache_clear()
    yield
    settings_module.load.cache_clear()


def test_a_fresh_folder_has_the_defaults() -> None:
    assert settings_module.load().epoch_seconds == 300


def test_a_folder_remembers_what_it_was_made_with(tmp_path: Path) -> None:
    (tmp_path / "platform.json").write_text('{"epoch_seconds": 15}')
    assert settings_module.load().epoch_seconds == 15


def test_recent_search_never_asks_for_months_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARLING_SEARCH_MONTHS", "1")
    with pytest.raises(ValidationError, match="search_months"):
        settings_module.load()


def test_what_is_said_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "platform.json").write_text('{"epoch_seconds": 15}')
    monkeypatch.setenv("STARLING_EPOCH_SECONDS", "60")
    assert settings_module.load().epoch_seconds == 60
