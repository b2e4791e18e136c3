"""What are the features of these entities, now?

    with connect(settings) as client:
        answer = features_of(settings, client, "users", [(42,)])
        answer.values[(42,)]["user_posts_1d"]

One round trip to Redis, where batch's tiles and the speed layer's epochs lie
(`views/features/stored.py`). The values are those of docs/features.md: of the epochs that were over
`feature_delay_seconds` ago, so that the lake says the same of this moment, later.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import redis

from settings import Settings
from views.features import stored
from views.features.tables import FeatureTable, feature_table
from views.features.tiles import Reading, Tiles, speed_epochs
from views.features.windows import Clock

MOST = 1_000  # entities in one question

Ids = tuple[int, ...]


class TooMany(ValueError):
    """More entities than one question may have."""

    def __init__(self, asked: int) -> None:
        super().__init__(f"{asked} entities in one question; at most {MOST}")


class NotAnEntity(ValueError):
    """These are no ids of an entity of that table."""

    def __init__(self, table: FeatureTable, ids: Sequence[int]) -> None:
        names = ", ".join(table.entity)
        super().__init__(f"{table.name} are known by {names}; this is {', '.join(map(str, ids))}")


@dataclass(frozen=True)
class Answer:
    """`values` are None where batch has published nothing yet, or Redis lost it.

    They hold what happened before `ends_ms`; `pointer` is how far batch had published.
    """

    table: FeatureTable
    at_ms: int
    through: int
    ends_ms: int
    pointer: int | None
    values: dict[Ids, dict[str, int] | None]


def features_of(
    settings: Settings,
    client: redis.Redis,
    name: str,
    entities: Iterable[Ids],
    *,
    at_ms: int | None = None,
) -> Answer:
    """The features of each entity of the table `name`, by its ids.

    `at_ms` is now, unless a caller's clock says otherwise. Raises `UnknownFeatures`, `TooMany`,
    `NotAnEntity`, and what the Redis client raises.
    """
    table, asked = feature_table(name), list(dict.fromkeys(entities))
    if len(asked) > MOST:
        raise TooMany(len(asked))
    for ids in asked:
        if len(ids) != len(table.entity):
            raise NotAnEntity(table, ids)
    clock = Clock.of(settings.epoch_seconds, settings.feature_delay_seconds)
    at_ms = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    pointer, tiles, speed = _read(client, table, asked)
    through = max(clock.through_at(at_ms), pointer or 0)  # a clock may be behind that of batch
    values: dict[Ids, dict[str, int] | None] = dict.fromkeys(asked)
    if pointer is not None:
        reading = Reading(table, clock, through, pointer)
        for ids in asked:
            recent = speed[stored.speed_key(table, ids)]
            beside = ids[1] if table.is_pair else None
            values[ids] = reading.values(Tiles.read(tiles[ids]), recent.get(beside, {}))
    return Answer(table, at_ms, through, through * clock.epoch_ms, pointer, values)


def _read(
    client: redis.Redis, table: FeatureTable, asked: Sequence[Ids]
) -> tuple[int | None, dict[Ids, str | None], dict[str, Any]]:
    """The pointer first: the tiles it needs stay until it has moved."""
    hashes: dict[str, list[Ids]] = {}
    for ids in asked:
        hashes.setdefault(stored.tiles_key(table, ids), []).append(ids)
    speed = list(dict.fromkeys(stored.speed_key(table, ids) for ids in asked))
    pipeline = client.pipeline(transaction=False)
    pipeline.get(stored.POINTER)
    for key, together in hashes.items():
        pipeline.hmget(key, [stored.tiles_field(table, ids) for ids in together])
    for key in speed:
        pipeline.hgetall(key)
    pointer, *replies = pipeline.execute()
    tiles = {
        ids: text.decode() if text is not None else None
        for together, texts in zip(hashes.values(), replies[: len(hashes)], strict=True)
        for ids, text in zip(together, texts, strict=True)
    }
    epochs = {
        key: speed_epochs((field.decode(), int(total)) for field, total in fields.items())
        for key, fields in zip(speed, replies[len(hashes) :], strict=True)
    }
    return None if pointer is None else int(pointer), tiles, epochs
