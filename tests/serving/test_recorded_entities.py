"""Do we find in a text the entities that X's own answers name?

Recorded answers are real people's tweets and no part of the project; where they are not beside it,
there is nothing to compare with.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engines.environments import REPOSITORY
from serving.text import entities

NAMED = {"hashtags": "tag", "cashtags": "tag", "mentions": "username", "urls": "url"}


def recorded() -> Path | None:
    """The folder of recorded answers, beside the repository or above it."""
    folders = (parent / "shared" / "data" / "api" for parent in REPOSITORY.parents)
    return next((folder for folder in folders if folder.is_dir()), None)


def tweets(document: Any) -> Iterator[dict[str, Any]]:
    """Every tweet in a document that was asked for with its entities."""
    if isinstance(document, dict):
        if {"id", "text", "public_metrics"} <= document.keys():
            yield document
        document = list(document.values())
    if isinstance(document, list):
        for part in document:
            yield from tweets(part)


def named(tweet: dict[str, Any], found: dict[str, Any], kind: str) -> set[tuple[int, int, str]]:
    """Without those that a retweet's cut goes through: X read them in the whole text."""
    text = tweet["text"]
    cut = len(text) - 1 if text.endswith("…") else len(text) + 1
    return {
        (each["start"], each["end"], each[NAMED[kind]].lower())
        for each in found.get(kind, [])
        if each["end"] < cut
    }


def test_entities_are_those_that_x_recorded() -> None:
    folder = recorded()
    if folder is None:
        pytest.skip("no recorded answers beside the repository (../shared/data/api)")
    compared = 0
    for file in sorted(folder.glob("*.jsonl.gz")):
        for line in gzip.decompress(file.read_bytes()).splitlines():
            for tweet in tweets(msgspec.json.decode(line)) if line.strip() else ():
                ours, theirs = entities(tweet["text"]) or {}, tweet.get("entities", {})
                for kind in NAMED:
                    mine, recorded_ = named(tweet, ours, kind), named(tweet, theirs, kind)
                    assert recorded_ <= mine, (file.name, tweet["id"], kind)
                    # X names only people there are; a text alone does not tell.
                    assert kind == "mentions" or mine == recorded_, (file.name, tweet["id"], kind)
                    compared += 1
    assert compared > 1_000
