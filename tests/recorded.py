"""What has X itself answered?

Recorded answers are about real people and no part of the project; where they are not beside it,
there is nothing to compare with, and a test says so.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import msgspec

from tests.beside import shared


def answers() -> Iterator[Any]:
    """Every document. Skips the test where there are none beside the repository."""
    for file in sorted(shared("data/api").glob("*.jsonl.gz")):
        for line in gzip.decompress(file.read_bytes()).splitlines():
            if line.strip():
                yield msgspec.json.decode(line)


def tweets(document: Any) -> Iterator[dict[str, Any]]:
    """Every tweet in a document that was asked for with more than the default fields."""
    return _with({"id", "text", "public_metrics"}, document)


def users(document: Any) -> Iterator[dict[str, Any]]:
    return _with({"id", "username", "public_metrics"}, document)


def _with(names: set[str], document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        if names <= document.keys():
            yield document
        document = list(document.values())
    if isinstance(document, list):
        for part in document:
            yield from _with(names, part)
