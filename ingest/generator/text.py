"""What do they write? Short sentences from a small vocabulary, with hashtags and mentions."""

from __future__ import annotations

import random
import tomllib
from functools import cache
from pathlib import Path

from ingest.generator.measured import HASHTAG, MENTION

PARTS = ("who", "did", "what", "when")
MOST_TAGS = 3


@cache
def vocabulary() -> dict[str, list[str]]:
    """The syllables and words by their part in a name or a sentence."""
    return tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text())


@cache
def _tag_weights() -> list[float]:
    """A few tags get most uses (Zipf)."""
    return [1 / rank for rank, _ in enumerate(vocabulary()["tags"], 1)]


def text(chance: random.Random, mention: str | None = None) -> str:
    """A tweet's text, well under 280 characters. `mention` is a username that may stand in it."""
    words = vocabulary()
    said = " ".join(chance.choice(words[part]) for part in PARTS)
    said = said[0].upper() + said[1:] + chance.choice(words["end"])
    if mention and chance.random() < MENTION:
        said = f"@{mention} {said}"
    tags: dict[str, None] = {}
    while len(tags) < MOST_TAGS and chance.random() < HASHTAG:
        tags[chance.choices(words["tags"], _tag_weights())[0]] = None
    return said + "".join(f" #{tag}" for tag in tags)
