"""How does what is usual lie in Redis, for tags in places?

    usual                JSON: the generation that stands, the minutes it was made of, the profiles
                         of places
    usual:{generation}   hash: "{place} {tag}" to JSON of its people in each hour of the week

A generation is written whole before `usual` names it, and the one before it stays for a rollback.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from views.trends.baseline import HOURS_A_WEEK, Baseline, TagBaseline

POINTER = "usual"


class Pointer(NamedTuple):
    """Minutes are whole, since 1970; `profiles` are by place."""

    generation: int
    previous: int
    since: int
    until: int
    profiles: dict[int, list[float]]


NOTHING = Pointer(0, 0, 0, 1, {})
"""As long as batch has made none."""


def generation_key(generation: int) -> str:
    return f"usual:{generation}"


def field(place: int, tag: str) -> str:
    return f"{place} {tag}"


def packed_pointer(pointer: Pointer) -> str:
    return json.dumps(pointer._asdict())


def read_pointer(value: bytes | None) -> Pointer:
    if value is None:
        return NOTHING
    found = json.loads(value)
    profiles = {int(place): profile for place, profile in found.pop("profiles").items()}
    return Pointer(profiles=profiles, **found)


def packed(tag: TagBaseline) -> str:
    return json.dumps([tag.four_hours, tag.days, *tag.hours.items()])


def read(value: bytes) -> TagBaseline:
    four_hours, days, *hours = json.loads(value)
    return TagBaseline(dict(hours), four_hours, days)


def baseline(
    pointer: Pointer, place: int, tags: Iterable[str], values: Iterable[bytes | None]
) -> Baseline:
    """What is usual of these tags; `values` are theirs in the hash, None where it has none."""
    known: Mapping[str, TagBaseline] = {
        tag: read(value) for tag, value in zip(tags, values, strict=True) if value is not None
    }
    profile = pointer.profiles.get(place, [1.0] * HOURS_A_WEEK)
    return Baseline(known, profile, pointer.since, pointer.until)
