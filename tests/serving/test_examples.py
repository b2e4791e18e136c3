"""Do the examples in the docstrings hold?"""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [
    "ingest.events.entities",
    "ingest.events.links",
    "ingest.events.tweets",
    "ingest.events.words",
    "serving.dialect",
    "serving.conversations",
    "serving.counting",
    "serving.language",
    "serving.lives",
    "serving.paging",
    "serving.readable",
    "serving.render.times",
    "serving.search.query",
    "serving.search.ranking",
    "serving.text",
    "realtime.archive_index",
    "views.rows",
    "views.search_index",
    "views.tables",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0
