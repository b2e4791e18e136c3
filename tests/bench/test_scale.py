"""The scale plan is arithmetic that a reader can do again."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bench import scale
from bench.scale import Assumed, Load, MissingFigure
from engines.environments import REPOSITORY

COSTS = dict.fromkeys(scale.UNITS, 1.0)
DOCUMENT = REPOSITORY / "docs" / "scale.md"
FIGURES = REPOSITORY / "docs" / "scale.jsonl"


def test_memory_binds_timelines_until_a_delivery_costs_much() -> None:
    entry = {"entry_bytes": 10.0, "read_redis_us": 0.0}
    cheap = scale.machines(COSTS | entry | {"push_redis_us": 2.0}, Load(), Assumed())
    # 800 million users, 800 entries of 10 bytes, twice; 128 GiB at 0.7
    assert cheap["Redis, timelines"] == ("memory", 134)
    dear = scale.machines(COSTS | entry | {"push_redis_us": 100.0}, Load(), Assumed())
    # 58,000 tweets to 200 followers, twice, 100 µs each, on 16 cores at 0.6
    assert dear["Redis, timelines"] == ("cores", 242)


def test_reads_bind_the_api() -> None:
    found = scale.machines(COSTS | {"read_api_ms": 2.0}, Load(), Assumed(peak_reads=3))
    assert found["API"] == ("cores", 37)  # 58,000 * 3 * 0.002 s = 348 cores at 0.6, by 16


def test_the_last_figure_of_a_measure_counts() -> None:
    lines = [
        json.dumps({"bench": b, "measure": m, "value": value})
        for value in (1, 2)
        for b, m in (at.split("/") for _, at in scale.UNITS.values())
    ]
    assert {unit.value for unit in scale.units(lines).values()} == {2.0}
    with pytest.raises(MissingFigure, match="fanout/bytes_an_entry"):
        scale.units(lines[1 : len(scale.UNITS)])


def test_the_document_says_what_its_figures_give() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "bench.scale", str(FIGURES)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert printed in DOCUMENT.read_text(), (
        "run: python -m bench.scale docs/scale.jsonl --into docs/scale.md"
    )
