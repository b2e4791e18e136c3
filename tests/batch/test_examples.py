"""Do the examples in the docstrings hold?"""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["batch.compare", "batch.drift", "batch.land", "batch.sample", "batch.totals"]
)
def test_the_examples_hold(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0
