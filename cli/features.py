"""What does `./starling features` do: show, training-set, parity?"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import redis
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lake.parity import parity as compared
from lake.served_features import ServedLog
from lake.training import write_training_set
from serving.features import Answer, Ids, features_of
from settings import Settings, load


def show(name: str, ids: Sequence[int], as_json: bool) -> int:
    """Prints the features of one entity as they are answered online now. Raises `UnknownFeatures`,
    `NotAnEntity`; returns 1 where batch has published nothing yet."""
    settings = load()
    with closing(redis.Redis.from_url(settings.redis_url)) as client:
        answer = features_of(settings, client, name, [tuple(ids)])
    _note(settings, answer)
    ((entity, values),) = answer.values.items()
    if as_json:
        told = dict(zip(answer.table.entity, entity, strict=True))
        through = {"through": answer.through, "ends_ms": answer.ends_ms, "batch": answer.pointer}
        print(json.dumps(told | through | {"features": values}))
    else:
        _print(answer, entity, values)
    return int(values is None)


def _note(settings: Settings, answer: Answer) -> None:
    with ServedLog(settings) as log:
        for ids, values in answer.values.items():
            if values is not None and answer.pointer is not None:
                name, at_ms = answer.table.name, answer.at_ms
                log.note(name, ids, values, at_ms, answer.through, answer.pointer)


def _print(answer: Answer, ids: Ids, values: dict[str, int] | None) -> None:
    console = Console()
    if values is None:
        console.print("no features are published yet: the DAG hourly_features does")
        return
    names = ", ".join(f"{n} {id}" for n, id in zip(answer.table.entity, ids, strict=True))
    old = time.time() - answer.ends_ms / 1_000
    console.print(
        f"{names}: what was before {_utc(answer.ends_ms)}, {old:.0f} s ago", highlight=False
    )
    table = Table("feature", "value", "window", "what it is")
    table.columns[1].justify = "right"
    for feature in answer.table.features:
        window = feature.window.name if feature.window else ""
        table.add_row(feature.name, str(values[feature.name]), window, feature.doc)
    console.print(table)


def _utc(ms: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(ms / 1_000))


def training_set(entities: Path, output: Path) -> None:
    """Writes the rows with their features. Raises `BadEntities`, `NotKnownYet`."""
    rows = write_training_set(load(), entities, output)
    print(f"{rows} rows in {output}")


def parity(as_json: bool) -> int:
    """Prints how many answers the lake confirms; returns 1 where it says otherwise."""
    found = compared(load())
    if as_json:
        print(json.dumps({name: result._asdict() for name, result in found.items()}))
    else:
        table = Table("features of", "compared", "differing", "waiting for batch")
        for name, result in found.items():
            table.add_row(name, *(f"{n:,}" for n in result[:3]))
        console = Console()
        console.print(table)
        for result in found.values():
            for example in result.examples:
                console.print(f"  {escape(example)}", highlight=False)
    return int(any(result.differing for result in found.values()))
