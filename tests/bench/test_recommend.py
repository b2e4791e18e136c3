"""What the bench of whom to follow reckons, makes and draws."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from bench.recommend import SIZES, measure, slope
from bench.recommend_curve import draw
from bench.recommend_graphs import GROWING, larger
from bench.recommend_scores import recall_and_map


def test_recall_counts_against_what_twenty_can_hold() -> None:
    held = {1: set(range(100, 140)), 2: {7}}
    found = {1: list(range(100, 120)), 2: [5, 7]}
    assert recall_and_map(found, held) == (1.0, (1 + 1 / 2) / 2)


def test_who_is_told_of_nobody_counts_as_nothing_found() -> None:
    recall, precision = recall_and_map({1: [7, 8, 9]}, {1: {9, 7}, 2: {5}})
    assert recall == 0.5
    assert precision == pytest.approx((1 + 2 / 3) / 2 / 2)


def test_cost_that_grows_as_edges_do_has_the_slope_of_one() -> None:
    assert slope([(10, 3.0), (20, 6.0), (80, 24.0)]) == pytest.approx(1)
    assert slope([(10, 1.0), (20, 4.0), (40, 16.0)]) == pytest.approx(2)


def test_a_made_up_graph_has_as_many_edges_as_it_is_asked_for() -> None:
    made = larger(20_000)
    assert len(made.src) == pytest.approx(20_000, rel=0.2)
    assert not made.held.any()
    followers = np.sort(np.bincount(made.dst))
    assert followers[-1] > 5 * np.median(followers), "some are famous"
    again = larger(20_000)
    assert (made.src == again.src).all()
    assert (made.dst == again.dst).all()


def test_the_curve_is_a_picture_without_scripts(tmp_path: Path) -> None:
    assert SIZES.keys() == GROWING.keys()
    figures, picture = tmp_path / "figures.jsonl", tmp_path / "curve.svg"
    said = [{"measure": measure(s, n), "value": 100.0} for s, sizes in SIZES.items() for n in sizes]
    figures.write_text("\n".join(map(json.dumps, said)))
    draw(figures, picture)
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(picture).iter()}
    assert "svg" in tags
    assert "script" not in tags
