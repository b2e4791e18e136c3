"""Do we find in a text the entities that X's own answers name?"""

from __future__ import annotations

from typing import Any

from serving.text import entities
from tests import recorded

NAMED = {"hashtags": "tag", "cashtags": "tag", "mentions": "username", "urls": "url"}


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
    compared = 0
    for document in recorded.answers():
        for tweet in recorded.tweets(document):
            ours, theirs = entities(tweet["text"]) or {}, tweet.get("entities", {})
            for kind in NAMED:
                mine, its = named(tweet, ours, kind), named(tweet, theirs, kind)
                assert its <= mine, (tweet["id"], kind)
                # X names only people there are; a text alone does not tell.
                assert kind == "mentions" or mine == its, (tweet["id"], kind)
                compared += 1
    assert compared > 1_000
