"""What the docstrings of moderation/ show is so."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import moderation

MODULES = sorted(file.stem for file in Path(moderation.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_so(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"moderation.{name}"))
    assert outcome.failed == 0
