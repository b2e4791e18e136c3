"""Who lives in the made-up world? Names are combined from syllables; nobody real is meant."""

from __future__ import annotations

import random
from typing import NamedTuple

from ingest.generator.text import vocabulary


class Person(NamedTuple):
    username: str
    """1 to 15 of `A-Za-z0-9_`, unlike any other's of the same world."""
    name: str
    description: str


def people(seed: str, users: int) -> list[Person]:
    """The accounts of a world, by the user numbers that its activity speaks of."""
    chance = random.Random(f"{seed}/people")
    words = vocabulary()
    seen: set[str] = set()
    made = []
    for _ in range(users):
        first = chance.choice(words["first"]) + chance.choice(words["first"])
        last = chance.choice(words["last"]) + chance.choice(words["first"])
        username = f"{first}_{last}"
        while username in seen:
            username = f"{first}{last}{chance.randrange(1_000_000)}"
        seen.add(username)
        likes = " and ".join(chance.sample(words["likes"], 2))
        made.append(Person(username, f"{first} {last}".title(), f"Mostly {likes}."))
    return made
